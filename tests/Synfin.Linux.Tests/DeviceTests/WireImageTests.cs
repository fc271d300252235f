using System.Buffers.Binary;
using Synfin.Linux.Tests.Support;
using Synfin.Stack;
using Synfin.Testing.Traits;
using Synfin.Wire;
using Xunit;

namespace Synfin.Linux.Tests.DeviceTests;

/// <summary>What captures show of packets that were never on a wire.</summary>
public sealed class WireImageTests
{
    private static readonly byte[] _ethernet = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [Rfc9293("MUST-2")]
    public void A_tcp_super_segment_is_shown_in_segments_with_right_checksums(bool ipv6, bool ethernet)
    {
        byte[] text = FarEnd.Text(5001);
        byte[] packet = Tcp(ipv6, ethernet, TcpFlags.Ack | TcpFlags.Psh | TcpFlags.Cwr, text);
        List<byte[]> frames = Frames(packet, new(ChecksumVerified: true, WireSegments: 6, SegmentSize: 1000), ethernet);

        Assert.Equal(6, frames.Count);
        int transport = Transport(ipv6, ethernet);
        for (int i = 0; i < 6; i++)
        {
            AssertIsWhole(frames[i], ethernet);
            Assert.Equal(100u + (uint)i * 1000, BinaryPrimitives.ReadUInt32BigEndian(frames[i].AsSpan(transport + 4)));
            TcpFlags expected = TcpFlags.Ack | (i == 0 ? TcpFlags.Cwr : 0) | (i == 5 ? TcpFlags.Psh : 0);
            Assert.Equal(expected, (TcpFlags)frames[i][transport + 13]);
            Assert.Equal(text[(i * 1000)..Math.Min(5001, i * 1000 + 1000)], frames[i][(transport + 20)..]);
            Assert.Equal(packet[..(ethernet ? 14 : 0)], frames[i][..(ethernet ? 14 : 0)]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc(768, "Fields")]
    public void Joined_datagrams_are_shown_one_by_one(bool ipv6)
    {
        byte[] text = FarEnd.Text(2500);
        List<byte[]> frames = Frames(Udp(ipv6, text, checksum: 0x1234), new(ChecksumVerified: true, WireSegments: 3, SegmentSize: 1000));

        Assert.Equal(3, frames.Count);
        int transport = Transport(ipv6, ethernet: false);
        foreach (byte[] frame in frames) AssertIsWhole(frame, ethernet: false);
        Assert.Equal(8 + 500, BinaryPrimitives.ReadUInt16BigEndian(frames[2].AsSpan(transport + 4)));
        Assert.Equal(text[2000..], frames[2][(transport + 8)..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1460)]
    public void An_unfinished_checksum_is_completed(int length)
    {
        byte[] packet = Tcp(ipv6: false, ethernet: false, TcpFlags.Ack, FarEnd.Text(length));
        byte[] before = [.. packet];
        byte[] frame = Assert.Single(Frames(packet, new(ChecksumVerified: true)));
        AssertIsWhole(frame, ethernet: false);
        Assert.Equal(before, packet);
    }

    [Fact]
    public void A_wrong_checksum_from_a_wire_is_shown_as_it_came()
    {
        byte[] packet = Tcp(ipv6: false, ethernet: false, TcpFlags.Ack, FarEnd.Text(100));
        Assert.Equal(packet, Assert.Single(Frames(packet, default)));
    }

    [Fact]
    [Rfc(768, "Fields")]
    public void A_datagram_without_a_checksum_stays_without()
    {
        byte[] packet = Udp(ipv6: false, FarEnd.Text(100), checksum: 0);
        Assert.Equal(packet, Assert.Single(Frames(packet, new(ChecksumVerified: true))));
    }

    [Fact]
    public void What_is_no_ip_packet_is_shown_as_it_is()
    {
        byte[] arp = [.. _ethernet, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1];
        Assert.Equal(arp, Assert.Single(Frames(arp, new(ChecksumVerified: true), ethernet: true)));
        Assert.Equal([0x45], Assert.Single(Frames([0x45], new(ChecksumVerified: true, WireSegments: 2, SegmentSize: 1))));
    }

    [Fact]
    public void An_outbound_super_segment_is_shown_as_the_kernel_will_cut_it()
    {
        byte[] headers = Tcp(ipv6: false, ethernet: false, TcpFlags.Ack | TcpFlags.Fin, new byte[2001])[..40];
        byte[]?[] pages = [FarEnd.Text(4096)];
        var packet = new OutboundPacket
        {
            Header = headers,
            Text = TestPackets.Slices(null, pages, 0, 0, 2001),
            TransportOffset = 20,
            SegmentSize = 1000,
            WireSegments = 3,
            ChecksumPartial = true,
        };
        List<byte[]> frames = [];
        foreach (ReadOnlySpan<byte> frame in new WireImage().Of(packet)) frames.Add(frame.ToArray());
        Assert.Equal([1040, 1040, 41], frames.Select(frame => frame.Length));
        foreach (byte[] frame in frames) AssertIsWhole(frame, ethernet: false);
        Assert.Equal(pages[0]![2000], frames[2][40]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_comes_nothing_is_thrown(int seed)
    {
        var random = new Random(seed);
        var image = new WireImage();
        byte[] text = FarEnd.Text(3000);
        int frames = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] packet = random.Next(2) == 0 ? Tcp(random.Next(2) == 0, false, TcpFlags.Ack, text) : Udp(random.Next(2) == 0, text, 1);
            for (int flips = random.Next(4); flips > 0; flips--) packet[random.Next(80)] ^= (byte)(1 << random.Next(8));
            int length = random.Next(packet.Length + 1);
            ReceiveMetadata metadata = new(random.Next(2) == 0, random.Next(4), 1 + random.Next(2000));
            foreach (ReadOnlySpan<byte> frame in image.Of(packet.AsSpan(0, length), metadata)) frames += frame.Length >= 0 ? 1 : 0;
        }
        Assert.True(frames >= 20_000, $"seed {seed}: each packet is shown");
    }

    private static List<byte[]> Frames(byte[] packet, ReceiveMetadata metadata, bool ethernet = false)
    {
        List<byte[]> frames = [];
        foreach (ReadOnlySpan<byte> frame in new WireImage(ethernet).Of(packet, metadata)) frames.Add(frame.ToArray());
        return frames;
    }

    /// <summary>That lengths and checksums are right.</summary>
    private static void AssertIsWhole(byte[] frame, bool ethernet)
    {
        byte[] packet = frame[(ethernet ? 14 : 0)..];
        Assert.Equal(WireError.None, IpHeader.TryParse(packet, out IpHeader ip));
        Assert.Equal(packet.Length, ip.PayloadOffset + ip.PayloadLength);
        Assert.True(InternetChecksum.Verify(ip.Source, ip.Destination, ip.Protocol, ip.Payload(packet)));
    }

    private static int Transport(bool ipv6, bool ethernet) => (ethernet ? 14 : 0) + (ipv6 ? 40 : 20);

    private static byte[] Tcp(bool ipv6, bool ethernet, TcpFlags flags, byte[] text)
    {
        byte[] tcp = new byte[20];
        TcpHeaderWriter.Write(tcp, 1, 2, new(100), new(4), flags, 5, 0, default);
        return [.. Below(ipv6, ethernet, IpProtocol.Tcp, 20 + text.Length), .. tcp, .. text];
    }

    private static byte[] Udp(bool ipv6, byte[] text, ushort checksum)
    {
        byte[] udp = new byte[8];
        UdpHeaderWriter.Write(udp, 1, 2, text.Length);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(6), checksum);
        return [.. Below(ipv6, ethernet: false, IpProtocol.Udp, 8 + text.Length), .. udp, .. text];
    }

    private static byte[] Below(bool ipv6, bool ethernet, byte protocol, int length)
    {
        byte[] ip = new byte[ipv6 ? 40 : 20];
        InternetAddress source = InternetAddress.Parse(ipv6 ? "fd00::2" : "10.9.0.2");
        InternetAddress destination = InternetAddress.Parse(ipv6 ? "fd00::1" : "10.9.0.1");
        IpHeaderWriter.Write(ip, source, destination, protocol, length, 0, 64, 0);
        return ethernet ? [.. _ethernet, .. ipv6 ? (byte[])[0x86, 0xDD] : [8, 0], .. ip] : ip;
    }
}
