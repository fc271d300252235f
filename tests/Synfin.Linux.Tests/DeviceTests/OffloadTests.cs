using System.Globalization;
using System.Net.Sockets;
using Synfin.Linux.Tests.Support;
using Synfin.Stack;
using Synfin.Wire;
using Xunit;

namespace Synfin.Linux.Tests.DeviceTests;

/// <summary>Super-segments and checksums, both ways, between the kernel's sockets and packets made by hand.</summary>
[Trait("Needs", "tun")]
public sealed class OffloadTests
{
    private const int UdpLevel = 17;
    private const int UdpSegment = 103;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_super_segment_that_is_written_arrives_at_the_kernel_in_one_packet(bool ipv6, bool ethernet)
    {
        using FarEnd end = FarEnd.Create(ipv6, ethernet);
        using Socket listener = Listen(end);
        (uint seq, uint ack) = end.Connect();
        using Socket kernel = listener.Accept();
        byte[] text = FarEnd.Text(TunDevice.MaxSuperSegment);
        long packets = Packets(end, ipv6);

        Assert.True(end.SendTcp(seq, ack, TcpFlags.Ack | TcpFlags.Psh, text));

        Assert.Equal(text, ReceiveAll(kernel, text.Length));
        Assert.Equal(packets + 1, Packets(end, ipv6));
        Assert.Equal(0, end.Queue.PacketsLost);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void The_kernels_super_segment_is_read_with_its_segments_counted_and_its_checksum_verified(bool ipv6, bool ethernet)
    {
        using FarEnd end = FarEnd.Create(ipv6, ethernet);
        using Socket listener = Listen(end);
        (uint seq, uint ack) = end.Connect();
        using Socket kernel = listener.Accept();
        byte[] text = FarEnd.Text(10 * FarEnd.Mss - 1);

        Assert.Equal(text.Length, kernel.Send(text));

        // The kernel decides how much it joins: at first little, as it does not know the path yet.
        int most = 0;
        for (int done = 0; done < text.Length;)
        {
            byte[] packet = end.Read(IpProtocol.Tcp, out ReceiveMetadata metadata);
            int length = packet.Length - end.TransportOffset - TcpHeader.MinimumLength;
            if (length == 0) continue;
            int segments = (length + FarEnd.Mss - 1) / FarEnd.Mss;
            ReceiveMetadata expected = segments > 1 ? new(true, segments, FarEnd.Mss) : new(ChecksumVerified: true);
            Assert.Equal(expected, metadata);
            Assert.Equal(text.AsSpan(done, length), packet.AsSpan(packet.Length - length));
            done += length;
            Assert.True(end.SendTcp(seq, ack + (uint)done, TcpFlags.Ack));
            most = Math.Max(most, segments);
        }
        Assert.InRange(most, 2, 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_short_segment_of_the_kernel_has_a_verified_checksum_and_is_no_super_segment(bool ipv6)
    {
        using FarEnd end = FarEnd.Create(ipv6);
        using Socket sender = end.Socket(SocketType.Dgram);
        sender.SendTo("hello"u8, end.OwnEndPoint);
        end.Read(IpProtocol.Udp, out ReceiveMetadata metadata);
        Assert.Equal(new ReceiveMetadata(ChecksumVerified: true), metadata);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Datagrams_that_are_written_as_one_arrive_at_the_kernel_one_by_one(bool ipv6)
    {
        using FarEnd end = FarEnd.Create(ipv6);
        Assert.SkipUnless(end.Queue.SegmentsUdp, "needs Linux 6.2");
        using Socket receiver = end.Socket(SocketType.Dgram);
        receiver.Bind(end.KernelEndPoint);
        byte[] text = FarEnd.Text(40 * 1000 + 7);

        Assert.True(end.SendUdp(text, 1000));

        byte[] datagram = new byte[2000];
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(1000, receiver.Receive(datagram));
            Assert.Equal(text.AsSpan(i * 1000, 1000), datagram.AsSpan(0, 1000));
        }
        Assert.Equal(7, receiver.Receive(datagram));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Datagrams_that_the_kernel_sends_as_one_are_read_as_one(bool ipv6)
    {
        using FarEnd end = FarEnd.Create(ipv6);
        Assert.SkipUnless(end.Queue.SegmentsUdp, "needs Linux 6.2");
        using Socket sender = end.Socket(SocketType.Dgram);
        sender.SetRawSocketOption(UdpLevel, UdpSegment, BitConverter.GetBytes(1200));
        byte[] text = FarEnd.Text(10 * 1200 + 1);

        sender.SendTo(text, end.OwnEndPoint);

        byte[] packet = end.Read(IpProtocol.Udp, out ReceiveMetadata metadata);
        Assert.Equal(new ReceiveMetadata(ChecksumVerified: true, WireSegments: 11, SegmentSize: 1200), metadata);
        Assert.Equal(text, packet[^text.Length..]);
    }

    [Fact]
    public void Without_offloads_the_kernel_cuts_and_sums_itself()
    {
        using FarEnd end = FarEnd.Create(offloads: false);
        Assert.False(end.Device.HasOffloads);
        Assert.Equal(LinkOffloads.None, end.Queue.Offloads);
        Assert.Equal(0, end.Queue.MaxSuperSegment);
        using Socket sender = end.Socket(SocketType.Dgram);
        sender.SendTo("hello"u8, end.OwnEndPoint);
        byte[] packet = end.Read(IpProtocol.Udp, out ReceiveMetadata metadata);
        Assert.Equal(default, metadata);
        Assert.True(InternetChecksum.Verify(end.Kernel, end.Own, IpProtocol.Udp, packet.AsSpan(end.TransportOffset)));
    }

    [Fact]
    public void Super_segments_allocate_nothing()
    {
        using FarEnd end = FarEnd.Create();
        byte[] header = TestPackets.UdpHeaders(end.Own, end.Kernel, FarEnd.Port, 5000);
        byte[]?[] pages = [GC.AllocateArray<byte>(4096, pinned: true), GC.AllocateArray<byte>(4096, pinned: true)];
        using Socket sender = end.Socket(SocketType.Dgram);
        Write();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Write();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Write()
        {
            end.Queue.Transmit(new OutboundPacket
            {
                Header = header,
                Text = TestPackets.Slices(null, pages, 0, 0, 5000),
                TransportOffset = TestPackets.Ipv4Size,
                SegmentSize = 1000,
                WireSegments = 5,
                ChecksumPartial = true,
            });
            while (end.Queue.TryRead(out _, out _)) continue;
        }
    }

    [Fact]
    public void A_packet_that_makes_no_sense_to_the_kernel_is_lost_and_counted()
    {
        using FarEnd end = FarEnd.Create();
        byte[] nonsense = [0x00, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
        Assert.True(end.Queue.Transmit(new OutboundPacket { Header = nonsense, TransportOffset = 20, WireSegments = 1 }));
        Assert.Equal(1, end.Queue.PacketsLost);
    }

    private static Socket Listen(FarEnd end)
    {
        Socket listener = end.Socket(SocketType.Stream);
        listener.Bind(end.KernelEndPoint);
        listener.Listen();
        return listener;
    }

    private static byte[] ReceiveAll(Socket socket, int length)
    {
        byte[] text = new byte[length];
        for (int done = 0; done < length;)
        {
            int read = socket.Receive(text.AsSpan(done));
            Assert.NotEqual(0, read);
            done += read;
        }
        return text;
    }

    /// <summary>How many IP packets the kernel counts that it received: a super-segment is one.</summary>
    private static long Packets(FarEnd end, bool ipv6)
    {
        string table = end.OnKernel(() => File.ReadAllText(ipv6 ? "/proc/thread-self/net/snmp6" : "/proc/thread-self/net/snmp"));
        string[] lines = table.Split('\n');
        if (ipv6) return Number(Array.Find(lines, line => line.StartsWith("Ip6InReceives", StringComparison.Ordinal))!.Split(' ')[^1]);
        string[] names = lines[0].Split(' ');
        return Number(lines[1].Split(' ')[Array.IndexOf(names, "InReceives")]);
    }

    private static long Number(string text) => long.Parse(text.AsSpan().Trim('\t').Trim(), CultureInfo.InvariantCulture);
}
