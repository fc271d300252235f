using Synfin.Ip;
using Synfin.Tcp;
using Synfin.Udp;

namespace Synfin.Stack;

/// <summary>Told at the end of a turn what the application may want to know, once a connection.</summary>
public interface IStackSignals
{
    /// <summary>Something changed on a connection.</summary>
    void ConnectionSignalled(TcpConnection connection, TcpSignals signals);

    /// <summary>A listener has a connection to accept.</summary>
    void ListenerSignalled(TcpListener listener);

    /// <summary>A UDP endpoint has a datagram, an error, room after a send that would have had to wait, or was closed.</summary>
    void DatagramSignalled(UdpEndpoint endpoint)
    {
    }

    /// <summary>An echo endpoint has a reply or an error, or was closed.</summary>
    void EchoSignalled(EchoEndpoint endpoint)
    {
    }
}
