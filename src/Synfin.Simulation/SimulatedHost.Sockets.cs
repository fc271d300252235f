using Synfin.Sockets;
using Synfin.Stack;

namespace Synfin.Simulation;

/// <summary>The calls that tests make most, of the present <see cref="Tcp"/>.</summary>
public sealed partial class SimulatedHost
{
    /// <summary>Active OPEN to a host's name or an address in text; completes in ESTABLISHED.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">HostNotFound, ConnectionRefused, TimedOut, HostUnreachable, ...</exception>
    public ValueTask<TcpConnection> ConnectAsync(
        string host, int port, TcpConnectionOptions? options = null, CancellationToken ct = default) =>
        Tcp.ConnectAsync(host, port, options, ct);

    /// <summary>Passive OPEN on all of the host's addresses.</summary>
    /// <param name="port">The port, or 0 for a free one: see <see cref="TcpListener.LocalPort"/>.</param>
    /// <exception cref="System.Net.Sockets.SocketException">AddressAlreadyInUse, NoBufferSpaceAvailable.</exception>
    public TcpListener Listen(ushort port) => Tcp.Listen(port);

    /// <summary>A client whose connections come from this host, and find others by their names; hosted mode only.</summary>
    /// <exception cref="InvalidOperationException">The network is in strict mode.</exception>
    public HttpClient CreateHttpClient() => Tcp.CreateHttpClient();
}
