using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Synfin.Tcp;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>Sockets of the kernel on 127.0.0.1.</summary>
internal sealed class KernelWorld : IWorld
{
    private readonly List<Socket> _open = [];

    public TimeProvider Time => TimeProvider.System;

    public string HostName => "localhost";

    public IWorldListener Listen(int port = 0, IPAddress? address = null) => new Listener(Bound(port, address, backlog: 16));

    public async Task<IWorldEnd> Connect(IPEndPoint remote, CancellationToken ct = default)
    {
        Socket socket = Opened();
        await socket.ConnectAsync(remote, ct);
        return new End(socket);
    }

    public IPEndPoint Nobody() => (IPEndPoint)Bound(0, null, backlog: null).LocalEndPoint!;

    /// <summary>A full accept queue: the kernel lets further SYNs fall.</summary>
    public async Task<IPEndPoint> Silence()
    {
        Socket listener = Bound(0, null, backlog: 0);
        var where = (IPEndPoint)listener.LocalEndPoint!;
        await Opened().ConnectAsync(where).WaitAsync(Story.Patience);
        return where;
    }

    public SocketsHttpHandler CreateHandler() => new() { UseProxy = false };

    public void Dispose()
    {
        foreach (Socket socket in _open) socket.Dispose();
    }

    private Socket Bound(int port, IPAddress? address, int? backlog)
    {
        Socket socket = Opened();
        socket.Bind(new IPEndPoint(address ?? IPAddress.Loopback, port));
        if (backlog is { } length) socket.Listen(length);
        return socket;
    }

    private Socket Opened()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        lock (_open) _open.Add(socket);
        return socket;
    }

    private sealed class Listener(Socket socket) : IWorldListener
    {
        public IPEndPoint EndPoint { get; } = (IPEndPoint)socket.LocalEndPoint!;

        public async Task<IWorldEnd> Accept(CancellationToken ct = default) => new End(await socket.AcceptAsync(ct));

        public void Dispose() => socket.Dispose();
    }

    private sealed class End(Socket socket) : IWorldEnd
    {
        private const int LevelTcp = 6;
        private const int TcpInfo = 11;

        public Stream Stream { get; } = new NetworkStream(socket, ownsSocket: true);

        public IPEndPoint Local { get; } = (IPEndPoint)socket.LocalEndPoint!;

        public IPEndPoint Remote { get; } = (IPEndPoint)socket.RemoteEndPoint!;

        /// <summary>The first octet of TCP_INFO.</summary>
        public TcpState State
        {
            get
            {
                Span<byte> info = stackalloc byte[8];
                socket.GetRawSocketOption(LevelTcp, TcpInfo, info);
                return info[0] switch
                {
                    1 => TcpState.Established,
                    2 => TcpState.SynSent,
                    3 => TcpState.SynReceived,
                    4 => TcpState.FinWait1,
                    5 => TcpState.FinWait2,
                    6 => TcpState.TimeWait,
                    7 => TcpState.Closed,
                    8 => TcpState.CloseWait,
                    9 => TcpState.LastAck,
                    10 => TcpState.Listen,
                    11 => TcpState.Closing,
                    _ => throw new UnreachableException(),
                };
            }
        }

        public int Available => socket.Available;

        public Task CompleteWrites()
        {
            socket.Shutdown(SocketShutdown.Send);
            return Task.CompletedTask;
        }

        /// <summary>Not by disposing the stream: that would send FIN first.</summary>
        public void Abort()
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
    }
}
