using System.Net;
using System.Net.Sockets;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Sockets;

/// <summary>
/// The sockets of a host with several shards, as one: it listens at all of them, and spreads what it opens. A host with one shard is a
/// group as well, so that an application need not know. UDP and ICMP are at home at the first shard.
/// </summary>
public sealed class TcpStackGroup
{
    private readonly TcpStack[] _stacks;
    private readonly PacketSteering? _steering;
    private int _next;

    /// <summary>The group of one stack.</summary>
    public TcpStackGroup(TcpStack stack) : this([stack], null)
    {
    }

    internal TcpStackGroup(TcpStack[] stacks, PacketSteering? steering)
    {
        _stacks = stacks;
        _steering = steering;
    }

    /// <summary>The shards' stacks.</summary>
    public IReadOnlyList<TcpStack> Stacks => _stacks;

    /// <summary>The first, where UDP and ICMP are at home.</summary>
    public TcpStack First => _stacks[0];

    /// <summary>Turns names into addresses.</summary>
    public INameResolver? NameResolver
    {
        get => First.NameResolver;
        set
        {
            foreach (TcpStack stack in _stacks) stack.NameResolver = value;
        }
    }

    /// <summary>Passive OPEN at all shards.</summary>
    /// <param name="endPoint">One of the host's addresses or an unspecified one for all, and a port or 0 for a free one.</param>
    /// <param name="options">What its connections start with; null for the stack's defaults.</param>
    /// <param name="backlog">How many connections may wait to be accepted, and how many may be half-open, at each shard.</param>
    /// <exception cref="SocketException">AddressAlreadyInUse, AddressNotAvailable, NoBufferSpaceAvailable, NetworkDown.</exception>
    public TcpListenerGroup Listen(IPEndPoint endPoint, TcpConnectionOptions? options = null, int backlog = 128)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        var listeners = new List<TcpListener>(_stacks.Length);
        try
        {
            listeners.Add(First.Listen(endPoint, options, backlog));
            var same = new IPEndPoint(endPoint.Address, listeners[0].LocalPort);
            for (int i = 1; i < _stacks.Length; i++) listeners.Add(_stacks[i].Listen(same, options, backlog));
            return new TcpListenerGroup(listeners, backlog);
        }
        catch
        {
            foreach (TcpListener listener in listeners) listener.Close();
            throw;
        }
    }

    /// <summary>Active OPEN, from the shards in turn; completes in ESTABLISHED.</summary>
    /// <exception cref="NotSupportedException">Neither an <see cref="IPEndPoint"/> nor a <see cref="DnsEndPoint"/>.</exception>
    /// <exception cref="SocketException">As <see cref="TcpStack"/> says.</exception>
    public ValueTask<TcpConnection> ConnectAsync(EndPoint remote, TcpConnectionOptions? options = null, CancellationToken ct = default) =>
        Next().ConnectAsync(remote, options, ct);

    /// <summary>Active OPEN to a name or to an address in text, from the shards in turn; completes in ESTABLISHED.</summary>
    /// <exception cref="SocketException">As <see cref="TcpStack"/> says.</exception>
    public ValueTask<TcpConnection> ConnectAsync(
        string host, int port, TcpConnectionOptions? options = null, CancellationToken ct = default) =>
        Next().ConnectAsync(host, port, options, ct);

    /// <summary>Active OPEN from a certain port; the shard is the one where that connection is at home.</summary>
    /// <exception cref="SocketException">As <see cref="TcpStack"/> says.</exception>
    public ValueTask<TcpConnection> ConnectAsync(
        InternetAddress remote,
        ushort port,
        InternetAddress localAddress,
        ushort localPort,
        TcpConnectionOptions? options = null,
        CancellationToken ct = default)
    {
        var tuple = new FourTuple(localAddress, localPort, remote, port);
        TcpStack home = localPort == 0 ? Next() : _stacks[_steering?.ShardOf(in tuple) ?? 0];
        return home.ConnectAsync(remote, port, localAddress, localPort, options, ct);
    }

    /// <summary>The connections of all shards, with their states and figures.</summary>
    public IReadOnlyList<TcpStatus> GetConnections()
    {
        var all = new List<TcpStatus>();
        foreach (TcpStack stack in _stacks) all.AddRange(stack.GetConnections());
        return all;
    }

    private TcpStack Next() => _stacks.Length == 1 ? First : _stacks[(uint)Interlocked.Increment(ref _next) % (uint)_stacks.Length];
}
