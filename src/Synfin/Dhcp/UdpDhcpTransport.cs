using Synfin.Sockets;
using Synfin.Wire;

namespace Synfin.Dhcp;

/// <summary>A UDP socket at 0.0.0.0, port 68.</summary>
public sealed class UdpDhcpTransport : IDhcpTransport
{
    private readonly UdpSocket _socket;

    /// <summary>Takes the client's port.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">AddressAlreadyInUse, NoBufferSpaceAvailable, NetworkDown.</exception>
    public UdpDhcpTransport(TcpStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        _socket = stack.BindUdp(InternetAddress.AnyIpv4, DhcpClient.ClientPort);
        _socket.EnableBroadcast = true;
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(ReadOnlyMemory<byte> message, InternetAddress destination, CancellationToken ct) =>
        _socket.SendToAsync(message, destination.ToEndPoint(DhcpClient.ServerPort), ct);

    /// <inheritdoc/>
    public async ValueTask<(int Count, InternetAddress From)> ReceiveAsync(Memory<byte> destination, CancellationToken ct)
    {
        UdpReceived received = await _socket.ReceiveFromAsync(destination, ct).ConfigureAwait(false);
        return (received.Count, received.RemoteEndPoint.Address.ToInternetAddress());
    }

    /// <summary>Leaves the port.</summary>
    public void Dispose() => _socket.Dispose();
}
