using Synfin.Ethernet;
using Synfin.Ip;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ethernet;

/// <summary>Stateless autoconfiguration with a router that reads from a script (RFC 4862, RFC 7217, RFC 4191, RFC 8106).</summary>
public sealed class SlaacTests
{
    private const string RouterAddress = "fe80::fe";

    private readonly EthernetSegment _segment = new();
    private readonly EthernetHost _a;

    public SlaacTests()
    {
        _a = _segment.Host(1, new EthernetOptions { MaxRouters = 2, MaxPrefixes = 3, MaxAddresses = 4, MaxDnsServers = 2 });
        _segment.Run(3);
    }

    private string[] Routes => [.. _a.Stack.Routes.Routes.Select(r => $"{r.Destination}{(r.Gateway is { } via ? $" via {via}" : "")}")];

    private InterfaceAddress[] Global => [.. _a.Interface.Addresses.Where(address => !address.Prefix.Address.IsLinkLocal)];

    private InternetAddress LinkLocal => _a.Interface.Addresses.Single(address => address.Prefix.Address.IsLinkLocal).Prefix.Address;

    private void Advertises(int lifetime, params byte[][] options) =>
        _segment.Says(EthernetFrames.Router(254, RouterAddress, lifetime, 0, options));

    private static byte[] Prefix(uint valid, uint preferred, string prefix = "2001:db8::") =>
        EthernetFrames.Prefix(prefix, 64, valid, preferred);

    [Fact]
    [Trait("Rfc", "4862 5.3")]
    [Trait("Rfc", "4861 6.3.7")]
    public void A_host_makes_a_link_local_address_and_asks_for_routers_three_times()
    {
        _segment.Run(60);
        string[] said = _segment.Said();
        Assert.Equal(1, said.Count(line => line == $"1 to group: may I have {LinkLocal}?"));
        Assert.Equal(3, said.Count(line => line == "1 to group: routers?"));
        Assert.True(LinkLocal.IsLinkLocal && _a.Stack.IsLocal(LinkLocal));
        Assert.Equal(["fe80::/64", "ff00::/8"], Routes);
    }

    [Fact]
    [Trait("Rfc", "4862 5.5.3")]
    public void An_advertisement_makes_an_address_a_route_and_a_default_router_and_ends_the_asking()
    {
        _segment.Said();
        Advertises(1_800, Prefix(86_400, 14_400), EthernetFrames.MtuOption(1_400), EthernetFrames.SourceMac(254),
            EthernetFrames.DnsServers(600, "2001:db8::53", "fe80::53"));
        Assert.Equal(AddressState.Tentative, Global.Single().State);
        _segment.Run(10);
        InterfaceAddress own = Global.Single();
        Assert.Equal((AddressState.Preferred, 64, true), (own.State, own.Prefix.Length, own.IsAutomatic));
        Assert.Equal(AddressPrefix.Parse("2001:db8::/64"), own.Prefix.Network);
        Assert.Equal(["fe80::/64", "2001:db8::/64", "ff00::/8", "::/0 via fe80::fe"], Routes);
        Assert.All(_a.Stack.Routes.Routes, route => Assert.Equal(1_400, route.Mtu));
        Assert.Equal(own.Prefix.Address, _a.Stack.Routes.Routes[^1].Source);
        Assert.Equal(LinkLocal, _a.Stack.Routes.Routes[0].Source);
        Assert.Equal([InternetAddress.Parse(RouterAddress)], _a.Interface.Routers);
        Assert.Equal([InternetAddress.Parse("2001:db8::53"), InternetAddress.Parse("fe80::53")], _a.Interface.DnsServers);
        Assert.DoesNotContain("1 to group: routers?", _segment.Said());
        Assert.Equal($"{RouterAddress} Stale", _a.Neighbors.Single());
        _a.Connect("2001:db8:7::7");
        _segment.Settle();
        Assert.Equal(["1 to 254: tcp to 2001:db8:7::7"], _segment.Said());
    }

