using Synfin.Core.Tests.Buffers;
using Synfin.Dns;
using Xunit;

namespace Synfin.Core.Tests.Dns;

/// <summary>Domain names in text and on the wire (RFC 1035 3.1, 4.1.4).</summary>
[Trait("Rfc", "1035 4.1.4")]
public sealed class DnsNameTests
{
    private static DnsName Name(string text)
    {
        Assert.True(DnsName.TryParse(text, out DnsName? name, out string? reason), reason);
        return name;
    }

    private static string? Read(byte[] message, int offset, out int end)
    {
        Span<byte> octets = new byte[DnsName.MaxOctets];
        end = offset;
        return DnsName.TryRead(message, ref end, octets, out int length) ? DnsName.FromOctets(octets[..length]).ToString() : null;
    }

    [Theory]
    [InlineData("www.Example.COM", "www.example.com.", 3)]
    [InlineData("www.example.com.", "www.example.com.", 3)]
    [InlineData(".", ".", 0)]
    [InlineData("_srv.a-b", "_srv.a-b.", 2)]
    public void A_name_is_read_in_lower_case(string text, string expected, int labels) =>
        Assert.Equal((expected, labels), (Name(text).ToString(), Name(text).LabelCount));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("..", "empty")]
    [InlineData("a..b", "empty")]
    [InlineData("a.b..", "empty")]
    [InlineData(".a", "empty")]
    [InlineData("a b", "white space")]
    [InlineData("b\u00FCcher.example", "xn--")]
    public void What_is_no_name_is_refused_with_a_reason(string text, string reason)
    {
        Assert.False(DnsName.TryParse(text, out _, out string? why));
        Assert.Contains(reason, why, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rfc", "1035 2.3.4")]
    public void Labels_have_63_octets_and_names_255()
    {
        string label = new('a', 63);
        string longest = $"{label}.{label}.{label}.{new string('a', 61)}";
        Assert.Equal(255, Name(longest).Octets.Length);
        Assert.False(DnsName.TryParse(longest + "a", out _, out _));
        Assert.False(DnsName.TryParse(label + "a", out _, out _));
        byte[] wire = [.. Name(longest).Octets];
        Assert.Equal(longest + ".", Read(wire, 0, out _));
        Assert.Null(Read([1, (byte)'b', .. wire], 0, out _)); // 257
    }

    [Fact]
    public void Pointers_lead_back_and_nowhere_else()
    {
        byte[] message = [3, .. "com"u8, 0, 1, (byte)'A', 0xC0, 0, 1, (byte)'b', 0xC0, 5, 0xC0, 9, 0xC0, 15, 1, (byte)'c', 0xC0, 17];
        Assert.Equal(("com.", 5), (Read(message, 0, out int end), end));
        Assert.Equal(("a.com.", 9), (Read(message, 5, out end), end));
        Assert.Equal(("b.a.com.", 13), (Read(message, 9, out end), end));
        Assert.Equal(("b.a.com.", 15), (Read(message, 13, out end), end));
        Assert.Equal((null, 15), (Read(message, 15, out end), end)); // to itself
        Assert.Equal((null, 17), (Read(message, 17, out end), end)); // to its own part
        Assert.Null(Read([0xC0, 2, 0xC0, 0], 0, out _)); // forward
        Assert.Null(Read([0xC0], 0, out _));
        Assert.Null(Read([0x40, 1], 0, out _)); // neither length nor pointer
        Assert.Null(Read([0x80, 1], 0, out _));
        Assert.Null(Read([2, 65], 0, out _));
        Assert.Null(Read([1, 65], 0, out _)); // no root
        Assert.Null(Read([], 0, out _));
    }

    [Fact]
    public void Names_below_others_are_known()
    {
        Assert.True(Name("a.b.c").IsWithin(Name("b.c")));
        Assert.True(Name("b.c").IsWithin(Name("B.C")));
        Assert.True(Name("c").IsWithin(Name(".")));
        Assert.False(Name("xb.c").IsWithin(Name("b.c")));
        Assert.False(Name("c").IsWithin(Name("b.c")));
        Assert.Equal("www.example.org.", Name("www").Within(Name("example.org"))!.ToString());
        Assert.Null(Name(new string('a', 63)).Within(Name(string.Join('.', Enumerable.Repeat(new string('b', 63), 3)))));
        Assert.Equal(Name("A.b"), Name("a.B."));
        Assert.Equal(Name("A.b").GetHashCode(), Name("a.B.").GetHashCode());
    }

    [Fact]
    public void Odd_octets_are_shown_as_numbers() =>
        Assert.Equal("a\\046b\\000\\255.", DnsName.FromOctets([5, (byte)'a', (byte)'.', (byte)'b', 0, 255, 0]).ToString());

    [Fact]
    public void Random_octets_are_read_or_refused_and_what_is_read_is_a_name()
    {
        int read = 0;
        for (ulong seed = 0; seed < 20_000; seed++)
        {
            var random = new SeededGenerator(seed);
            byte[] message = random.Octets(random.Below(600));
            for (int i = 0; i < message.Length; i++)
                message[i] = random.OneIn(3) ? (byte)(0xC0 | (message[i] & 1)) : (byte)(message[i] & 15);
            string? name = Read(message, random.Below(message.Length + 1), out int end);
            Assert.InRange(end, 0, message.Length);
            if (name is not null) read++;
        }
        Assert.InRange(read, 1_000, 19_000);
    }
}
