using Synfin.Ip;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ip;

/// <summary>Which route a destination takes (RFC 1812 5.2.4.3).</summary>
public sealed class RouteTableTests
{
    private readonly RouteTable _routes = new();

    private static Route To(string destination, int metric = 0, string? via = null, int place = 0) => new()
    {
        Destination = AddressPrefix.Parse(destination),
        Metric = metric,
        Gateway = via is null ? null : InternetAddress.Parse(via),
        Interface = place,
    };

    private Route? Find(string address) => _routes.TryFind(InternetAddress.Parse(address), out Route? route) ? route : null;

    [Fact]
    public void The_longest_prefix_wins_whatever_the_order_and_the_metric()
    {
        Route[] all =
        [
            To("0.0.0.0/0", 0, "10.0.0.254"), To("10.0.0.0/8", 5), To("10.1.0.0/16", 9), To("10.1.2.3/32", 99), To("::/0", 0, "fe80::1"),
        ];
        foreach (Route route in all) Assert.True(_routes.Add(route));
        Assert.Equal(all[0], Find("192.0.2.1"));
        Assert.Equal(all[1], Find("10.2.0.1"));
        Assert.Equal(all[2], Find("10.1.2.4"));
        Assert.Equal(all[3], Find("10.1.2.3"));
        Assert.Equal(all[4], Find("2001:db8::1"));
    }

    [Fact]
    public void Of_routes_to_the_same_subnet_the_smaller_metric_wins_then_the_older()
    {
        _routes.Add(To("10.0.0.0/8", 7, "10.0.0.1"));
        _routes.Add(To("10.0.0.0/8", 3, "10.0.0.2"));
        _routes.Add(To("10.0.0.0/8", 3, "10.0.0.3"));
        Assert.Equal(InternetAddress.Parse("10.0.0.2"), Find("10.5.5.5")!.Gateway);
        Assert.True(_routes.Remove(To("10.0.0.0/8", 0, "10.0.0.2"))); // a route is what it leads to and through whom
        Assert.Equal(InternetAddress.Parse("10.0.0.3"), Find("10.5.5.5")!.Gateway);
        Assert.False(_routes.Remove(To("10.0.0.0/8", 3, "10.0.0.2")));
    }

    [Fact]
    public void IPv4_and_IPv6_do_not_take_each_others_default_route()
    {
        _routes.Add(To("::/0", 0, "fe80::1"));
        Assert.Null(Find("192.0.2.1"));
        _routes.Add(To("0.0.0.0/0", 0, "10.0.0.254"));
        Assert.Equal(InternetAddress.Parse("10.0.0.254"), Find("192.0.2.1")!.Gateway);
        Assert.Equal(InternetAddress.Parse("fe80::1"), Find("::2")!.Gateway);
    }

    [Fact]
    public void The_same_subnet_gateway_and_interface_are_one_route_whose_newest_word_counts()
    {
        _routes.Add(To("10.1.2.3/8", 7));
        _routes.Add(To("10.0.0.0/8", 3));
        _routes.Add(To("10.0.0.0/8", 5, place: 1));
        Assert.Equal([3, 5], _routes.Routes.Select(route => route.Metric));
    }

    [Fact]
    public void A_full_table_takes_no_more_but_what_replaces()
    {
        for (int i = 0; i < RouteTable.MaxRoutes; i++) Assert.True(_routes.Add(To($"10.{i}.0.0/16")));
        Assert.False(_routes.Add(To("192.0.2.0/24")));
        Assert.True(_routes.Add(To("10.7.0.0/16", 4)));
        Assert.Equal(RouteTable.MaxRoutes, _routes.Routes.Count);
    }
}
