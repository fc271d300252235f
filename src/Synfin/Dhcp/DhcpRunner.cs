using System.Net.Sockets;
using Synfin.Runtime;
using Synfin.Sockets;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Dhcp;

/// <summary>
/// Runs a <see cref="DhcpClient"/> over a stack, and gives the stack what the lease says: address, routes, DNS servers. When the lease is
/// over they are taken away again; connections keep their address, as they do when it is taken away by hand.
/// </summary>
public sealed class DhcpRunner : IWaiterOwner
{
    /// <summary>Timers have a longest time; who sleeps longer looks up now and then.</summary>
    private static readonly Duration _longestSleep = Duration.FromSeconds(24 * 3_600);

    private readonly TcpStack _stack;
    private readonly DhcpClientOptions _clientOptions;
    private readonly DhcpRunnerOptions _options;
    private readonly TimeProvider _time;
    private readonly LeaseApplication _application;
    private DhcpClient? _client;
    private WaiterQueue _waiters;
    private long _seenVersion;

    /// <summary>A runner, which does nothing before <see cref="RunAsync"/>.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="client">Who the client is.</param>
    /// <param name="options">What is done with the lease; null for the defaults.</param>
    /// <param name="time">For its waits: in a simulation the network's; null for the system's.</param>
    public DhcpRunner(TcpStack stack, DhcpClientOptions client, DhcpRunnerOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(stack);
        ArgumentNullException.ThrowIfNull(client);
        _stack = stack;
        _clientOptions = client;
        _options = options ?? new DhcpRunnerOptions();
        _time = time ?? TimeProvider.System;
        _application = new LeaseApplication(stack, _options);
    }

    /// <summary>
    /// Raised, as queued application code, when the lease was given, renewed or lost, after the stack has it; null is none.
    /// </summary>
    public event Action<DhcpLease?>? LeaseChanged;

    /// <summary>The lease that the stack has, or null.</summary>
    public DhcpLease? Lease
    {
        get
        {
            using StackGate.Visit visit = _stack.Gate.Enter(nameof(Lease));
            return _application.Lease;
        }
    }

    /// <summary>The client's state; <see cref="DhcpState.Stopped"/> while it does not run.</summary>
    public DhcpState State
    {
        get
        {
            using StackGate.Visit visit = _stack.Gate.Enter(nameof(State));
            return _client?.State ?? DhcpState.Stopped;
        }
    }

    /// <summary>Messages that could not be sent, since the start: they count as lost, and are repeated.</summary>
    public long SendFailures { get; private set; }

