using Synfin.Ip;
using Synfin.Runtime;
using Synfin.Stack;
using Synfin.Tcp;

namespace Synfin.Sockets;

/// <summary>The echo sockets of the same stack.</summary>
public sealed partial class TcpStack
{
    private readonly List<EchoSocket> _echoSockets = [];

    /// <summary>Opens a socket for echo requests: "ping".</summary>
    /// <exception cref="System.Net.Sockets.SocketException">
    /// NoBufferSpaceAvailable: <see cref="StackOptions.MaxEchoEndpoints"/> are open; NetworkDown if the stack is no more.
    /// </exception>
    public EchoSocket OpenEcho()
    {
        using StackGate.Visit visit = Gate.Enter(nameof(OpenEcho));
        VerifyNotAbandoned();
        TcpError error = Engine.OpenEcho(Now, out EchoEndpoint? endpoint);
        if (error != TcpError.None) throw SocketErrors.Open(error);
        EchoSocket socket = new(this, endpoint!);
        _echoSockets.Add(socket);
        return socket;
    }

    internal void Forget(EchoSocket socket) => _echoSockets.Remove(socket);

    void IStackSignals.EchoSignalled(EchoEndpoint endpoint)
    {
        if (endpoint.Owner is EchoSocket socket) _signals.Add(new Signal(socket, TcpSignals.None));
    }
}
