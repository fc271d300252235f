using System.Net.Sockets;
using Synfin.Links;
using Synfin.Stack;
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
/// both hosts, and one thread at a time at each: segments are built, their checksums computed and verified, acknowledgments sent. Timers
/// fire at deadlines, such as that of a delayed acknowledgment; an idle network does nothing at all.</para>
/// <para>The MTU is 65,535 octets unless the options say otherwise.</para>
/// </remarks>
public sealed class MemoryNetwork : IDisposable
{
    /// <summary>The name of <see cref="Client"/>.</summary>
    public const string ClientName = "client";

    /// <summary>The name of <see cref="Server"/>.</summary>
    public const string ServerName = "server";

    private const int LargestMtu = 65_535;

    [ThreadStatic]
    private static bool _goesRound;

    private readonly MemoryHost _client;
    private readonly MemoryHost _server;

    /// <summary>A network of two hosts.</summary>
    /// <param name="options">The options of both stacks; null for the defaults with the largest MTU, 65,535.</param>
    /// <param name="timeProvider">Tells the time and has the timers; null for the system's.</param>
    public MemoryNetwork(StackOptions? options = null, TimeProvider? timeProvider = null)
    {
        options ??= new StackOptions { Mtu = LargestMtu };
        timeProvider ??= TimeProvider.System;
        FrameCable toClient = new(options.Mtu);
        FrameCable toServer = new(options.Mtu);
        _client = new MemoryHost(options, timeProvider, toClient, toServer, AddressesOf(1), GoRound);
        _server = new MemoryHost(options, timeProvider, toServer, toClient, AddressesOf(2), GoRound);
        _client.Tcp.NameResolver = _server.Tcp.NameResolver = new Names(this);
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
        _client.Dispose();
        _server.Dispose();
    }

    /// <summary>
    /// After a visit to one host: whoever was there does what it left to do at the other, and so on, until nothing is left. Both hosts can
    /// be visited at the same time, each by one thread; nobody is at both.
    /// </summary>
    private void GoRound()
    {
        if (_goesRound) return;
        _goesRound = true;
        try
        {
            while (true)
            {
                if (_server.IsCalled) _server.Visit();
                else if (_client.IsCalled) _client.Visit();
                else return;
            }
        }
        finally
        {
            _goesRound = false;
        }
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
