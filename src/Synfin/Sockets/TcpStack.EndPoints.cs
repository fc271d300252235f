using System.Net;
using System.Net.Sockets;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Sockets;

/// <summary>The same calls with the names and end points of System.Net.</summary>
public sealed partial class TcpStack
{
    /// <summary>Turns names into addresses for <see cref="ConnectAsync(string, int, TcpConnectionOptions?, CancellationToken)"/>.</summary>
    public INameResolver? NameResolver { get; set; }

    /// <summary>Passive OPEN.</summary>
    /// <param name="endPoint">One of the host's addresses or an unspecified one for all, and a port or 0 for a free one.</param>
    /// <param name="options">What its connections start with; null for the stack's defaults.</param>
    /// <param name="backlog">How many connections may wait to be accepted, and how many may be half-open.</param>
    /// <exception cref="SocketException">AddressAlreadyInUse, AddressNotAvailable, NoBufferSpaceAvailable.</exception>
    public TcpListener Listen(IPEndPoint endPoint, TcpConnectionOptions? options = null, int backlog = 128)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return Listen(endPoint.Address.ToInternetAddress(), (ushort)endPoint.Port, backlog, options);
    }

    /// <summary>Passive OPEN on all of the host's addresses.</summary>
    /// <param name="port">The port, or 0 for a free one: see <see cref="TcpListener.LocalPort"/>.</param>
    /// <exception cref="SocketException">AddressAlreadyInUse, NoBufferSpaceAvailable.</exception>
    public TcpListener Listen(ushort port) => Listen(null, port);

    /// <summary>Active OPEN to a name or to an address in text; completes in ESTABLISHED. A name's addresses are tried in turn.</summary>
    /// <exception cref="SocketException">HostNotFound, and those of a connection to an address: of the last one that was tried.</exception>
    public async ValueTask<TcpConnection> ConnectAsync(
        string host, int port, TcpConnectionOptions? options = null, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        IReadOnlyList<InternetAddress> addresses = IPAddress.TryParse(host, out IPAddress? address)
            ? [address.ToInternetAddress()]
            : await Resolve(host, ct).ConfigureAwait(false);
        for (int i = 0; ; i++)
        {
            try
            {
                return await ConnectAsync(addresses[i], (ushort)port, options: options, ct: ct).ConfigureAwait(false);
            }
            catch (SocketException) when (i + 1 < addresses.Count)
            {
                // The next address may be luckier.
            }
        }
    }

    /// <summary>Active OPEN to an <see cref="IPEndPoint"/> or a <see cref="DnsEndPoint"/>; completes in ESTABLISHED.</summary>
    /// <exception cref="NotSupportedException">Another kind of end point.</exception>
    /// <exception cref="SocketException">As for a name.</exception>
    public ValueTask<TcpConnection> ConnectAsync(EndPoint remote, TcpConnectionOptions? options = null, CancellationToken ct = default) =>
        remote switch
        {
            IPEndPoint ip => ConnectAsync(ip.Address.ToInternetAddress(), (ushort)ip.Port, options: options, ct: ct),
            DnsEndPoint dns => ConnectAsync(dns.Host, dns.Port, options, ct),
            null => throw new ArgumentNullException(nameof(remote)),
            _ => throw new NotSupportedException($"TCP connects to an IPEndPoint or a DnsEndPoint, not to a {remote.GetType().Name}."),
        };

    private ValueTask<IReadOnlyList<InternetAddress>> Resolve(string name, CancellationToken ct) =>
        NameResolver?.ResolveAsync(name, ct) ?? throw new SocketException(
            (int)SocketError.HostNotFound, $"'{name}' is a name, and this stack has no NameResolver: connect to an address, or set one.");
}
