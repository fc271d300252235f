using System.Net;
using System.Net.Sockets;
using Synfin.Linux;

namespace Synfin.Cli.Bench.Tun;

/// <summary>Two kernels, each in a network namespace of its own, and a virtual cable: what TUN is measured by.</summary>
internal sealed class VethPair : IDisposable
{
    private readonly NetworkNamespace _a = NetworkNamespace.Create();
    private readonly NetworkNamespace _b = NetworkNamespace.Create();

    /// <summary>Makes both, 10.8.0.1 and 10.8.0.2.</summary>
    public VethPair()
    {
        _a.Execute("ip", "link", "add", "veth0", "type", "veth", "peer", "name", "veth1");
        _a.Execute("ip", "link", "set", "veth1", "netns", _b.Path);
        SetUp(_a, "veth0", "10.8.0.1/24");
        SetUp(_b, "veth1", "10.8.0.2/24");
        Listener = Socket(_b);
        Listener.Bind(new IPEndPoint(IPAddress.Parse("10.8.0.2"), 0));
        Listener.Listen(8);
    }

    /// <summary>A socket that listens at the second.</summary>
    public Socket Listener { get; }

    /// <summary>A connection from the first.</summary>
    public Socket Connect()
    {
        Socket client = Socket(_a);
        client.Connect(Listener.LocalEndPoint!);
        return client;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Listener.Dispose();
        _a.Dispose();
        _b.Dispose();
    }

    private static Socket Socket(NetworkNamespace kernel)
    {
        Socket socket = kernel.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        TunWorld.Configure(socket);
        return socket;
    }

    private static void SetUp(NetworkNamespace kernel, string device, string address)
    {
        kernel.Execute("ip", "address", "add", address, "dev", device);
        kernel.Execute("ip", "link", "set", device, "up");
    }
}
