using Synfin.Ip;
using Synfin.Runtime;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Linux;

/// <summary>
/// A TCP/IP host of its own behind a TUN device: one engine, one thread. The kernel sees it as a neighbour on a point-to-point link.
/// </summary>
public sealed class TunHost : IDisposable
{
    /// <summary>How many turns applications have to notice that their connections were reset.</summary>
    private const int FarewellTurns = 16;

    private readonly OwnerScheduler _scheduler = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _owned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EpollWait _wait;
    private readonly Shard _shard;
    private readonly Thread _thread;
    private int _disposed;

    private TunHost(TunDevice device, AddressPrefix address, StackOptions? options, ITcpObserver? observer, PacketTap? tap)
    {
        Device = device;
        Address = address;
        Engine = new NetworkStack(options ?? new(), RandomSecret.Next(), MonotonicClock.Now(), observer);
        Engine.AddAddress(address.Address);
        TunQueue queue = device.Queues[0];
        ILink link = tap is null ? queue : new TappedLink(queue, tap, ethernet: false, TurnTime);
        IPacketSource source = tap is null ? queue : new TunPacketSource(queue, tap, TurnTime);
        _shard = new Shard(Engine, source, link, MonotonicClock.Now, _scheduler);
        _wait = new EpollWait(device.Queues);
        _scheduler.Wake = _wait.Wake;
        _thread = new Thread(Run) { IsBackground = true, Name = $"synfin {device.Name}" };
    }

    /// <summary>The time of the turn: what the taps see is what the engine saw.</summary>
    private Timestamp TurnTime() => _shard.Now;

    /// <summary>The device. It belongs to the host's thread; only its name and MTU are for everyone.</summary>
    public TunDevice Device { get; }

    /// <summary>The host's address.</summary>
    public AddressPrefix Address { get; }

    /// <summary>The engine. It belongs to the host's thread: to be touched only within <see cref="RunAsync"/>.</summary>
    public NetworkStack Engine { get; }

    /// <summary>Opens the device, sets up the kernel's end and starts the host's thread.</summary>
    /// <param name="name">The device's name, 1 to 15 characters.</param>
    /// <param name="address">This host's address.</param>
    /// <param name="hostAddress">The kernel's address on the link, whose subnet must hold <paramref name="address"/>.</param>
    /// <param name="options">The stack's options, or null for the defaults.</param>
    /// <param name="observer">Sees what the stack does, on the host's thread.</param>
    /// <param name="tap">Sees every packet, on the host's thread.</param>
    /// <exception cref="ArgumentException">The addresses are the same, or in different subnets.</exception>
    /// <exception cref="TunException">The device cannot be opened or set up.</exception>
    public static TunHost Open(
        string name,
        AddressPrefix address,
        AddressPrefix hostAddress,
        StackOptions? options = null,
        ITcpObserver? observer = null,
        PacketTap? tap = null)
    {
        if (!hostAddress.Contains(address.Address)) throw new ArgumentException($"{address} is not in the kernel's subnet {hostAddress}");
        if (address.Address == hostAddress.Address) throw new ArgumentException($"{address} cannot be both ends' address");

        TunDevice device = TunDevice.Open(name);
        try
        {
            device.SetHostAddress(hostAddress.Address, hostAddress.Length);
            device.Up();
            var host = new TunHost(device, address, options, observer, tap);
            host._thread.Start();
            // Until the thread owns the scheduler, what others queue would race with it.
            host._owned.Task.Wait();
            return host;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs an application on the host's thread, where everything of the stack may be used. May be called often, also while other
    /// applications run. Fails as the application or the device fails; with <see cref="ObjectDisposedException"/> if the host ends first.
    /// </summary>
    public async Task RunAsync(Func<TcpStack, Task> application)
    {
        ArgumentNullException.ThrowIfNull(application);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        Task body = _scheduler.Start(() => application(_shard.Sockets));
        Task first = await Task.WhenAny(body, _ended.Task).ConfigureAwait(false);
        await first.ConfigureAwait(false);
    }

    /// <summary>Resets what is still open, ends the thread and closes the device, which takes its addresses and routes along.</summary>
    /// <exception cref="InvalidOperationException">Called on the host's own thread.</exception>
    public void Dispose()
    {
        if (Thread.CurrentThread == _thread) throw new InvalidOperationException("a host cannot be disposed of on its own thread");
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _stop.Cancel();
        _thread.Join();
        _wait.Dispose();
        Device.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        _scheduler.TakeOwnership();
        _owned.SetResult();
        Exception end = new ObjectDisposedException(nameof(TunHost));
        try
        {
            _shard.Run(_wait, _stop.Token);
            _scheduler.Run(Farewell);
        }
        catch (Exception failure)
        {
            end = failure;
        }
        _ended.SetException(end);
        // Seen, even if nobody runs anything: an unobserved exception is for mistakes.
        _ = _ended.Task.Exception;
    }

    /// <summary>Resets all connections. Resets that the link does not take are lost; the peers then learn it from the silence.</summary>
    private void Farewell()
    {
        Engine.AbortAll(MonotonicClock.Now());
        for (int i = 0; i < FarewellTurns; i++)
        {
            _shard.Turn();
            if (!_scheduler.HasWork) return;
        }
    }
}