    /// <summary>
    /// Gets a lease and keeps it until it is cancelled; then releases it, takes from the stack what it gave, and returns.
    /// </summary>
    /// <exception cref="SocketException">The port is taken, or the stack is no more.</exception>
    /// <exception cref="InvalidOperationException">It runs already, or strict mode turns the thread away.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        DhcpClient client = Begin();
        byte[] toSend = new byte[DhcpClient.MaxMessageLength], received = new byte[DhcpClient.MaxReceivedLength];
        try
        {
            using IDhcpTransport transport = _options.Transport ?? new UdpDhcpTransport(_stack);
            while (!ct.IsCancellationRequested)
            {
                await Send(transport, client, toSend).ConfigureAwait(false);
                if (await Conflicts(client, ct).ConfigureAwait(false)) continue;
                Timestamp until = Update(client);
                int count = await Receive(transport, client, received, until, ct).ConfigureAwait(false);
                if (count == 0) OnTime(client);
            }
            if (_options.ReleaseAtEnd) await Release(transport, client, toSend).ConfigureAwait(false);
        }
        finally
        {
            End();
        }
    }

    /// <summary>Waits until the stack has a lease, or returns the one that it has.</summary>
    public async ValueTask<DhcpLease> WhenBoundAsync(CancellationToken ct = default)
    {
        while (true)
        {
            if (TryGetLease(ct, out DhcpLease? lease, out ValueTask next)) return lease!;
            await next.ConfigureAwait(false);
        }
    }

    void IWaiterOwner.WaiterCancelled(Waiter waiter) => _waiters.Remove(waiter);

    private bool TryGetLease(CancellationToken ct, out DhcpLease? lease, out ValueTask next)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(WhenBoundAsync));
        lease = _application.Lease;
        next = default;
        if (lease is not null) return true;
        ct.ThrowIfCancellationRequested();
        Waiter waiter = _stack.Gate.Rent(this, ct);
        _waiters.Enqueue(waiter);
        next = waiter.Done;
        return false;
    }

    private DhcpClient Begin()
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(RunAsync));
        if (_client is not null) throw new InvalidOperationException("The runner runs already: cancel that first.");
        _client = new DhcpClient(_clientOptions, _stack.Engine.DeriveSecret(), _stack.Now);
        _seenVersion = _client.Version;
        _client.OnTime(_stack.Now);
        return _client;
    }

    private void End()
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(RunAsync));
        _client = null;
        if (_application.Lease is not null) Apply(null);
    }

    private void OnTime(DhcpClient client)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(RunAsync));
        client.OnTime(_stack.Now);
    }

    /// <summary>What cannot be sent counts as lost: a host without a link, or a full one, is told by time.</summary>
    private async ValueTask Send(IDhcpTransport transport, DhcpClient client, byte[] buffer)
    {
        if (!TryGetMessage(client, buffer, out int length, out InternetAddress destination)) return;
        try
        {
            await transport.SendAsync(buffer.AsMemory(0, length), destination, CancellationToken.None).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            SendFailures++;
        }
    }

    private bool TryGetMessage(DhcpClient client, byte[] buffer, out int length, out InternetAddress destination)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(RunAsync));
        return client.TryGetMessage(buffer, out length, out destination);
    }

    /// <summary>Whether a new address is somebody else's; then it was declined.</summary>
    private async ValueTask<bool> Conflicts(DhcpClient client, CancellationToken ct)
    {
        if (_options.IsTaken is not { } isTaken || NewAddress(client) is not { } address) return false;
        try
        {
            if (!await isTaken(address, ct).ConfigureAwait(false)) return false;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return true; // the end: the loop looks
        }
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(RunAsync));
        client.Decline(_stack.Now);
        return true;
    }

    private InternetAddress? NewAddress(DhcpClient client)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(RunAsync));
        InternetAddress? address = client.Lease?.Address.Address;
        return address == _application.Lease?.Address.Address ? null : address;
    }

    /// <summary>Gives the stack what changed; returns until when there is nothing to do.</summary>
    private Timestamp Update(DhcpClient client)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(RunAsync));
        if (client.Version != _seenVersion)
        {
            _seenVersion = client.Version;
            Apply(client.Lease);
        }
        return client.NextDeadline;
    }

    private void Apply(DhcpLease? lease)
    {
        _application.Apply(lease);
        if (lease is not null) _waiters.SucceedAll();
        if (LeaseChanged is { } changed) _stack.Gate.Post(_ => changed(lease), null);
    }

    /// <summary>Waits for a message until the client's deadline; returns its length, or 0.</summary>
    private async ValueTask<int> Receive(
        IDhcpTransport transport, DhcpClient client, byte[] buffer, Timestamp until, CancellationToken ct)
    {
        using CancellationTokenSource sleep = Sleep(until);
        using CancellationTokenRegistration registration =
            ct.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), sleep);
        try
        {
            (int count, InternetAddress from) = await transport.ReceiveAsync(buffer, sleep.Token).ConfigureAwait(false);
            Input(client, buffer.AsSpan(0, count), from);
            return count;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    private CancellationTokenSource Sleep(Timestamp until)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(RunAsync));
        Duration wait = Duration.Min(Duration.Max(until - _stack.Now, Duration.Zero), _longestSleep);
        // A TimeSpan is cut to 100 ns: a tick more, or the deadline would lie ahead for ever.
        TimeSpan sleep = wait == Duration.Zero ? TimeSpan.Zero : wait.ToTimeSpan() + TimeSpan.FromTicks(1);
        return new CancellationTokenSource(sleep, _time);
    }

    private void Input(DhcpClient client, ReadOnlySpan<byte> message, InternetAddress from)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(RunAsync));
        client.Input(message, from, _stack.Now);
        client.OnTime(_stack.Now);
    }

    /// <summary>The release leaves from the address, so it goes before the address does.</summary>
    private async ValueTask Release(IDhcpTransport transport, DhcpClient client, byte[] buffer)
    {
        ReleaseNow(client);
        await Send(transport, client, buffer).ConfigureAwait(false);
    }

    private void ReleaseNow(DhcpClient client)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(RunAsync));
        client.Release(_stack.Now);
    }
}
