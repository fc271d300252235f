using System.Net;
using System.Net.Sockets;
using Synfin.Linux.Tests.Support;
using Synfin.Sockets;
using Xunit;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>One connection with both ends in the test's hands, and so much each way at the same time that everything comes up.</summary>
internal sealed class Transfers : IDisposable
{
    private const int Port = 7100;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Stream _first;
    private readonly Stream _second;

    private Transfers(Stream first, Stream second, TcpConnection? synfin, Socket kernel)
    {
        _first = first;
        _second = second;
        Synfin = synfin;
        KernelSocket = kernel;
    }

    /// <summary>Synfin's end, if it is one.</summary>
    public TcpConnection? Synfin { get; }

    /// <summary>The kernel's end; the one that was accepted, of two.</summary>
    public Socket KernelSocket { get; }

    /// <summary>The kernel connects to a host of Synfin.</summary>
    public static async Task<Transfers> KernelOpensAsync(NetworkNamespace kernel, TcpStackGroup sockets, IPAddress address)
    {
        using TcpListenerGroup listener = sockets.Listen(new IPEndPoint(IPAddress.IPv6Any, Port));
        Socket socket = kernel.CreateSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(address, Port)).InTime(_patience);
        TcpConnection connection = await listener.AcceptAsync().AsTask().InTime(_patience);
        return new Transfers(new TcpStream(connection), new NetworkStream(socket, ownsSocket: true), connection, socket);
    }

    /// <summary>A host of Synfin connects to the kernel.</summary>
    public static async Task<Transfers> SynfinOpensAsync(NetworkNamespace kernel, TcpStackGroup sockets, IPAddress address)
    {
        using Socket listener = kernel.CreateSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, Port));
        listener.Listen();
        Task<Socket> accepting = listener.AcceptAsync();
        TcpConnection connection = await sockets.ConnectAsync(new IPEndPoint(address, Port)).AsTask().InTime(_patience);
        Socket socket = await accepting.InTime(_patience);
        return new Transfers(new TcpStream(connection), new NetworkStream(socket, ownsSocket: true), connection, socket);
    }

    /// <summary>One kernel connects to another.</summary>
    public static async Task<Transfers> KernelsOpenAsync(NetworkNamespace client, NetworkNamespace server, IPAddress address)
    {
        using Socket listener = server.CreateSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, Port));
        listener.Listen();
        Socket socket = client.CreateSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        Task<Socket> accepting = listener.AcceptAsync();
        await socket.ConnectAsync(new IPEndPoint(address, Port)).InTime(_patience);
        Socket accepted = await accepting.InTime(_patience);
        return new Transfers(new NetworkStream(socket, ownsSocket: true), new NetworkStream(accepted, ownsSocket: true), null, accepted);
    }

    /// <summary>Sends so many octets each way, both at once, and fails unless they arrive as they are.</summary>
    public async Task ExchangeAsync(int octets)
    {
        byte[] one = Testbed.Octets(octets), other = Testbed.Octets(octets + 1);
        Task sending = _first.WriteAsync(one, TestContext.Current.CancellationToken).AsTask();
        Task answering = _second.WriteAsync(other, TestContext.Current.CancellationToken).AsTask();
        byte[] oneBack = new byte[one.Length], otherBack = new byte[other.Length];
        Task reading = _second.ReadExactlyAsync(oneBack, TestContext.Current.CancellationToken).AsTask();
        await _first.ReadExactlyAsync(otherBack, TestContext.Current.CancellationToken).AsTask().InTime(_patience);
        await reading.InTime(_patience);
        await sending.InTime(_patience);
        await answering.InTime(_patience);
        Assert.Equal(Testbed.Hash(one), Testbed.Hash(oneBack));
        Assert.Equal(Testbed.Hash(other), Testbed.Hash(otherBack));
    }

    /// <summary>Sends from the first end to the second only.</summary>
    public Task SendAsync(int octets) => OneWayAsync(_first, _second, octets);

    /// <summary>Sends from the second end to the first only.</summary>
    public Task AnswerAsync(int octets) => OneWayAsync(_second, _first, octets);

    /// <summary>Ends both directions, and fails unless both ends see the other's.</summary>
    public async Task EndAsync()
    {
        if (Synfin is not null) await Synfin.CompleteWritesAsync().AsTask().InTime(_patience);
        else ((NetworkStream)_first).Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await _second.ReadAsync(new byte[1]).AsTask().InTime(_patience));
        KernelSocket.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await _first.ReadAsync(new byte[1]).AsTask().InTime(_patience));
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private static async Task OneWayAsync(Stream from, Stream to, int octets)
    {
        byte[] sent = Testbed.Octets(octets), received = new byte[octets];
        Task sending = from.WriteAsync(sent, TestContext.Current.CancellationToken).AsTask();
        await to.ReadExactlyAsync(received, TestContext.Current.CancellationToken).AsTask().InTime(_patience);
        await sending.InTime(_patience);
        Assert.Equal(Testbed.Hash(sent), Testbed.Hash(received));
    }
}
