using Synfin.Wire;
using Xunit;

namespace Synfin.Tests.Wire;

/// <summary>Ethernet headers, addresses and ARP on the wire (RFC 894, RFC 2464, RFC 826).</summary>
public sealed class EthernetWireTests
{
    private static readonly byte[] Request =
        Convert.FromHexString("0001080006040001" + "020000000001" + "0A000001" + "000000000000" + "0A000002");

    [Theory]
    [InlineData("02:00:5e:10:aB:ff", "02:00:5e:10:ab:ff", 0x0200_5E10_ABFFul)]
    [InlineData("00-00-00-00-00-01", "00:00:00:00:00:01", 1ul)]
    public void An_address_is_read_and_written(string text, string canonical, ulong value)
    {
        MacAddress address = MacAddress.Parse(text);
        Assert.Equal((canonical, value), (address.ToString(), address.Value));
        byte[] octets = new byte[6];
        address.WriteTo(octets);
        Assert.Equal(address, MacAddress.FromBytes(octets));
    }

    [Theory]
    [InlineData("")]
    [InlineData("02:00:5e:10:ab")]
    [InlineData("02:00:5e:10:ab:ff:")]
    [InlineData("02:00:5e-10:ab:ff")]
    [InlineData("02.00.5e.10.ab.ff")]
    [InlineData("02:00:5g:10:ab:ff")]
    [InlineData("02: 0:5e:10:ab:ff")]
    [InlineData("02:+0:5e:10:ab:ff")]
    public void What_is_no_address_is_refused(string text)
    {
        Assert.False(MacAddress.TryParse(text, out _));
        FormatException refused = Assert.Throws<FormatException>(() => MacAddress.Parse(text));
        Assert.Contains("02:00:00:00:00:01", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_broadcast_and_nobody_are_told_apart()
    {
        Assert.True(MacAddress.Broadcast is { IsGroup: true, IsUnicast: false });
        Assert.True(new MacAddress(0x0100_5E00_0001) is { IsGroup: true });
        Assert.True(new MacAddress(0x0200_0000_0001) is { IsGroup: false, IsUnicast: true });
        Assert.True(default(MacAddress) is { IsUnspecified: true, IsUnicast: false });
    }

    [Fact]
    public void A_header_is_read_as_it_was_written_and_a_short_one_is_refused()
    {
        var header = new EthernetHeader(MacAddress.Broadcast, new MacAddress(0x0200_0000_0001), EtherType.Ipv6);
        byte[] frame = new byte[14];
        header.WriteTo(frame);
        Assert.Equal("FFFFFFFFFFFF02000000000186DD", Convert.ToHexString(frame));
        Assert.Equal(WireError.None, EthernetHeader.TryParse(frame, out EthernetHeader read));
        Assert.Equal(header, read);
        for (int length = 0; length < 14; length++)
            Assert.Equal(WireError.TruncatedEthernetHeader, EthernetHeader.TryParse(frame.AsSpan(0, length), out _));
    }

    [Fact]
    [Trait("Rfc", "826 Format")]
    public void An_ARP_request_worked_out_by_hand_is_read_and_written()
    {
        Assert.Equal(WireError.None, ArpPacket.TryParse([.. Request, 0, 0, 0], out ArpPacket arp));
        Assert.Equal(ArpOperation.Request, arp.Operation);
        Assert.Equal(("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2"),
            (arp.SenderMac.ToString(), arp.SenderAddress.ToString(), arp.TargetAddress.ToString()));
        byte[] written = new byte[28];
        arp.WriteTo(written);
        Assert.Equal(Request, written);
    }

    [Fact]
    [Trait("Threat", "51")]
    public void ARP_for_anything_else_than_IPv4_over_Ethernet_is_refused()
    {
        for (int length = 0; length < 28; length++)
            Assert.Equal(WireError.TruncatedArpPacket, ArpPacket.TryParse(Request.AsSpan(0, length), out _));
        for (int at = 0; at < 8; at++)
        {
            byte[] other = [.. Request];
            other[at] ^= 0x13; // also of an operation: 18
            Assert.Equal(WireError.BadArpPacket, ArpPacket.TryParse(other, out _));
        }
        byte[] none = [.. Request];
        none[7] = 0;
        Assert.Equal(WireError.BadArpPacket, ArpPacket.TryParse(none, out _));
    }

    [Fact]
    [Trait("Rfc", "4291 2.7.1")]
    public void Scopes_and_solicited_node_groups()
    {
        InternetAddress address = InternetAddress.Parse("2001:db8::1:800:200e:8c6c");
        Assert.Equal(InternetAddress.Parse("ff02::1:ff0e:8c6c"), address.SolicitedNode);
        Assert.True(address.SolicitedNode.IsSolicitedNode && !address.IsSolicitedNode && !InternetAddress.AllNodes.IsSolicitedNode);
        Assert.Equal("33:33:ff:0e:8c:6c", MacAddress.ForGroup(address.SolicitedNode).ToString());
        foreach (string local in (string[])["fe80::1", "febf::1", "169.254.1.2"]) Assert.True(InternetAddress.Parse(local).IsLinkLocal);
        foreach (string far in (string[])["fec0::1", "fe7f::1", "169.253.1.2", "::1"]) Assert.False(InternetAddress.Parse(far).IsLinkLocal);
    }
}
