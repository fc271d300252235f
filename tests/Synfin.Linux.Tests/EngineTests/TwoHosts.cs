using System.Net;
using System.Net.Sockets;
using Synfin.Ip;
using Synfin.Linux.Tests.Support;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Wire;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Linux.Tests.EngineTests;

/// <summary>The kernel of a namespace of its own, and a Synfin host, on one link.</summary>
internal sealed class TwoHosts : IDisposable
{
    /// <summary>How long anything may take that takes no time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const ushort Port = 7000;

    private TwoHosts(NetworkNamespace kernel, TunHost synfin, IPAddress kernelAddress)
    {
        Kernel = kernel;
        Synfin = synfin;
        KernelAddress = kernelAddress;
        SynfinAddress = IPAddress.Parse(synfin.Address.ToString().Split('/')[0]);
    }

    public NetworkNamespace Kernel { get; }

    public TunHost Synfin { get; }

    public IPAddress KernelAddress { get; }

    public IPAddress SynfinAddress { get; }

    /// <summary>Makes both; skips the test where that is not possible.</summary>
    public static TwoHosts Create(bool ipv6 = false, StackOptions? options = null)
    {
        NetworkNamespace kernel = NetworkNamespace.Create();
        AddressPrefix kernelAddress = AddressPrefix.Parse(ipv6 ? "fd00::1/64" : "10.9.0.1/24");
        AddressPrefix address = AddressPrefix.Parse(ipv6 ? "fd00::2/64" : "10.9.0.2/24");
        try
        {
            TunHost synfin = kernel.Run(() => TunHost.Open("synfin0", address, kernelAddress, options));
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

    /// <summary>Runs something on Synfin's thread, and gives up after a while.</summary>
    public async Task<T> OnSynfinAsync<T>(Func<TcpStack, ValueTask<T>> body, TimeSpan? patience = null)
    {
        T result = default!;
        await Synfin.RunAsync(async stack => result = await body(stack)).InTime(patience);
        return result;
    }

    public void Dispose()
    {
        Synfin.Dispose();
        Kernel.Dispose();
    }

    private async Task<Conversation> KernelConnectsAsync(TcpConnectionOptions? options)
    {
        TcpListener listener = await OnSynfinAsync(stack => new ValueTask<TcpListener>(stack.Listen(null, Port, 8, options)));
        Socket kernel = KernelSocket();
        await kernel.ConnectAsync(new IPEndPoint(SynfinAddress, Port)).InTime();
        TcpConnection synfin = await OnSynfinAsync(async _ =>
        {
            TcpConnection accepted = await listener.AcceptAsync();
            listener.Close();
            return accepted;
        });
        return new Conversation(this, kernel, synfin);
    }

    private async Task<Conversation> SynfinConnectsAsync(TcpConnectionOptions? options)
    {
        using Socket listener = KernelSocket();
        listener.Bind(new IPEndPoint(KernelAddress, Port));
        listener.Listen();
        InternetAddress address = InternetAddress.FromBytes(KernelAddress.GetAddressBytes());
        Task<Socket> accepting = listener.AcceptAsync();
        TcpConnection synfin = await OnSynfinAsync(stack => stack.ConnectAsync(address, Port, options: options));
        return new Conversation(this, await accepting.InTime(), synfin);
    }
}
