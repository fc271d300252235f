using System.Net;
using System.Net.Sockets;
using Synfin.Ip;
using Synfin.Linux.Tests.Support;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Wire;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Linux.Tests.EngineTests;

/// <summary>The kernel of a namespace of its own, and a Synfin host, on one link.</summary>
internal sealed class TwoHosts : IDisposable
{
    /// <summary>How long anything may take that takes no time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const ushort Port = 7000;

    private TwoHosts(NetworkNamespace kernel, LinuxHost synfin, IPAddress kernelAddress)
    {
        Kernel = kernel;
        Synfin = synfin;
        KernelAddress = kernelAddress;
        SynfinAddress = synfin.Addresses[0].ToIPAddress();
    }

    public NetworkNamespace Kernel { get; }

    public LinuxHost Synfin { get; }

    public IPAddress KernelAddress { get; }

    public IPAddress SynfinAddress { get; }

    /// <summary>Makes both; skips the test where that is not possible.</summary>
    public static TwoHosts Create(
        bool ipv6 = false, StackOptions? options = null, int queues = 1, bool offloads = true, PacketTap? tap = null)
    {
        NetworkNamespace kernel = Kernels.Create();
        AddressPrefix kernelAddress = AddressPrefix.Parse(ipv6 ? "fd00::1/64" : "10.9.0.1/24");
        AddressPrefix address = AddressPrefix.Parse(ipv6 ? "fd00::2/64" : "10.9.0.2/24");
        try
        {
            LinuxHost synfin = kernel.Run(() => LinuxHost.Open(new LinuxHostOptions
            {
                Device = "synfin0",
                Addresses = [address],
                HostAddresses = [kernelAddress],
                Stack = options,
                Queues = queues,
                Offloads = offloads,
                Tap = tap,
            }));
            return new TwoHosts(kernel, synfin, IPAddress.Parse(ipv6 ? "fd00::1" : "10.9.0.1"));
        }
        catch
        {
            kernel.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection between the two.</summary>
    public Task<Conversation> ConnectAsync(Opener opener, TcpConnectionOptions? options = null) =>
        opener == Opener.Kernel ? KernelConnectsAsync(options) : SynfinConnectsAsync(options);

    /// <summary>A TCP socket of the kernel.</summary>
    public Socket KernelSocket() => Kernel.CreateSocket(KernelAddress.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Does something with Synfin, and gives up after a while.</summary>
    public Task<T> OnSynfinAsync<T>(Func<TcpStackGroup, ValueTask<T>> body, TimeSpan? patience = null) =>
        body(Synfin.Sockets).AsTask().InTime(patience);

    public void Dispose()
    {
        Synfin.Dispose();
        Kernel.Dispose();
    }

    private async Task<Conversation> KernelConnectsAsync(TcpConnectionOptions? options)
    {
        using TcpListenerGroup listener = Synfin.Sockets.Listen(new IPEndPoint(IPAddress.IPv6Any, Port), options, backlog: 8);
        Socket kernel = KernelSocket();
        await kernel.ConnectAsync(new IPEndPoint(SynfinAddress, Port)).InTime();
        TcpConnection synfin = await listener.AcceptAsync().AsTask().InTime();
        return new Conversation(this, kernel, synfin);
    }

    private async Task<Conversation> SynfinConnectsAsync(TcpConnectionOptions? options)
    {
        using Socket listener = KernelSocket();
        listener.Bind(new IPEndPoint(KernelAddress, Port));
        listener.Listen();
        Task<Socket> accepting = listener.AcceptAsync();
        TcpConnection synfin = await OnSynfinAsync(stacks => stacks.ConnectAsync(new IPEndPoint(KernelAddress, Port), options));
        return new Conversation(this, await accepting.InTime(), synfin);
    }
}
