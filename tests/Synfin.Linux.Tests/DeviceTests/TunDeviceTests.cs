using System.Net;
using System.Net.Sockets;
using Synfin.Buffers;
using Synfin.Ip;
using Synfin.Linux.Tests.Support;
using Synfin.Wire;
using Xunit;

namespace Synfin.Linux.Tests.DeviceTests;

[Trait("Needs", "tun")]
public sealed class TunDeviceTests
{
    private const ushort Port = 4000;

    private static readonly InternetAddress _kernelAddress = InternetAddress.FromIpv4(10, 9, 0, 1);
    private static readonly InternetAddress _ourAddress = InternetAddress.FromIpv4(10, 9, 0, 2);

    [Fact]
    public void A_packet_that_the_kernel_sends_into_the_subnet_is_read()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = OpenUp(kernel);
        using Socket sender = kernel.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

        sender.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse("10.9.0.2"), Port));

        byte[] packet = Queues.ReadUntil(device, TestPackets.IsUdp);
        Assert.Equal(TestPackets.Ipv4Size + TestPackets.UdpSize + 5, packet.Length);
        Assert.Equal(_kernelAddress, InternetAddress.FromBytes(packet.AsSpan(12, 4)));
        Assert.Equal(_ourAddress, InternetAddress.FromBytes(packet.AsSpan(16, 4)));
        Assert.Equal("hello"u8.ToArray(), packet[^5..]);
    }

    [Fact]
    public void An_ipv6_packet_that_the_kernel_sends_into_the_subnet_is_read()
    {
        using NetworkNamespace kernel = Kernels.Create();
        Assert.SkipUnless(Socket.OSSupportsIPv6, "needs IPv6");
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        AddressPrefix hostAddress = AddressPrefix.Parse("fd00::1/64");
        kernel.Run(() => device.SetHostAddress(hostAddress.Address, hostAddress.Length));
        device.Up();
        using Socket sender = kernel.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);

        sender.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse("fd00::2"), Port));

        byte[] packet = Queues.ReadUntil(device, TestPackets.IsUdpOverIpv6);
        Assert.Equal(hostAddress.Address, InternetAddress.FromBytes(packet.AsSpan(8, 16)));
        Assert.Equal("hello"u8.ToArray(), packet[^5..]);
    }

    [Fact]
    public void A_packet_whose_text_lies_in_two_pages_arrives_at_the_kernel_in_one_piece()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = OpenUp(kernel);
        using Socket receiver = Receiver(kernel);
        byte[]?[] pages = [PinnedPage(0), PinnedPage(100)];
        byte[] headers = TestPackets.UdpHeaders(_ourAddress, _kernelAddress, Port, textLength: 1000);

        Assert.True(TestPackets.Transmit(device.Queues[0], headers, pages, start: PagePool.PageSize - 400, length: 1000));

        byte[] text = new byte[2000];
        Assert.Equal(1000, receiver.Receive(text));
        Assert.Equal(pages[0]!.AsSpan(PagePool.PageSize - 400), text.AsSpan(0, 400));
        Assert.Equal(pages[1]!.AsSpan(0, 600), text.AsSpan(400, 600));
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = OpenUp(kernel);
        byte[]?[] pages = [PinnedPage(0), PinnedPage(100)];
        byte[] headers = TestPackets.UdpHeaders(_ourAddress, _kernelAddress, Port, textLength: 1000);
        WriteAndRead();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) WriteAndRead();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void WriteAndRead()
        {
            TestPackets.Transmit(device.Queues[0], headers, pages, start: 4000, length: 1000);
            device.Queues[0].TryRead(out _, out _);
        }
    }

    [Fact]
    public void Nothing_to_read_is_said_and_does_not_wait()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        Assert.False(device.Queues[0].TryRead(out _, out _));
    }

    [Fact]
    public void What_is_written_while_the_interface_is_down_is_lost_and_counted()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        byte[] headers = TestPackets.UdpHeaders(_ourAddress, _kernelAddress, Port, textLength: 100);
        Assert.True(TestPackets.Transmit(device.Queues[0], headers, [PinnedPage(0)], start: 0, length: 100));
        Assert.Equal(1, device.Queues[0].PacketsLost);
    }

    [Fact]
    public void The_mtu_is_read_and_set()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        Assert.Equal(1500, device.Mtu);
        device.Mtu = 9000;
        Assert.Equal(9000, device.Mtu);
        Assert.Contains("mtu 9000", kernel.Call("ip", "link", "show", "synfin0"), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Mtu = 67);
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Mtu = 65_536);
    }

    [Fact]
    public void Setting_up_twice_changes_nothing()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = OpenUp(kernel);
        kernel.Run(() => device.SetHostAddress(_kernelAddress, 24));
        device.Up();
        string addresses = kernel.Call("ip", "-4", "-oneline", "address", "show", "synfin0");
        Assert.Single(addresses.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("10.9.0.1/24", addresses, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_vanishes_when_it_is_disposed_of()
    {
        using NetworkNamespace kernel = Kernels.Create();
        TunDevice device = OpenUp(kernel);
        Assert.Contains("synfin0", kernel.Call("ip", "link"), StringComparison.Ordinal);
        device.Dispose();
        Assert.DoesNotContain("synfin0", kernel.Call("ip", "link"), StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => device.Queues[0].TryRead(out _, out _));
    }

    [Fact]
    public void The_kernel_chooses_the_number_of_a_template()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice first = kernel.Run(() => TunDevice.Open("tun%d"));
        using TunDevice second = kernel.Run(() => TunDevice.Open("tun%d"));
        Assert.Equal("tun0", first.Name);
        Assert.Equal("tun1", second.Name);
    }

    private static TunDevice OpenUp(NetworkNamespace kernel) => kernel.Run(() =>
    {
        TunDevice device = TunDevice.Open("synfin0");
        device.SetHostAddress(_kernelAddress, 24);
        device.Up();
        return device;
    });

    private static Socket Receiver(NetworkNamespace kernel)
    {
        Socket receiver = kernel.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.ReceiveTimeout = 60_000;
        receiver.Bind(new IPEndPoint(IPAddress.Parse("10.9.0.1"), Port));
        return receiver;
    }

    private static byte[] PinnedPage(int first)
    {
        byte[] page = GC.AllocateArray<byte>(PagePool.PageSize, pinned: true);
        for (int i = 0; i < page.Length; i++) page[i] = (byte)(first + i * 7);
        return page;
    }
}
