using Synfin.Wire;
using Xunit;

namespace Synfin.Tests.Wire;

public sealed class WireAllocationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Threat", "51")]
    public void Reading_and_writing_packets_allocates_nothing(bool v6)
    {
        byte[] packet = Packets.Ip(v6, IpProtocol.Tcp, Packets.TcpSegment(v6, text: 1000));
        var octets = new byte[1500];
        long sum = 0;
        long before = 0;
        for (int round = 0; round < 200; round++)
        {
            if (round == 100) before = GC.GetAllocatedBytesForCurrentThread(); // by then everything has been compiled
            sum += ReadAndWrite(packet, octets);
            sum += ReadAndWrite(packet.AsSpan(0, 30 + round), octets); // the errors, too
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0, sum);
    }

    private static int ReadAndWrite(ReadOnlySpan<byte> packet, Span<byte> octets)
    {
        if (IpHeader.TryParse(packet, out IpHeader header) != WireError.None) return 1;
        ReadOnlySpan<byte> tcp = header.Payload(packet);
        Segment segment = default;
        bool good = InternetChecksum.Verify(header.Source, header.Destination, header.Protocol, tcp)
            && TcpHeader.TryParse(tcp, ref segment) == WireError.None;
        if (!good) return 2;

        int ip = IpHeaderWriter.Write(
            octets, header.Source, header.Destination, header.Protocol, header.PayloadLength, header.TrafficClass, 64, header.FlowLabel);
        Span<byte> copy = octets.Slice(ip, header.PayloadLength);
        int length = TcpHeaderWriter.Write(
            copy,
            segment.SourcePort,
            segment.DestinationPort,
            segment.Seq,
            segment.Ack,
            segment.Flags,
            segment.Wnd,
            segment.Up,
            in segment.Options);
        ulong pseudo = InternetChecksum.PseudoHeader(header.Source, header.Destination, IpProtocol.Tcp, copy.Length);
        var checksum = new ChecksumAccumulator(pseudo);
        checksum.Add(copy[..length]);
        checksum.CopyAndAdd(segment.Text, copy[length..]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(copy[TcpHeader.ChecksumOffset..], checksum.Finish());
        if (!octets[..packet.Length].SequenceEqual(packet)) return 0;

        length = IcmpWriter.WritePacketTooBig(octets, packet, 1280, header.Destination);
        IcmpMessage.TryParse(octets[..length], header.Version == 6, header.Destination, header.Source, out IcmpMessage message);
        Span<char> text = stackalloc char[InternetAddress.MaxTextLength];
        message.QuotedTuple.LocalAddress.TryFormat(text, out int written);
        return InternetAddress.TryParse(text[..written], out InternetAddress address) && address == header.Source ? 3 : 0;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_packet_that_is_read_and_written_again_is_the_same(bool v6)
    {
        for (int text = 0; text < 200; text++)
        {
            byte[] packet = Packets.Ip(v6, IpProtocol.Tcp, Packets.TcpSegment(v6, text));
            Assert.Equal(3, ReadAndWrite(packet, new byte[1500]));
        }
    }
}
