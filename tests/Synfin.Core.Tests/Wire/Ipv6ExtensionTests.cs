using Synfin.Wire;
using Xunit;

namespace Synfin.Tests.Wire;

/// <summary>Chains of extension headers (RFC 8200 4), which many stacks have tripped over.</summary>
[Trait("Threat", "52")]
[Trait("Threat", "54")]
public sealed class Ipv6ExtensionTests
{
    private const byte HopByHop = 0, Routing = 43, Fragment = 44, Authentication = 51, NoNext = 59, DestinationOptions = 60;

    private static readonly byte[] Text = new byte[24];

    /// <summary>Headers are given without their first octet, the next header: it follows from what comes behind.</summary>
    private static byte[] Padding => [0, 1, 4, 0, 0, 0, 0];

    private static byte[] FragmentHeader(int offset, bool more) => [0, (byte)(offset >> 8), (byte)(offset | (more ? 1 : 0)), 0, 0, 0, 9];

    private static WireError Parse(out IpHeader header, params (byte Kind, byte[] Header)[] chain) =>
        IpHeader.TryParse(Packets.Ipv6Chain(Text, IpProtocol.Tcp, chain), out header);

    [Fact]
    public void The_upper_layer_is_found_behind_every_kind_of_header()
    {
        WireError error = Parse(
            out IpHeader header,
            (HopByHop, Padding),
            (DestinationOptions, [1, 1, 12, .. new byte[12]]),
            (Routing, [0, 4, 0, 0, 0, 0, 0]),
            (Fragment, FragmentHeader(0, more: false)),
            (Authentication, [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]),
            (DestinationOptions, Padding));
        Assert.Equal(WireError.None, error);
        Assert.Equal(IpProtocol.Tcp, header.Protocol);
        Assert.Equal((40 + 8 + 16 + 8 + 8 + 12 + 8, Text.Length), (header.PayloadOffset, header.PayloadLength));
        Assert.False(header.IsFragment);
    }

    [Fact]
    public void Eight_headers_are_walked_and_nine_are_not()
    {
        for (int count = 0; count <= 12; count++)
        {
            (byte, byte[])[] chain = Enumerable.Repeat((DestinationOptions, Padding), count).ToArray();
            Assert.Equal(count <= IpHeader.MaxExtensionHeaders ? WireError.None : WireError.ExtensionHeaderChain, Parse(out _, chain));
        }
    }

    [Fact]
    public void Hop_by_hop_options_only_come_first() =>
        Assert.Equal(WireError.MisplacedHopByHop, Parse(out _, (DestinationOptions, Padding), (HopByHop, Padding)));

    [Theory]
    [InlineData(0, 0, WireError.RoutingHeader)] // RFC 5095: type 0 is dead, arrived or not
    [InlineData(0, 1, WireError.RoutingHeader)]
    [InlineData(3, 0, WireError.None)]
    [InlineData(4, 0, WireError.None)] // a segment-routing header at its end
    [InlineData(4, 1, WireError.RoutingHeader)]
    [InlineData(253, 255, WireError.RoutingHeader)]
    [Trait("Rfc", "5095 3")]
    public void Source_routes_are_not_followed(byte type, byte segmentsLeft, WireError error) =>
        Assert.Equal(error, Parse(out _, (Routing, [0, type, segmentsLeft, 0, 0, 0, 0])));

    [Theory]
    [InlineData(0, false, false, WireError.None)] // RFC 6946: atomic
    [InlineData(0, true, true, WireError.None)]
    [InlineData(8, false, true, WireError.None)]
    [InlineData(0xFFF8, false, true, WireError.BadFragment)] // beyond the largest datagram
    [Trait("Threat", "59")]
    public void Fragments_are_told_from_whole_datagrams(int offset, bool more, bool isFragment, WireError error)
    {
        Assert.Equal(error, Parse(out IpHeader header, (Fragment, FragmentHeader(offset, more))));
        if (error != WireError.None) return;
        Assert.Equal((isFragment, offset), (header.IsFragment, header.FragmentOffset));
    }

    [Fact]
    [Trait("Threat", "59")]
    public void A_middle_fragment_is_a_multiple_of_eight_octets()
    {
        byte[] packet = Packets.Ipv6Chain(new byte[23], IpProtocol.Tcp, (Fragment, FragmentHeader(0, more: true)));
        Assert.Equal(WireError.BadFragment, IpHeader.TryParse(packet, out _));
    }

    [Fact]
    [Trait("Threat", "59")]
    [Trait("Cve", "2021-24086")]
    public void There_is_one_fragment_header_at_most()
    {
        byte[] atomic = FragmentHeader(0, more: false);
        Assert.Equal(WireError.BadFragment, Parse(out _, (Fragment, atomic), (Fragment, atomic)));
    }

    [Fact]
    public void Nothing_is_read_out_of_a_piece()
    {
        // What follows would be a forbidden header, but it may be the middle of anything.
        byte[] forbidden = [0, 0, 1, 0, 0, 0, 0];
        Assert.Equal(WireError.None, Parse(out IpHeader header, (Fragment, FragmentHeader(64, more: false)), (Routing, forbidden)));
        Assert.Equal(Routing, header.Protocol);
        Assert.Equal(48, header.PayloadOffset);
        Assert.True(header.IsFragment);
    }

