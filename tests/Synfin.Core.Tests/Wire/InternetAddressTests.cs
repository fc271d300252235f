using Synfin.Wire;
using Xunit;

namespace Synfin.Tests.Wire;

public sealed class InternetAddressTests
{
    [Theory]
    [InlineData("0.0.0.0", 0u)]
    [InlineData("255.255.255.255", uint.MaxValue)]
    [InlineData("192.0.2.1", 0xC000_0201u)]
    [InlineData("::ffff:192.0.2.1", 0xC000_0201u)]
    [InlineData("::FFFF:c000:0201", 0xC000_0201u)]
    public void An_IPv4_address_is_read(string text, uint number)
    {
        Assert.True(InternetAddress.TryParse(text, out InternetAddress address));
        Assert.True(address.IsIpv4);
        Assert.Equal(number, address.Ipv4);
        Assert.Equal(InternetAddress.FromIpv4(number), address);
    }

    // The right-hand sides are the examples and rules of RFC 5952 4 and of RFC 4291 2.2.
    [Theory]
    [InlineData("2001:0db8:0000:0000:0000:0000:0002:0001", "2001:db8::2:1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("2001:DB8:ABCD:EF01:2345:6789:ABCD:EF01", "2001:db8:abcd:ef01:2345:6789:abcd:ef01")]
    [InlineData("ff01:0:0:0:0:0:0:101", "ff01::101")]
    [InlineData("0:0:0:0:0:0:0:1", "::1")]
    [InlineData("0:0:0:0:0:0:0:0", "::")]
    [InlineData("1:0:0:0:0:0:0:0", "1::")]
    [InlineData("0:0:1:2:3:4:5:6", "::1:2:3:4:5:6")]
    [InlineData("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::")]
    [InlineData("0:1:2:3:4:5:6:0", "0:1:2:3:4:5:6:0")]
    [InlineData("64:ff9b::192.0.2.33", "64:ff9b::c000:221")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304")]
    [InlineData("::1.2.3.4", "::102:304")]
    [InlineData("::ffff:1.2.3.4", "1.2.3.4")]
    [InlineData("::ffff:0:0", "0.0.0.0")]
    [InlineData("::1:ffff:102:304", "::1:ffff:102:304")]
    [Trait("Rfc", "5952 4")]
    public void The_text_of_an_address_is_canonical(string text, string canonical)
    {
        InternetAddress address = InternetAddress.Parse(text);
        Assert.Equal(canonical, address.ToString());
        Assert.Equal(address, InternetAddress.Parse(canonical));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.4.")]
    [InlineData(".1.2.3")]
    [InlineData("1..2.3")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.1000")]
    [InlineData("01.2.3.4")]
    [InlineData("0x1.2.3.4")]
    [InlineData("+1.2.3.4")]
    [InlineData("1.2.3.-4")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1.2.3.٤")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData(":1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("::1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("1.2.3.4::")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("::1.2.3")]
    [InlineData("::1.2.3.04")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::1/64")]
    [InlineData(":: 1")]
    [InlineData("::-1")]
    public void Other_text_is_refused_with_a_reason(string text)
    {
        Assert.False(InternetAddress.TryParse(text, out InternetAddress address));
        Assert.Equal(default, address);
        var error = Assert.Throws<FormatException>(() => InternetAddress.Parse(text));
        Assert.StartsWith($"'{text}' is no IP address: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_pattern_of_zero_groups_comes_back()
    {
        for (int pattern = 0; pattern < 256; pattern++)
        {
            ulong high = 0, low = 0;
            for (int i = 0; i < 4; i++)
            {
                high = high << 16 | ((pattern >> i & 1) != 0 ? 0xA000u + (uint)i : 0);
                low = low << 16 | ((pattern >> (i + 4) & 1) != 0 ? 0xBu + (uint)i : 0);
            }
            var address = new InternetAddress(high, low);
            Assert.Equal(address, InternetAddress.Parse(address.ToString()));
            // The platform writes some addresses with an IPv4 address inside, which RFC 5952 5 leaves to known prefixes.
            string platform = new System.Net.IPAddress(Octets(address)).ToString();
            if (!platform.Contains('.')) Assert.Equal(platform, address.ToString());
        }
    }

    [Fact]
    public void Random_addresses_come_back_and_agree_with_the_platform()
    {
        var random = new TestOctets(6);
        for (int i = 0; i < 5000; i++)
        {
            InternetAddress address = (i & 1) == 0
                ? InternetAddress.FromIpv4((uint)random.Next())
                : new(random.Next() | 1UL << 63, random.Next());
            string text = address.ToString();
            Assert.Equal(address, InternetAddress.Parse(text));
            Assert.Equal(System.Net.IPAddress.Parse(text).GetAddressBytes(), Octets(address));
        }
    }

    [Fact]
    public void A_destination_of_every_length_is_enough_or_is_refused()
    {
        string[] texts = ["255.255.255.255", "1111:2222:3333:4444:5555:6666:7777:8888", "::", "1::", "::1", "1::8"];
        Span<char> destination = stackalloc char[InternetAddress.MaxTextLength];
        foreach (string text in texts)
        {
            InternetAddress address = InternetAddress.Parse(text);
            for (int length = 0; length <= destination.Length; length++)
            {
                Assert.Equal(length >= text.Length, address.TryFormat(destination[..length], out int written));
                if (length >= text.Length) Assert.Equal(text, destination[..written].ToString());
            }
        }
    }

    [Fact]
    public void Arbitrary_characters_never_throw()
    {
        const string Alphabet = "0129afF:.:.:g%/[ ";
        var random = new TestOctets(7);
        Span<char> text = stackalloc char[48];
        for (int i = 0; i < 100_000; i++)
        {
            int length = random.Below(text.Length);
            for (int j = 0; j < length; j++) text[j] = Alphabet[random.Below(Alphabet.Length)];
            if (InternetAddress.TryParse(text[..length], out InternetAddress address))
            {
                Assert.Equal(address, InternetAddress.Parse(address.ToString()));
            }
        }
    }

    private static byte[] Octets(InternetAddress address)
    {
        var octets = new byte[address.IsIpv4 ? 4 : 16];
        address.WriteTo(octets);
        return octets;
    }
}
