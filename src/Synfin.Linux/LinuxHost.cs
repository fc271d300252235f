using System.Runtime.InteropServices;
using Synfin.Dns;
using Synfin.Ethernet;
using Synfin.Ip;
using Synfin.Runtime;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;
using EngineConnection = Synfin.Tcp.TcpConnection;

namespace Synfin.Linux;

/// <summary>
/// A TCP/IP host of its own behind a TUN or TAP device: the kernel sees it as a neighbour on the link. Its sockets may be used on any
/// thread: by Kestrel, HttpClient, streams and pipes. Idle, it uses no CPU.
/// </summary>
public sealed class LinuxHost : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan _lookAgain = TimeSpan.FromMilliseconds(10);

    private readonly LinuxHostOptions _options;
    private readonly ShardGroup _shards;
    private readonly EpollWait[] _waits;
    private readonly LinuxInterface[] _interfaces;
    private readonly DnsResolver _resolver;
    private readonly PosixSignalRegistration[] _signals;
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Task _leases;
    private int _disposed;

    private LinuxHost(LinuxHostOptions options, TunDevice[] devices)
    {
        _options = options;
        Devices = devices;
        var shards = new HostedShard[options.Queues];
        _waits = new EpollWait[shards.Length];
        _interfaces = new LinuxInterface[devices.Length];
        for (int i = 0; i < shards.Length; i++)
        {
            _waits[i] = new EpollWait([.. devices.Select(device => device.Queues[i])]);
            shards[i] = MakeShard(i);
        }
        _shards = new ShardGroup(shards, RandomSecret.Next());
        _resolver = new DnsResolver(Tcp, options.Dns ?? new DnsOptions());
        EthernetInterface[] advertised = [.. _interfaces.Where(one => one.Ethernet is not null).Select(one => one.Ethernet!)];
        _shards.Tcp.NameResolver = new HostNames(_resolver, Tcp, advertised);
        AppDomain.CurrentDomain.ProcessExit += Exit;
        _signals = options.EndsOnSignals
            ?
            [
                PosixSignalRegistration.Create(PosixSignal.SIGINT, EndBySignal),
                PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndBySignal),
            ]
            : [];
        _shards.Start();
        _leases = Task.WhenAll(_interfaces.Select(one => one.RunDhcp(Tcp, _resolver, _stop.Token)));
    }

    /// <summary>The device; of several the first.</summary>
    public TunDevice Device => Devices[0];

    /// <summary>The devices, one an interface.</summary>
    public IReadOnlyList<TunDevice> Devices { get; }

    /// <summary>The sockets. With one queue they are those of <see cref="Tcp"/>.</summary>
    public TcpStackGroup Sockets => _shards.Tcp;

    /// <summary>The sockets of the first shard, which with one queue is the whole host. UDP and ICMP are at home here.</summary>
    public TcpStack Tcp => _shards.Tcp.First;

    /// <summary>The shards, one a queue.</summary>
    public IReadOnlyList<HostedShard> Shards => _shards.Shards;

    /// <summary>
    /// Completes when the host has ended: successfully when it was disposed of, else with what went wrong, such as a device that was
    /// removed.
    /// </summary>
    public Task Ended => _shards.Ended;

    /// <summary>This host's addresses at present; those of DHCP and SLAAC come and go.</summary>
    public IReadOnlyList<InternetAddress> Addresses
    {
        get
        {
            InternetAddress[] addresses = [];
            Shards[0].Do((engine, _) => addresses = [.. engine.Addresses]);
            return addresses;
        }
    }

    /// <summary>The neighbours on the link, with TAP.</summary>
    public IReadOnlyList<NeighborEntry> Neighbors
    {
        get
        {
            NeighborEntry[] neighbors = [];
            Shards[0].Do((_, _) => neighbors = [.. _interfaces.SelectMany(one => one.Ethernet?.Neighbors ?? [])]);
            return neighbors;
        }
    }

    /// <summary>Opens the device, sets up the kernel's end as far as the options say, and starts a thread for each queue.</summary>
    /// <exception cref="ArgumentException">The options contradict one another; the message says how.</exception>
    /// <exception cref="TunException">It cannot be opened or set up; the message says what is missing and how to get it.</exception>
    public static LinuxHost Open(LinuxHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var devices = new List<TunDevice>();
        try
        {
            foreach (LinuxInterfaceOptions one in options.Interfaces) devices.Add(OpenDevice(one, options.Queues));
            return new LinuxHost(options, [.. devices]);
        }
        catch
        {
            foreach (TunDevice device in devices) device.Dispose();
            throw;
        }
    }

    /// <summary>The state of a four-tuple, at whichever shard it is.</summary>
    public TcpState StateOf(FourTuple tuple)
    {
        TcpState state = TcpState.Closed;
        foreach (HostedShard shard in Shards)
        {
            if (state is not (TcpState.Closed or TcpState.Listen)) break;
            shard.Do((engine, _) => state = engine.StateOf(in tuple));
        }
        return state;
    }

    /// <summary>
    /// Waits until the host has the addresses that it asks others for: a lease with DHCP, one from a router with SLAAC, and none of its own
    /// that might be another's (RFC 4862 5.4).
    /// </summary>
    /// <exception cref="OperationCanceledException">They did not come in time.</exception>
    public async Task WhenReadyAsync(CancellationToken ct = default)
    {
        foreach (LinuxInterface one in _interfaces) await one.WhenLeased(ct).ConfigureAwait(false);
        while (true)
        {
            bool settled = true;
            Shards[0].Do((_, _) => settled = _interfaces.All(one => one.HasSettled()));
            if (settled) return;
            await Task.Delay(_lookAgain, _time, ct).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Ends the connections as <see cref="LinuxHostOptions.Farewell"/> says, then the threads, and closes the device; one that the host
    /// made vanishes with its addresses and routes.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        if (_options.Farewell is Farewell.Close) await CloseAll().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _leases.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Release();
    }

    /// <summary>The same as <see cref="DisposeAsync"/>, and waits for it.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static TunDevice OpenDevice(LinuxInterfaceOptions options, int queues)
    {
        TunDevice device = options.Descriptors is { } handedIn
            ? TunDevice.FromDescriptors(handedIn)
            : TunDevice.Open(new TunDeviceOptions
            {
                Name = options.Device,
                Ethernet = options.Ethernet,
                Queues = queues,
                Offloads = options.Offloads,
            });
        try
        {
            if (device.IsEthernet != options.Ethernet || device.Queues.Count != queues)
            {
                throw new ArgumentException(
                    $"{device.Name} is a {(device.IsEthernet ? "TAP" : "TUN")} device with {device.Queues.Count} queue(s) handed in, "
                    + $"and the options say {(options.Ethernet ? "TAP" : "TUN")} with {queues}");
            }
            if (options.Mtu is { } mtu) device.Mtu = mtu;
            foreach (AddressPrefix address in options.HostAddresses) device.SetHostAddress(address.Address, address.Length);
            if (options.Descriptors is null) device.Up();
            return device;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    private HostedShard MakeShard(int queue)
    {
        Timestamp now = MonotonicClock.Now();
        var engine = new NetworkStack(_options.Stack ?? new(), RandomSecret.Next(), now, _options.Observer?.Invoke());
        // Packets are seen at the time of the visit to the gate, which is the stack's: what follows from them comes after them.
        HostedShard? shard = null;
        Timestamp Now() => shard!.Tcp.Now;
        var interfaces = new List<ShardInterface>();
        for (int i = 0; i < Devices.Count; i++)
        {
            _interfaces[i] = new LinuxInterface(_options.Interfaces[i], Devices[i].Queues[queue], i, engine, now, _options.Tap, Now);
            interfaces.Add(_interfaces[i].Shard);
        }
        return shard = new HostedShard(engine, interfaces, MonotonicClock.Now, _waits[queue], $"{Device.Name}/{queue}");
    }

    private async Task CloseAll()
    {
        long start = _time.GetTimestamp();
        bool isFirst = true;
        while (!Ended.IsCompleted && _time.GetElapsedTime(start) < _options.FarewellTimeout)
        {
            int left = 0;
            foreach (HostedShard shard in Shards)
                shard.Do((engine, now) => left += isFirst ? CloseConnections(engine, now) : engine.ConnectionCount);
            if (left == 0) return;
            isFirst = false;
            await Task.Delay(_lookAgain, _time).ConfigureAwait(false);
        }
    }

    private static int CloseConnections(NetworkStack engine, Timestamp now)
    {
        List<EngineConnection> open = [];
        engine.ForEachConnection(open.Add);
        foreach (EngineConnection connection in open)
        {
            // What was sent is delivered, then FIN: Shutdown leaves what the peer still says to whoever reads it.
            if (connection.State is TcpState.Established or TcpState.CloseWait) connection.Shutdown(now);
            else if (connection.State is TcpState.SynSent) connection.Abort(now);
        }
        return engine.ConnectionCount;
    }

    private void EndBySignal(PosixSignalContext signal) => Dispose();

    private void Exit(object? sender, EventArgs e) => Dispose();

    private void Release()
    {
        AppDomain.CurrentDomain.ProcessExit -= Exit;
        foreach (PosixSignalRegistration signal in _signals) signal.Dispose();
        _shards.Dispose();
        _resolver.Dispose();
        foreach (EpollWait wait in _waits) wait.Dispose();
        foreach (TunDevice device in Devices) device.Dispose();
        _stop.Dispose();
    }
}