    [Fact]
    public void A_chain_may_end_in_nothing_or_in_what_is_not_known_here()
    {
        foreach (byte protocol in (byte[])[NoNext, 50, 135, 139, 140, 253, 255])
        {
            byte[] packet = Packets.Ipv6Chain([], protocol, (HopByHop, Padding));
            Assert.Equal(WireError.None, IpHeader.TryParse(packet, out IpHeader header));
            Assert.Equal((protocol, 0), (header.Protocol, header.PayloadLength));
        }
    }

    [Theory]
    [InlineData("00 00 00 00 00 00", WireError.None)] // Pad1 alone
    [InlineData("01 04 00 00 00 00", WireError.None)] // PadN
    [InlineData("01 00 01 00 01 00", WireError.None)]
    [InlineData("05 02 00 00 01 00", WireError.None)] // router alert: skip if unknown
    [InlineData("3E 04 00 00 00 00", WireError.None)] // unknown, skip
    [InlineData("7E 04 00 00 00 00", WireError.BadExtensionOption)] // unknown, discard
    [InlineData("C2 04 00 01 00 00", WireError.BadExtensionOption)] // jumbo payload: not here
    [InlineData("01 05 00 00 00 00", WireError.BadExtensionOption)] // beyond the header
    [InlineData("3E FF 00 00 00 00", WireError.BadExtensionOption)]
    [InlineData("00 00 00 00 00 01", WireError.BadExtensionOption)] // no room for the length
    [Trait("Rfc", "8200 4.2")]
    [Trait("Cve", "2024-38063")]
    public void Options_are_skipped_or_discard_the_packet(string options, WireError error)
    {
        byte[] header = [0, .. Convert.FromHexString(options.Replace(" ", "", StringComparison.Ordinal))];
        Assert.Equal(error, Parse(out _, (HopByHop, header)));
        Assert.Equal(error, Parse(out _, (DestinationOptions, header)));
    }

    [Fact]
    [Trait("Threat", "51")]
    public void A_header_beyond_the_packet_is_refused_at_every_length()
    {
        (byte Kind, byte[] Header)[] chain = [(HopByHop, Padding), (Routing, [0, 4, 0, 0, 0, 0, 0]), (DestinationOptions, Padding)];
        byte[] whole = Packets.Ipv6Chain([], IpProtocol.Tcp, chain);
        for (int length = 0; length < 24; length++)
        {
            byte[] packet = Packets.Ip(v6: true, HopByHop, whole.AsSpan(40, length));
            Assert.Equal(WireError.TruncatedExtensionHeader, IpHeader.TryParse(packet, out _));
        }
    }

    [Fact]
    [Trait("Threat", "51")]
    public void Every_length_octet_is_read_or_refused()
    {
        foreach (byte kind in (byte[])[HopByHop, Routing, Authentication, DestinationOptions])
        {
            for (int length = 0; length < 256; length++)
            {
                int octets = kind == Authentication ? (length + 2) * 4 : (length + 1) * 8;
                byte[] body = new byte[400];
                body[0] = IpProtocol.Tcp;
                body[1] = (byte)length;
                if (kind == Routing) body[2] = 4;
                Assert.Equal(
                    octets <= body.Length ? WireError.None : WireError.TruncatedExtensionHeader,
                    IpHeader.TryParse(Packets.Ip(v6: true, kind, body), out IpHeader header));
                if (octets <= body.Length) Assert.Equal(400 - octets, header.PayloadLength);
            }
        }
    }

    [Fact]
    public void Arbitrary_chains_end_in_a_value_or_an_error()
    {
        byte[] kinds = [HopByHop, Routing, Fragment, Authentication, NoNext, DestinationOptions, IpProtocol.Tcp, IpProtocol.Icmpv6];
        var random = new TestOctets(11);
        var seen = new int[256];
        for (int round = 0; round < 100_000; round++)
        {
            byte[] body = random.Take(random.Below(120));
            for (int i = 0; i < body.Length; i++)
            {
                if (i % 8 == 0) body[i] = kinds[random.Below(kinds.Length)];
                else if (random.Below(3) != 0) body[i] = 0;
            }
            byte[] packet = Packets.Ip(v6: true, kinds[random.Below(kinds.Length)], body);
            WireError error = IpHeader.TryParse(packet, out IpHeader header);
            seen[(int)error]++;
            if (error != WireError.None) continue;
            Assert.Equal(packet.Length, header.PayloadOffset + header.PayloadLength);
            Assert.InRange(header.PayloadOffset, 40, packet.Length);
        }
        WireError[] expected =
        [
            WireError.None, WireError.TruncatedExtensionHeader, WireError.MisplacedHopByHop, WireError.BadExtensionOption,
            WireError.RoutingHeader, WireError.BadFragment,
        ];
        Assert.All(expected, error => Assert.NotEqual(0, seen[(int)error]));
    }
}