    [Fact]
    [Trait("Rfc", "4862 5.5.4")]
    public void Lifetimes_end_deprecated_is_not_chosen_and_invalid_is_gone()
    {
        Advertises(100, Prefix(8_000, 50), EthernetFrames.DnsServers(60, "2001:db8::53"));
        _segment.Run(49);
        Assert.Equal(AddressState.Preferred, Global.Single().State);
        _segment.Run(2);
        Assert.Equal(AddressState.Deprecated, Global.Single().State);
        Assert.True(_a.Stack.IsLocal(Global.Single().Prefix.Address));
        _segment.Run(10);
        Assert.Empty(_a.Interface.DnsServers);
        _segment.Run(40);
        Assert.Empty(_a.Interface.Routers);
        Assert.Equal(["fe80::/64", "2001:db8::/64", "ff00::/8"], Routes);
        _segment.Run(8_000);
        Assert.Empty(Global);
        Assert.Equal(["fe80::/64", "ff00::/8"], Routes);
        Assert.Equal(AddressState.Removed, _a.Changes[^1].State);
    }

    [Fact]
    [Trait("Rfc", "4862 5.5.3")]
    [Trait("Threat", "62")]
    public void Nobody_ends_an_address_sooner_than_in_two_hours()
    {
        Advertises(1_800, Prefix(86_400, 14_400));
        _segment.Run(5);
        Advertises(1_800, Prefix(1, 1));
        Assert.Equal(_segment.Now + Duration.FromSeconds(7_200), Global.Single().ValidUntil);
        _segment.Run(10);
        Advertises(1_800, Prefix(60, 0)); // less than two hours are left: it is ignored, but for the preference
        Assert.Equal(_segment.Now + Duration.FromSeconds(7_190), Global.Single().ValidUntil);
        Assert.Equal(AddressState.Deprecated, Global.Single().State);
        Advertises(1_800, Prefix(7_300, 7_300));
        Assert.Equal(_segment.Now + Duration.FromSeconds(7_300), Global.Single().ValidUntil);
        Assert.Equal(AddressState.Preferred, Global.Single().State);
        Advertises(1_800, Prefix(uint.MaxValue, uint.MaxValue));
        Assert.Equal((Timestamp.Never, Timestamp.Never), (Global.Single().ValidUntil, Global.Single().PreferredUntil));
    }

    [Fact]
    [Trait("Rfc", "7217 6")]
    public void A_duplicate_makes_the_next_identifier_and_after_three_none()
    {
        var tried = new HashSet<InternetAddress>();
        Advertises(1_800, Prefix(86_400, 14_400));
        for (int i = 0; i < 4; i++)
        {
            InternetAddress address = Global.Single().Prefix.Address;
            Assert.True(tried.Add(address));
            _segment.Says(EthernetFrames.Advertisement(
                6, address.ToString(), "ff02::1", MacAddress.ForGroup(InternetAddress.AllNodes), false, true));
        }
        Assert.Empty(Global);
        Assert.Equal(4, _a.Conflicts.Count(conflict => conflict.GivenUp));
        Assert.All(tried, address => Assert.False(_a.Stack.IsLocal(address)));
    }

