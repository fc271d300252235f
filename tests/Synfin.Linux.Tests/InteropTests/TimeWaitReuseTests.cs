using System.Net;
using System.Net.Sockets;
using Synfin.Linux.Tests.Support;
using Synfin.Sockets;
using Synfin.Tcp;
using Synfin.Wire;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>A four-tuple that is in TIME-WAIT at one side is used again by the other (RFC 9293 3.6.1, RFC 6191).</summary>
[Trait("Needs", "tun")]
[Trait("Rfc9293", "MAY-2")]
public sealed class TimeWaitReuseTests
{
    private const ushort ServerPort = 7200, ClientPort = 40_001;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_kernel_opens_again_what_Synfin_closed(bool ipv6)
    {
        using Testbed bed = Testbed.Create();
        using TcpListenerGroup listener = bed.Sockets.Listen(new IPEndPoint(IPAddress.IPv6Any, ServerPort));
        for (int i = 0; i < 5; i++)
        {
            using Socket kernel = bed.Kernel.CreateSocket(Family(ipv6), SocketType.Stream, ProtocolType.Tcp);
            kernel.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            kernel.Bind(new IPEndPoint(Testbed.KernelAddress(ipv6), ClientPort));
            var server = new IPEndPoint(Testbed.SynfinAddress(ipv6), ServerPort);
            await kernel.ConnectAsync(server, TestContext.Current.CancellationToken).AsTask().InTime();
            TcpConnection synfin = await listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask().InTime();
            await synfin.WriteAsync(new byte[1000], TestContext.Current.CancellationToken);
            synfin.Close();
            byte[] buffer = new byte[2000];
            int count, length = 0;
            while ((count = await kernel.ReceiveAsync(buffer).InTime()) > 0) length += count;
            Assert.Equal(1000, length);
            kernel.Close();
            await synfin.WhenEnded(TestContext.Current.CancellationToken).AsTask().InTime();
            Assert.Equal(TcpState.TimeWait, bed.Synfin.StateOf(synfin.Tuple));
        }
        bed.EndsSoundly();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Synfin_opens_again_what_the_kernel_closed(bool ipv6)
    {
        using Testbed bed = Testbed.Create();
        using Socket listener = bed.Kernel.CreateSocket(Family(ipv6), SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(Testbed.KernelAddress(ipv6), ServerPort));
        listener.Listen();
        InternetAddress server = InternetAddress.FromBytes(Testbed.KernelAddress(ipv6).GetAddressBytes());
        InternetAddress client = InternetAddress.FromBytes(Testbed.SynfinAddress(ipv6).GetAddressBytes());
        for (int i = 0; i < 5; i++)
        {
            Task<Socket> accepting = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
            TcpConnection synfin = await bed.Sockets
                .ConnectAsync(server, ServerPort, client, ClientPort, ct: TestContext.Current.CancellationToken).AsTask().InTime();
            using Socket kernel = await accepting.InTime();
            EndPoint local = kernel.LocalEndPoint!, remote = kernel.RemoteEndPoint!;
            await kernel.SendAsync(new byte[1000]).InTime();
            kernel.Close();
            byte[] buffer = new byte[2000];
            int count, length = 0;
            while ((count = await synfin.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask().InTime()) > 0) length += count;
            Assert.Equal(1000, length);
            await synfin.CloseAsync(TestContext.Current.CancellationToken).AsTask().InTime();
            Assert.Equal(TcpState.Closed, bed.Synfin.StateOf(synfin.Tuple));
            Assert.Equal("TIME-WAIT", SocketTable.StateOf(bed.Kernel, local, remote));
        }
        bed.EndsSoundly();
    }

    private static AddressFamily Family(bool ipv6) => ipv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
}
