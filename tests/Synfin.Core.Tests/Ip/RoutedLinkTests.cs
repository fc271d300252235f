using Synfin.Ip;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ip;

/// <summary>A host with two interfaces: each packet takes the way of its route.</summary>
public sealed class RoutedLinkTests
{
    private readonly RouteTable _routes = new();
    private readonly Counters _counters = new();
    private readonly Below _first = new() { Mtu = 1_500, Offloads = LinkOffloads.TransmitChecksum | LinkOffloads.Segmentation };
    private readonly Below _second = new() { Mtu = 1_400, Offloads = LinkOffloads.TransmitChecksum };
    private readonly RoutedLink _link;

    public RoutedLinkTests()
    {
        _link = new RoutedLink(_routes, _counters);
        Assert.Equal((0, 1), (_link.Add(_first), _link.Add(_second)));
    }

    private bool Sends(string destination)
    {
        InternetAddress to = InternetAddress.Parse(destination);
        byte[] packet = new byte[60];
        IpHeaderWriter.Write(packet, InternetAddress.Parse(to.IsIpv4 ? "10.0.0.1" : "fd00::1"), to, 17, to.IsIpv4 ? 40 : 20, 0, 64, 0);
        return _link.Transmit(new OutboundPacket { Header = packet, TransportOffset = 20, WireSegments = 1 });
    }

    [Fact]
    public void Without_routes_all_takes_the_first_interface()
    {
        Assert.True(Sends("10.0.0.9"));
        Assert.True(Sends("2001:db8::9"));
        Assert.Equal(["10.0.0.9", "2001:db8::9"], _first.NextHops);
        Assert.Empty(_second.NextHops);
    }

    [Fact]
    public void With_routes_the_next_hop_is_the_destination_or_the_router()
    {
        _routes.Add(new Route { Destination = AddressPrefix.Parse("10.0.0.0/24") });
        _routes.Add(new Route { Destination = AddressPrefix.Parse("10.0.1.0/24"), Interface = 1 });
        _routes.Add(new Route { Destination = AddressPrefix.DefaultIpv4, Interface = 1, Gateway = InternetAddress.Parse("10.0.1.254") });
        _routes.Add(new Route { Destination = AddressPrefix.DefaultIpv6, Gateway = InternetAddress.Parse("fe80::1") });
        foreach (string to in (string[])["10.0.0.9", "10.0.1.9", "192.0.2.1", "2001:db8::9"]) Assert.True(Sends(to));
        Assert.Equal(["10.0.0.9", "fe80::1"], _first.NextHops);
        Assert.Equal(["10.0.1.9", "10.0.1.254"], _second.NextHops);
    }

    [Fact]
    public void What_is_for_many_goes_through_no_router()
    {
        _routes.Add(new Route { Destination = AddressPrefix.DefaultIpv4, Interface = 1, Gateway = InternetAddress.Parse("10.0.1.254") });
        _routes.Add(new Route { Destination = AddressPrefix.DefaultIpv6, Interface = 1, Gateway = InternetAddress.Parse("fe80::1") });
        foreach (string to in (string[])["255.255.255.255", "224.0.0.251", "ff02::fb"]) Assert.True(Sends(to));
        Assert.Equal(["255.255.255.255", "224.0.0.251", "ff02::fb"], _second.NextHops);
    }

    [Fact]
    public void What_has_no_route_is_counted_and_lost()
    {
        _routes.Add(new Route { Destination = AddressPrefix.Parse("10.0.0.0/24") });
        Assert.True(Sends("192.0.2.1"));
        Assert.True(Sends("2001:db8::9"));
        Assert.Equal(2, _counters.Dropped[(int)DropReason.NoRoute]);
        Assert.Empty(_first.NextHops);
    }

    [Fact]
    public void A_full_interface_keeps_the_packet_for_later()
    {
        _first.IsFull = true;
        Assert.False(Sends("10.0.0.9"));
        Assert.False(_link.Output(Timestamp.Zero));
        _first.IsFull = false;
        Assert.True(Sends("10.0.0.9"));
    }

    [Fact]
    public void The_link_does_what_all_interfaces_do()
    {
        Assert.Equal((1_400, LinkOffloads.TransmitChecksum, 32_000), (_link.Mtu, _link.Offloads, _link.MaxSuperSegment));
        _second.Mtu = 9_000;
        _second.Offloads = _first.Offloads;
        _link.Refresh();
        Assert.Equal((1_500, _first.Offloads, 32_000), (_link.Mtu, _link.Offloads, _link.MaxSuperSegment));
    }

    [Fact]
    public void Time_and_output_go_to_who_asked_for_them()
    {
        Timestamp soon = Timestamp.Zero + Duration.FromSeconds(1), later = Timestamp.Zero + Duration.FromSeconds(2);
        (_first.NextDeadline, _second.NextDeadline) = (later, soon);
        Assert.Equal(soon, _link.NextDeadline);
        _link.OnTime(soon);
        Assert.Equal((0, 1), (_first.Fired, _second.Fired));
        Assert.False(_link.HasOutput);
        _second.HasOutput = true;
        Assert.True(_link.HasOutput && _link.Output(soon));
        Assert.Equal((0, 1), (_first.Outputs, _second.Outputs));
        Assert.True(Sends("10.0.0.9"));
        Assert.Equal(soon, _first.SentAt);
    }

    [Fact]
    public void A_point_to_point_interface_hands_all_through()
    {
        var sink = new Engine.RecordingLink { Offloads = LinkOffloads.TransmitChecksum };
        var through = new PointToPointInterface(sink);
        Assert.Equal((1_500, LinkOffloads.TransmitChecksum), (through.Mtu, through.Offloads));
        Assert.Equal((Timestamp.Never, false), (through.NextDeadline, through.HasOutput));
        byte[] packet = new byte[60];
        IpHeaderWriter.Write(packet, InternetAddress.Parse("10.0.0.1"), InternetAddress.Parse("10.0.0.9"), 17, 40, 0, 64, 0);
        var outbound = new OutboundPacket { Header = packet, TransportOffset = 20, WireSegments = 1 };
        Assert.True(through.Transmit(in outbound, InternetAddress.Parse("10.0.0.254"), Timestamp.Zero) && through.Output(Timestamp.Zero));
        Assert.Equal(packet, Assert.Single(sink.Packets));
        var stack = new NetworkStack(new StackOptions(), new StackSecret(1, 2), Timestamp.Zero);
        through.Input(packet, default, stack, Timestamp.Zero);
        Assert.Equal(1, stack.Counters.PacketsReceived);
    }

    private sealed class Below : IIpInterface
    {
        public List<string> NextHops { get; } = [];

        public bool IsFull { get; set; }

        public int Fired { get; private set; }

        public int Outputs { get; private set; }

        public Timestamp SentAt { get; private set; }

        public int Mtu { get; set; }

        public LinkOffloads Offloads { get; set; }

        public int MaxSuperSegment => 32_000;

        public Timestamp NextDeadline { get; set; } = Timestamp.Never;

        public bool HasOutput { get => field || IsFull; set; }

        public void Input(ReadOnlySpan<byte> frame, ReceiveMetadata metadata, NetworkStack stack, Timestamp now) =>
            stack.Input(frame, metadata, now);

        public bool Transmit(in OutboundPacket packet, InternetAddress nextHop, Timestamp now)
        {
            if (IsFull) return false;
            NextHops.Add(nextHop.ToString());
            SentAt = now;
            return true;
        }

        public void OnTime(Timestamp now) => Fired++;

        public bool Output(Timestamp now)
        {
            Outputs++;
            return !IsFull;
        }
    }
}
