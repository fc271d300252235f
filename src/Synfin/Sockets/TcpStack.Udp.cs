using Synfin.Runtime;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Udp;
using Synfin.Wire;

namespace Synfin.Sockets;

/// <summary>The UDP sockets of the same stack.</summary>
public sealed partial class TcpStack
{
    /// <summary>Takes a UDP port.</summary>
    /// <param name="address">One of the host's addresses, 0.0.0.0 for all of IPv4; null or :: for all of both families.</param>
    /// <param name="port">The port, or 0 for a free one: see <see cref="UdpSocket.LocalEndPoint"/>.</param>
    /// <exception cref="System.Net.Sockets.SocketException">AddressAlreadyInUse, AddressNotAvailable, NoBufferSpaceAvailable,
    /// NetworkDown.</exception>
    public UdpSocket BindUdp(InternetAddress? address, ushort port)
    {
        using StackGate.Visit visit = Gate.Enter(nameof(BindUdp));
        VerifyNotAbandoned();
        TcpError error = Engine.BindUdp(address ?? InternetAddress.AnyIpv6, port, Now, out UdpEndpoint? endpoint);
        if (error != TcpError.None) throw SocketErrors.BindUdp(error, address, port);
        UdpSocket socket = new(this, endpoint!);
        _sockets.Add(socket);
        return socket;
    }

    void IStackSignals.DatagramSignalled(UdpEndpoint endpoint)
    {
        if (endpoint.Owner is UdpSocket socket) _signals.Add(new Signal(socket, TcpSignals.None));
    }
}
