using Synfin.Core.Tests.Engine;
using Synfin.Core.Tests.Udp;
using Synfin.Ip;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ip;

/// <summary>Which of its addresses a host sends from (RFC 6724 5, rules 1, 2 and 8).</summary>
[Trait("Rfc", "6724 5")]
public sealed class SourceSelectionTests
{
    [Theory]
    [InlineData("2001:db8::1 fe80::1", "fe80::9", "fe80::1")]
    [InlineData("fe80::1 2001:db8::1", "2001:db8:7::9", "2001:db8::1")]
    [InlineData("fe80::1 fec0::1", "2001:db8:7::9", "fec0::1")] // none reaches it: the widest
    [InlineData("2001:db8::1 fec0::1", "fec0:1::1", "fec0::1")]
    [InlineData("2001:db8::1 2001:db8:7::1", "2001:db8:7::9", "2001:db8:7::1")] // the nearest
    [InlineData("2001:db8:7::1 2001:db8::1", "2001:db8:7::9", "2001:db8:7::1")]
    [InlineData("2001:db8::1 2001:db8::2", "2001:db8::9", "2001:db8::1")] // the first of equals
    [InlineData("2001:db8::1 2001:db8::2", "2001:db8::2", "2001:db8::2")] // ourselves
    [InlineData("2001:db8::1", "fe80::9", "2001:db8::1")] // better than none
    [InlineData("10.0.0.1 10.7.0.1", "10.7.0.9", "10.0.0.1")] // for IPv4 routes say it
    [InlineData("10.0.0.1 169.254.3.1", "169.254.3.9", "169.254.3.1")]
    [InlineData("169.254.3.1 10.0.0.1", "8.8.8.8", "10.0.0.1")]
    public void The_scope_counts_and_then_the_prefix(string own, string to, string source)
    {
        NetworkStack stack = ListenTests.Host([.. own.Split(' ').Select(InternetAddress.Parse)]);
        Assert.Equal(InternetAddress.Parse(source), SourceOf(stack, to));
    }

    [Fact]
    public void A_routes_address_goes_before_others_of_its_scope()
    {
        InternetAddress second = InternetAddress.Parse("2001:db8::2");
        NetworkStack stack = ListenTests.Host(InternetAddress.Parse("2001:db8:7::1"), second, InternetAddress.Parse("fe80::1"));
        stack.Routes.Add(new Route { Destination = AddressPrefix.DefaultIpv6, Source = second });
        Assert.Equal(second, SourceOf(stack, "2001:db8:7::9"));
        Assert.Equal(InternetAddress.Parse("fe80::1"), SourceOf(stack, "fe80::9"));
    }

    private static InternetAddress SourceOf(NetworkStack stack, string to)
    {
        Assert.Equal(TcpError.None, stack.BindUdp(InternetAddress.AnyIpv6, 0, Timestamp.Zero, out UdpEndpoint? endpoint));
        Assert.Equal(TcpError.None, endpoint!.Connect(InternetAddress.Parse(to), 9, Timestamp.Zero));
        return endpoint.LocalAddress;
    }
}