    [Fact]
    [Trait("Rfc", "7217 5")]
    public void Identifiers_are_the_same_in_one_network_and_differ_between_prefixes_interfaces_and_secrets()
    {
        var secret = new StackSecret(5, 6);
        InternetAddress prefix = InternetAddress.Parse("2001:db8::"), other = InternetAddress.Parse("2001:db8:0:1::");
        MacAddress mac = EthernetFrames.MacOf(1);
        InternetAddress one = StableIdentifier.AddressIn(in secret, prefix, mac, 0, 0);
        Assert.Equal(one, StableIdentifier.AddressIn(in secret, prefix, mac, 0, 0));
        var another = new StackSecret(5, 7);
        ulong[] all =
        [
            one.Low,
            StableIdentifier.AddressIn(in secret, other, mac, 0, 0).Low,
            StableIdentifier.AddressIn(in secret, prefix, EthernetFrames.MacOf(2), 0, 0).Low,
            StableIdentifier.AddressIn(in secret, prefix, mac, 1, 0).Low,
            StableIdentifier.AddressIn(in secret, prefix, mac, 0, 1).Low,
            StableIdentifier.AddressIn(in another, prefix, mac, 0, 0).Low,
        ];
        Assert.Equal(6, all.Distinct().Count());
        Assert.True(StableIdentifier.IsReserved(0) && StableIdentifier.IsReserved(0x0200_5EFF_FE00_5213));
        Assert.True(StableIdentifier.IsReserved(0xFDFF_FFFF_FFFF_FF80) && !StableIdentifier.IsReserved(1));
    }

    [Fact]
    public void A_kept_secret_keeps_the_address_over_a_restart()
    {
        var segment = new EthernetSegment();
        var kept = new EthernetOptions { StableSecret = new StackSecret(8, 9) };
        InternetAddress[] addresses = new InternetAddress[2];
        for (int i = 0; i < 2; i++)
        {
            segment.Hosts.Clear();
            // The stack's own secret is another each time: it is made of the host's number, and so is the Ethernet address.
            var stack = new NetworkStack(new StackOptions(), new StackSecret((ulong)i, 0), segment.Now);
            EthernetHost cable = segment.Host(1);
            var up = new EthernetInterface(cable, EthernetFrames.MacOf(1), kept, new StackSecret((ulong)i, 0), stack, segment.Now);
            addresses[i] = up.Addresses.Single().Prefix.Address;
        }
        Assert.Equal(addresses[0], addresses[1]);
    }

    [Fact]
    [Trait("Rfc", "4191 3.2")]
    public void The_preferred_router_comes_first_and_a_silent_one_last()
    {
        _segment.Says(EthernetFrames.Router(253, "fe80::fd", 1_800, 0, Prefix(86_400, 14_400)));
        _segment.Says(EthernetFrames.Router(254, "fe80::fe", 1_800, 1, EthernetFrames.SourceMac(254)));
        Assert.Equal(["::/0 via fe80::fe", "::/0 via fe80::fd"], Routes[^2..]);
        _segment.Run(5);
        _a.Connect("2001:db8:7::7");
        _segment.Run(9); // five to wait, three questions: the first one is away
        Assert.Equal(["::/0 via fe80::fd", "::/0 via fe80::fe"], Routes[^2..]);
        _segment.Says(EthernetFrames.Router(254, "fe80::fe", 1_800, 1));
        Assert.Equal(["::/0 via fe80::fe", "::/0 via fe80::fd"], Routes[^2..]);
        _segment.Says(EthernetFrames.Router(254, "fe80::fe", 0));
        Assert.Equal("::/0 via fe80::fd", Routes[^1]);
        Assert.Equal([InternetAddress.Parse("fe80::fd")], _a.Interface.Routers);
    }

    [Fact]
    [Trait("Threat", "62")]
    public void Routers_prefixes_addresses_and_servers_have_limits_and_so_has_the_rate()
    {
        for (int i = 0; i < 15; i++)
        {
            _segment.Says(EthernetFrames.Router((byte)(100 + i), $"fe80::{100 + i}", 1_800, 0, Prefix(86_400, 14_400, $"2001:db8:0:{i}::"),
                EthernetFrames.DnsServers(600, $"2001:db8::{i}:53")));
        }
        Assert.Equal((2, 3, 2), (_a.Interface.Routers.Count, Global.Length, _a.Interface.DnsServers.Count));
        Assert.Equal(2 + 3 + 2, Routes.Length);
        Assert.True(_a.Interface.Counters.AdvertisementsRefused >= 13 + 12 + 13);
        long before = _a.Interface.Counters.AdvertisementsReceived;
        for (int i = 0; i < 1_000; i++) Advertises(1_800);
        Assert.InRange(_a.Interface.Counters.AdvertisementsReceived - before, 1, 20);
    }

