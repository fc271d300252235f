using Synfin.Simulation.Faults;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.Tests;

public sealed class TopologyTests
{
    [Fact]
    public void Hosts_get_addresses_by_their_number()
    {
        SimulatedNetwork net = new();
        RawHost a = net.AddRawHost("a");
        RawHost b = net.AddRawHost("b");
        Assert.Equal(InternetAddress.FromIpv4(10, 0, 0, 1), a.Address);
        Assert.Equal(InternetAddress.Parse("fd00::2"), b.AddressV6);
        Assert.Same(b, net.FindHost(b.AddressV4));
    }

    [Fact]
    public void Hosts_keep_the_addresses_they_are_given()
    {
        SimulatedNetwork net = new();
        RawHost host = net.AddRawHost("a", InternetAddress.FromIpv4(192, 0, 2, 1));
        Assert.Equal(InternetAddress.FromIpv4(192, 0, 2, 1), Assert.Single(host.Addresses));
        Assert.Throws<InvalidOperationException>(() => host.AddressV6);
    }

    [Fact]
    public void Names_and_addresses_are_unique()
    {
        SimulatedNetwork net = new();
        net.AddRawHost("a");
        Assert.Throws<ArgumentException>(() => net.AddSwitch("a"));
        Assert.Throws<ArgumentException>(() => net.AddRawHost("b", InternetAddress.FromIpv4(10, 0, 0, 1)));
        Assert.Throws<ArgumentException>(() => net.AddRawHost("two words"));
    }

    [Fact]
    public void A_switch_forwards_by_address_and_each_host_has_its_own_link()
    {
        (SimulatedNetwork net, RawHost[] hosts, SimulatedSwitch hub) = Star(3);
        Send(hosts[0], hosts[1].Address);
        Send(hosts[0], hosts[2].Address);
        net.RunUntilIdle();
        // Host n is n ms away from the switch.
        Assert.Equal(3, hosts[1].Inbox.Single().Time.Milliseconds);
        Assert.Equal(4, hosts[2].Inbox.Single().Time.Milliseconds);
        Assert.Equal(2, hub.Forwarded);
    }

    [Fact]
    public void A_switch_loses_and_counts_what_nobody_has()
    {
        (SimulatedNetwork net, RawHost[] hosts, SimulatedSwitch hub) = Star(2);
        Send(hosts[0], InternetAddress.FromIpv4(203, 0, 113, 9));
        net.RunUntilIdle();
        Assert.Equal(1, hub.UnknownAddress);
        Assert.Empty(hosts[1].Inbox);
    }

    [Fact]
    public void Rules_apply_once_and_not_at_every_hop()
    {
        (SimulatedNetwork net, RawHost[] hosts, _) = Star(2);
        SegmentRule rule = net.AddRule("pass every segment from h1");
        Send(hosts[0], hosts[1].Address);
        net.RunUntilIdle();
        Assert.Equal(1, rule.Matched);
    }

    [Fact]
    public void Switches_can_be_joined_but_not_in_a_loop()
    {
        (SimulatedNetwork net, RawHost[] hosts, SimulatedSwitch hub) = Star(2);
        SimulatedSwitch other = net.AddSwitch("other");
        SimulatedSwitch third = net.AddSwitch("third");
        net.Connect(hub, other);
        net.Connect(other, third);
        RawHost far = net.AddRawHost("far");
        net.Connect(third, far);
        Send(hosts[0], far.Address);
        net.RunUntilIdle();
        Assert.Single(far.Inbox);
        Assert.Throws<ArgumentException>(() => net.Connect(third, hub));
    }

    [Fact]
    public void A_host_with_two_links_takes_the_one_that_leads_there()
    {
        SimulatedNetwork net = new();
        RawHost left = net.AddRawHost("left");
        RawHost middle = net.AddRawHost("middle");
        RawHost right = net.AddRawHost("right");
        net.Connect(left, middle);
        net.Connect(middle, right);
        Send(middle, left.Address);
        Send(middle, right.Address);
        net.RunUntilIdle();
        Assert.Single(left.Inbox);
        Assert.Single(right.Inbox);
    }

    [Fact]
    public void An_unconnected_host_loses_what_it_sends()
    {
        SimulatedNetwork net = new();
        RawHost alone = net.AddRawHost("alone");
        Send(alone, InternetAddress.FromIpv4(10, 0, 0, 9));
        net.RunUntilIdle();
        Assert.Equal(1, net.Unconnected);
    }

    [Fact]
    public void Offloads_are_all_or_none_at_a_node()
    {
        (SimulatedNetwork net, _, SimulatedSwitch hub) = Star(2);
        Assert.Throws<ArgumentException>(() => net.Connect(hub, net.AddRawHost("x"), new SimulatedLinkOptions { Offloads = true }));
    }

    [Fact]
    public void An_unknown_host_is_refused_with_those_that_are_there()
    {
        SimulatedNetwork net = new();
        Assert.Throws<ArgumentException>(() => net["nobody"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rfc", "1191 4")]
    public void A_switch_tells_the_sender_of_a_packet_that_is_too_large_unless_it_is_a_black_hole(bool isBlackHole)
    {
        (SimulatedNetwork net, RawHost[] hosts, SimulatedSwitch hub) = Star(1);
        RawHost far = net.AddRawHost("far");
        net.Connect(hub, far, new SimulatedLinkOptions { Mtu = 1280, BlackHole = isBlackHole });
        hosts[0].Send(new RawSegment
        {
            Source = hosts[0].Address,
            SourcePort = 1,
            Destination = far.Address,
            DestinationPort = 2,
            Text = new byte[1241],
        }.Build());
        net.RunUntilIdle();
        Assert.Empty(far.Inbox);
        Assert.Equal(isBlackHole ? 0 : 1, hosts[0].Inbox.Count);
        if (isBlackHole) return;
        ReadOnlySpan<byte> answer = hosts[0].Inbox[0].Packet.Octets.Span;
        Assert.Equal(WireError.None, IpHeader.TryParse(answer, out IpHeader ip));
        Assert.Equal((3, 4, 1280), (ip.Payload(answer)[0], ip.Payload(answer)[1], ip.Payload(answer)[6] << 8 | ip.Payload(answer)[7]));
    }

    private static (SimulatedNetwork Net, RawHost[] Hosts, SimulatedSwitch Hub) Star(int count)
    {
        SimulatedNetwork net = new();
        SimulatedSwitch hub = net.AddSwitch("hub");
        RawHost[] hosts = new RawHost[count];
        for (int i = 0; i < count; i++)
        {
            hosts[i] = net.AddRawHost($"h{i + 1}");
            net.Connect(hosts[i], hub, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(i + 1) });
        }
        return (net, hosts, hub);
    }

    private static void Send(RawHost from, InternetAddress to) => from.Send(new RawSegment
    {
        Source = from.Address,
        SourcePort = 1,
        Destination = to,
        DestinationPort = 2,
        Flags = TcpFlags.Ack,
    }.Build());
}
