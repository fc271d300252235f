using System.Net.Sockets;
using Synfin.Links;
using Synfin.Runtime;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Sockets;

/// <summary>
/// Two hosts inside the process and a cable between them: real TCP in real time, without ports, privileges or threads. A server, such as
/// Kestrel, listens on <see cref="Server"/>, and a client, such as HttpClient, connects from <see cref="Client"/> to the name
/// <c>server</c>; the other way round works as well. Nothing gets lost and nothing takes time: for delay, loss and faults there is the
/// simulated network.
/// </summary>
/// <remarks>
/// <para>Any thread may call, and what is awaited continues as with other sockets. Whoever calls does the work that the call leaves, at
/// both hosts and one thread at a time: segments are built, their checksums computed and verified, acknowledgments sent. A timer fires at
/// deadlines, such as that of a delayed acknowledgment; an idle network does nothing at all.</para>
/// <para>The MTU is 65,535 octets unless the options say otherwise.</para>
/// </remarks>
public sealed class MemoryNetwork : IDisposable
{
    /// <summary>The name of <see cref="Client"/>.</summary>
    public const string ClientName = "client";

    /// <summary>The name of <see cref="Server"/>.</summary>
    public const string ServerName = "server";

    private const int LargestMtu = 65_535;

    private readonly SharedGate _gate;
    private readonly MemoryHost _client;
    private readonly MemoryHost _server;
    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly ITimer _timer;
    private Timestamp _now;
    private long _visitOfNow = -1;
    private Timestamp _alarm = Timestamp.Never;
    private bool _isDisposed;

    /// <summary>A network of two hosts.</summary>
    /// <param name="options">The options of both stacks; null for the defaults with the largest MTU, 65,535.</param>
    /// <param name="timeProvider">Tells the time and has the timer; null for the system's.</param>
    public MemoryNetwork(StackOptions? options = null, TimeProvider? timeProvider = null)
    {
        options ??= new StackOptions { Mtu = LargestMtu };
        _timeProvider = timeProvider ?? TimeProvider.System;
        _start = _timeProvider.GetTimestamp();
        _gate = new SharedGate(Settle);
        FrameQueue toClient = new(options.Mtu);
        FrameQueue toServer = new(options.Mtu);
        _client = new MemoryHost(options, _gate, Now, toClient, toServer, AddressesOf(1));
        _server = new MemoryHost(options, _gate, Now, toServer, toClient, AddressesOf(2));
        _client.Tcp.NameResolver = _server.Tcp.NameResolver = new Names(this);
        _timer = _timeProvider.CreateTimer(
            static n => ((MemoryNetwork)n!).AlarmRang(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The sockets of the host <c>client</c>, 10.0.0.1 and fd00::1.</summary>
    public TcpStack Client => _client.Tcp;

    /// <summary>The sockets of the host <c>server</c>, 10.0.0.2 and fd00::2.</summary>
    public TcpStack Server => _server.Tcp;

    /// <summary>The client's addresses, the preferred one first.</summary>
    public IReadOnlyList<InternetAddress> ClientAddresses => _client.Addresses;

    /// <summary>The server's addresses, the preferred one first.</summary>
    public IReadOnlyList<InternetAddress> ServerAddresses => _server.Addresses;

    /// <summary>
    /// Ends the network. Connections are aborted: whatever waits for them, or for new ones, fails with OperationAborted; further calls
    /// throw.
    /// </summary>
    public void Dispose()
    {
        using (_gate.Enter(nameof(Dispose)))
        {
            if (_isDisposed) return;
            _isDisposed = true;
            Timestamp now = Now();
            _client.Stop(now);
            _server.Stop(now);
        }
        _timer.Dispose();
    }

    /// <summary>The clock is read once a visit.</summary>
    private Timestamp Now()
    {
        if (_visitOfNow == _gate.Visits) return _now;
        _visitOfNow = _gate.Visits;
        long elapsed = _timeProvider.GetTimestamp() - _start;
        long frequency = _timeProvider.TimestampFrequency;
        return _now = new Timestamp(frequency == 1_000_000_000 ? elapsed : (long)(elapsed * (1e9 / frequency)));
    }

    /// <summary>At the gate: turns of both hosts, until nothing is left to do at this time.</summary>
    private void Settle()
    {
        if (_isDisposed) return;
        Timestamp now = Now();
        Timestamp next;
        bool isDue = false;
        do
        {
            while (_client.Turn(now, isDue) | _server.Turn(now, isDue)) isDue = false;
            next = Timestamp.Min(_client.NextDeadline, _server.NextDeadline);
            isDue = next <= now;
        }
        while (isDue);
        if (next < _alarm) SetAlarm(next, now);
    }

    /// <summary>Deadlines mostly move to later: the timer is left as it is then, and looks again when it fires.</summary>
    private void SetAlarm(Timestamp next, Timestamp now)
    {
        _alarm = next;
        // Whole milliseconds, rounded up, are what timers can tell apart.
        long milliseconds = Math.Max(1, ((next - now).Nanoseconds + 999_999) / 1_000_000);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(milliseconds, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    private void AlarmRang()
    {
        using StackGate.Visit visit = _gate.Enter("timer");
        _alarm = Timestamp.Never;
        _gate.AddWork();
    }

    private static InternetAddress[] AddressesOf(byte host) =>
        [InternetAddress.FromIpv4(10, 0, 0, host), new InternetAddress(0xFD00_0000_0000_0000, host)];

    private sealed class Names(MemoryNetwork network) : INameResolver
    {
        public ValueTask<IReadOnlyList<InternetAddress>> ResolveAsync(string name, CancellationToken ct = default)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            if (string.Equals(name, ServerName, StringComparison.OrdinalIgnoreCase)) return new(network.ServerAddresses);
            if (string.Equals(name, ClientName, StringComparison.OrdinalIgnoreCase)) return new(network.ClientAddresses);
            throw new SocketException(
                (int)SocketError.HostNotFound, $"No host of the network is called '{name}'; there are {ClientName} and {ServerName}.");
        }
    }
}
