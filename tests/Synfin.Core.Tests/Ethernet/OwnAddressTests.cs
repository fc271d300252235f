using Synfin.Ethernet;
using Synfin.Ip;
using Synfin.Tcp;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ethernet;

/// <summary>An interface's addresses: detected duplicates (RFC 4862 5.4), conflicts (RFC 5227), announcements, routes.</summary>
public sealed class OwnAddressTests
{
    private static readonly EthernetOptions Detecting = new() { Autoconfiguration = false, Ipv4Probes = 2 };

    private readonly EthernetSegment _segment = new();

    public static TheoryData<string> Addresses => ["10.0.0.1/24", "fd00::1/64"];

    [Theory]
    [MemberData(nameof(Addresses))]
    [Trait("Rfc", "4862 5.4")]
    [Trait("Rfc", "5227 2.1.1")]
    public void A_tentative_address_is_not_used_and_not_answered_for_and_then_it_is(string prefix)
    {
        string address = prefix[..prefix.IndexOf('/', StringComparison.Ordinal)];
        EthernetHost a = _segment.Host(1, Detecting).With(prefix);
        Assert.Equal(AddressState.Tentative, a.Interface.Addresses.Single().State);
        Assert.False(a.Stack.IsLocal(InternetAddress.Parse(address)));
        Assert.Equal(TcpError.InvalidLocalAddress, a.Stack.Connect(
            InternetAddress.Parse(address) is { IsIpv4: true } ? InternetAddress.Parse("10.0.0.9") : InternetAddress.Parse("fd00::9"),
            80, null, 0, null, _segment.Now, out _));
        MacAddress group = address[0] == '1' ? default : MacAddress.ForGroup(InternetAddress.Parse(address).SolicitedNode);
        if (address[0] == '1') _segment.Says(EthernetFrames.Arp(ArpOperation.Request, 6, "10.0.0.66", address));
        else _segment.Says(EthernetFrames.Solicitation(6, "fd00::66", address, group));
        Assert.DoesNotContain(_segment.Said(), line => line.Contains("is at", StringComparison.Ordinal));
        _segment.Run(4.1);
        Assert.Equal(AddressState.Preferred, a.Interface.Addresses.Single().State);
        Assert.True(a.Stack.IsLocal(InternetAddress.Parse(address)));
        string[] expected = address[0] == '1'
            ? ["1 to all: may I have 10.0.0.1?", "1 to all: may I have 10.0.0.1?", "1 to all: 10.0.0.1 is mine"]
            : ["1 to group: may I have fd00::1?", "1 to group: fd00::1 is mine"];
        Assert.Equal(expected, _segment.Said(without: "1 to group: nobody"));
        Assert.Equal([AddressState.Tentative, AddressState.Preferred], a.Changes.Select(change => change.State));
        Assert.Equal(AddressPrefix.Parse(prefix).Network, a.Stack.Routes.Routes.Single().Destination);
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    [Trait("Rfc", "4862 5.4.4")]
    [Trait("Threat", "62")]
    public void An_address_that_another_host_defends_is_given_up_and_told_of(string prefix)
    {
        _segment.Host(2, Detecting).With(prefix);
        _segment.Run(10);
        EthernetHost a = _segment.Host(1, Detecting).With(prefix);
        _segment.Run(10);
        Assert.Empty(a.Interface.Addresses);
        Assert.Empty(a.Stack.Routes.Routes);
        AddressConflict conflict = Assert.Single(a.Conflicts);
        Assert.Equal(new AddressConflict(AddressPrefix.Parse(prefix).Address, EthernetFrames.MacOf(2), GivenUp: true), conflict);
        Assert.Equal([AddressState.Tentative, AddressState.Duplicate], a.Changes.Select(change => change.State));
        Assert.Equal(AddressState.Preferred, _segment.Hosts[0].Interface.Addresses.Single().State);
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    [Trait("Rfc", "5227 2.1.1")]
    [Trait("Rfc", "4862 5.4.3")]
    public void Two_hosts_that_want_the_same_address_at_the_same_time_do_not_both_get_it(string prefix)
    {
        EthernetHost a = _segment.Host(1, Detecting).With(prefix);
        EthernetHost b = _segment.Host(2, Detecting).With(prefix);
        _segment.Run(20);
        Assert.InRange(a.Interface.Addresses.Count + b.Interface.Addresses.Count, 0, 1);
        Assert.NotEmpty(a.Conflicts.Concat(b.Conflicts));
    }

    [Fact]
    [Trait("Rfc", "5227 2.4")]
    [Trait("Threat", "62")]
    public void An_IPv4_address_in_use_is_defended_once_in_ten_seconds_and_kept()
    {
        EthernetHost a = _segment.Host(1).With("10.0.0.1/24");
        _segment.Run(20);
        _segment.Said();
        for (int i = 0; i < 50; i++) _segment.Says(EthernetFrames.Arp(ArpOperation.Request, 6, "10.0.0.1", "10.0.0.1"));
        Assert.Equal(1, _segment.Said().Count(line => line == "1 to all: 10.0.0.1 is mine"));
        Assert.Equal(50, a.Conflicts.Count);
        Assert.False(a.Conflicts[0].GivenUp);
        _segment.Run(10);
        _segment.Says(EthernetFrames.Arp(ArpOperation.Reply, 6, "10.0.0.1", "10.0.0.9"));
        Assert.Equal(1, _segment.Said().Count(line => line == "1 to all: 10.0.0.1 is mine"));
        Assert.True(a.Stack.IsLocal(InternetAddress.Parse("10.0.0.1")));
    }

    [Fact]
    public void Two_hosts_that_both_defend_do_not_speak_for_ever()
    {
        _segment.Host(1).With("10.0.0.1/24");
        _segment.Host(2).With("10.0.0.1/24");
        _segment.Run(60);
        Assert.InRange(_segment.Said().Length, 2, 20);
    }

    [Fact]
    [Trait("Rfc", "5227 2.3")]
    public void An_address_is_announced_twice_over_IPv4()
    {
        _segment.Host(1).With("10.0.0.1/24");
        _segment.Settle();
        Assert.Equal(["1 to all: 10.0.0.1 is mine"], _segment.Said());
        _segment.Run(1.9);
        Assert.Empty(_segment.Said());
        _segment.Run(60);
        Assert.Equal(["1 to all: 10.0.0.1 is mine"], _segment.Said());
    }

    [Fact]
    public void An_address_taken_away_is_gone_with_its_route_and_its_group()
    {
        EthernetHost a = _segment.Host(1).With("10.0.0.1/24").With("fd00::1/64");
        _segment.Run(10);
        _segment.Said();
        Assert.True(a.Interface.RemoveAddress(InternetAddress.Parse("10.0.0.1"), _segment.Now));
        Assert.True(a.Interface.RemoveAddress(InternetAddress.Parse("fd00::1"), _segment.Now));
        Assert.False(a.Interface.RemoveAddress(InternetAddress.Parse("fd00::1"), _segment.Now));
        _segment.Says(EthernetFrames.Arp(ArpOperation.Request, 6, "10.0.0.66", "10.0.0.1"));
        Assert.Equal(["6 to all: who has 10.0.0.1? tell 10.0.0.66", "1 to group: nobody ChangeToInclude ff02::1:ff00:1"], _segment.Said());
        Assert.Empty(a.Stack.Routes.Routes);
        Assert.False(a.Stack.IsLocal(InternetAddress.Parse("10.0.0.1")));
    }

    [Fact]
    public void Addresses_that_no_host_can_have_and_too_many_are_refused()
    {
        EthernetHost a = _segment.Host(1, new EthernetOptions { Autoconfiguration = false, MaxAddresses = 2 });
        string[] impossible = ["0.0.0.0/8", "255.255.255.255/32", "224.0.0.1/4", "127.0.0.1/8", "::/64", "::1/128", "ff02::1/64"];
        foreach (string bad in impossible)
            Assert.Throws<ArgumentException>(() => a.Interface.AddAddress(AddressPrefix.Parse(bad), _segment.Now));
        a.With("10.0.0.1/24").With("10.0.0.2/24").With("10.0.0.2/24");
        Assert.False(a.Interface.AddAddress(AddressPrefix.Parse("10.0.0.3/24"), _segment.Now));
        Assert.Equal(2, a.Interface.Addresses.Count);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        EthernetOptions[] bad =
        [
            new() { Interface = -1 }, new() { MaxNeighbors = 0 }, new() { MaxSolicitations = 0 }, new() { Ipv4Probes = 11 },
            new() { MaxWaitingOctets = 131_071 }, new() { MaxPendingFrames = 0 }, new() { ReachableTime = default },
            new() { DuplicateAddressDetections = -1 }, new() { MaxAddresses = 0 }, new() { MaxUnresolvedNeighbors = 0 },
        ];
        foreach (EthernetOptions options in bad) Assert.Throws<ArgumentOutOfRangeException>(() => _segment.Host(1, options));
        Assert.Throws<ArgumentException>(() => new EthernetInterface(
            _segment.Host(1), MacAddress.Broadcast, new EthernetOptions(), default, _segment.Hosts[0].Stack, _segment.Now));
    }
}