    [Theory]
    [InlineData("2001:db8::fe", 255, "not from a link-local address")]
    [InlineData("fe80::fe", 64, "through a router")]
    [Trait("Rfc", "4861 6.1.2")]
    [Trait("Threat", "62")]
    public void An_advertisement_from_beyond_the_link_is_dropped(string source, byte hopLimit, string why)
    {
        byte[] message = [134, 0, 0, 0, 64, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, .. Prefix(86_400, 14_400)];
        _segment.Says(EthernetFrames.Icmpv6(254, source, "ff02::1", message, hopLimit));
        Assert.True(_a.Interface.Routers.Count == 0 && Global.Length == 0, why);
        Assert.Equal(1, _a.Interface.Counters.Malformed);
    }

    [Theory]
    [InlineData("2001:db8::", 63, 86_400, 14_400)] // identifiers have 64 bits
    [InlineData("2001:db8::", 64, 100, 200)] // preferred longer than valid
    [InlineData("fe80::", 64, 86_400, 14_400)]
    [InlineData("ff02::", 64, 86_400, 14_400)]
    [InlineData("2001:db8::", 64, 0, 0)]
    [Trait("Rfc", "4862 5.5.3")]
    public void Prefixes_that_make_no_address_are_passed_over(string prefix, int length, uint valid, uint preferred)
    {
        Advertises(1_800, EthernetFrames.Prefix(prefix, length, valid, preferred, onLink: false));
        Assert.Empty(Global);
        Assert.Equal(["fe80::/64", "ff00::/8", "::/0 via fe80::fe"], Routes);
    }

    [Theory]
    [InlineData(1_279, 0)]
    [InlineData(1_280, 1_280)]
    [InlineData(1_500, 1_500)]
    [InlineData(1_501, 0)]
    [InlineData(uint.MaxValue, 0)]
    [Trait("Rfc", "4861 6.3.4")]
    public void An_MTU_below_what_IPv6_needs_or_above_the_links_is_not_believed(uint mtu, int taken)
    {
        Advertises(1_800, EthernetFrames.MtuOption(mtu));
        Assert.Equal(taken, _a.Stack.Routes.Routes[^1].Mtu);
    }

    [Fact]
    [Trait("Rfc", "4861 7.2.5")]
    public void A_router_that_says_it_is_none_any_more_is_no_default_router()
    {
        Advertises(1_800, EthernetFrames.SourceMac(254));
        MacAddress all = MacAddress.ForGroup(InternetAddress.AllNodes);
        _segment.Says(EthernetFrames.Advertisement(254, RouterAddress, "ff02::1", all, solicited: false, overrides: true));
        Assert.Empty(_a.Interface.Routers);
        Assert.Equal(["fe80::/64", "ff00::/8"], Routes);
    }

    [Fact]
    public void A_given_address_in_an_advertised_prefix_keeps_its_route_when_the_prefix_goes()
    {
        Advertises(1_800, Prefix(10_000, 10_000));
        _a.With("2001:db8::1/64");
        _segment.Run(5);
        Assert.Single(Routes, route => route == "2001:db8::/64");
        _segment.Run(10_001);
        Assert.Single(Routes, route => route == "2001:db8::/64");
        Assert.Equal([AddressPrefix.Parse("2001:db8::1/64")], Global.Select(address => address.Prefix));
        Assert.True(_a.Interface.RemoveAddress(InternetAddress.Parse("2001:db8::1"), _segment.Now));
        Assert.Equal(["fe80::/64", "ff00::/8"], Routes);
    }
}
