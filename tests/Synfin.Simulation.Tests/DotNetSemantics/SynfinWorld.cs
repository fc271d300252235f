using System.Net;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Wire;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>Two hosts in hosted mode: a connects, b listens.</summary>
internal sealed class SynfinWorld : IWorld
{
    private static readonly TcpConnectionOptions s_options = new() { NoDelay = true };

    /// <summary>The network, for what no kernel can be asked for.</summary>
    public SimulatedNetwork Net { get; } = SimulatedNetwork.HostedTwoHosts();

    public TimeProvider Time => Net.TimeProvider;

    public string HostName => "b";

    public IWorldListener Listen(int port = 0, IPAddress? address = null) =>
        new Listener(Net["b"].Tcp.Listen(new IPEndPoint(address ?? Address, port), s_options), Address);

    public async Task<IWorldEnd> Connect(IPEndPoint remote, CancellationToken ct = default) =>
        new End(await Net["a"].Tcp.ConnectAsync(remote, s_options, ct));

    public IPEndPoint Nobody() => new(Address, 9);

    public Task<IPEndPoint> Silence()
    {
        Net.AddRule("every SYN from a");
        return Task.FromResult(Nobody());
    }

    public SocketsHttpHandler CreateHandler() => Net["a"].Tcp.CreateHttpHandler();

    public void Dispose() => Net.Dispose();

    private IPAddress Address => Net["b"].Address.ToIPAddress();

    private sealed class Listener(TcpListener listener, IPAddress address) : IWorldListener
    {
        public IPEndPoint EndPoint { get; } = new(address, listener.LocalPort);

        public async Task<IWorldEnd> Accept(CancellationToken ct = default) => new End(await listener.AcceptAsync(ct));

        public void Dispose() => listener.Dispose();
    }

    private sealed class End(TcpConnection connection) : IWorldEnd
    {
        public Stream Stream { get; } = new TcpStream(connection);

        public IPEndPoint Local => connection.LocalEndPoint;

        public IPEndPoint Remote => connection.RemoteEndPoint;

        public TcpState State => connection.State;

        public int Available => connection.Status().ReceiveQueue;

        public Task CompleteWrites() => connection.CompleteWritesAsync().AsTask();

        public void Abort()
        {
            connection.Abort();
            Stream.Dispose();
        }
    }
}
