using Synfin.Ip;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ip;

public sealed class AddressPrefixTests
{
    [Theory]
    [InlineData("10.9.0.2/24")]
    [InlineData("0.0.0.0/0")]
    [InlineData("10.9.0.2/32")]
    [InlineData("fd00::2/64")]
    [InlineData("::/0")]
    [InlineData("fd00::2/128")]
    public void An_address_with_a_prefix_is_read_and_printed(string text) => Assert.Equal(text, AddressPrefix.Parse(text).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.9.0.2")]
    [InlineData("10.9.0.2/")]
    [InlineData("10.9.0.2/33")]
    [InlineData("10.9.0.2/-1")]
    [InlineData("10.9.0.2/+1")]
    [InlineData("10.9.0.2/ 8")]
    [InlineData("10.9.0.256/24")]
    [InlineData("10.9/24")]
    [InlineData("fd00::2/129")]
    [InlineData("host/24")]
    public void Anything_else_is_refused(string? text) => Assert.False(AddressPrefix.TryParse(text, out _));

    [Theory]
    [InlineData("10.9.0.1/24", "10.9.0.254", true)]
    [InlineData("10.9.0.1/24", "10.9.1.1", false)]
    [InlineData("10.9.0.1/0", "192.0.2.1", true)]
    [InlineData("10.9.0.1/32", "10.9.0.2", false)]
    [InlineData("fd00::1/64", "fd00::ffff:ffff:ffff:ffff", true)]
    [InlineData("fd00::1/64", "fd00:0:0:1::1", false)]
    [InlineData("fd00::1/126", "fd00::3", true)]
    [InlineData("fd00::1/126", "fd00::4", false)]
    [InlineData("::/0", "10.9.0.1", false)]
    public void A_subnet_holds_what_shares_its_prefix(string prefix, string address, bool expected)
    {
        InternetAddress other = AddressPrefix.Parse(address + "/0").Address;
        Assert.Equal(expected, AddressPrefix.Parse(prefix).Contains(other));
    }
}
