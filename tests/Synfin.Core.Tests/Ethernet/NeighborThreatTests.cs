using Synfin.Ethernet;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ethernet;

/// <summary>Neighbours that lie, and neighbours without number: what they can change, and what they can make grow.</summary>
[Trait("Threat", "62")]
public sealed class NeighborThreatTests
{
    private readonly EthernetSegment _segment = new();
    private readonly EthernetHost _a;
    private readonly EthernetHost _b;

    public NeighborThreatTests()
    {
        EthernetOptions small = new()
        {
            Autoconfiguration = false,
            DuplicateAddressDetections = 0,
            MaxNeighbors = 8,
            MaxUnconfirmedNeighbors = 8,
            MaxUnresolvedNeighbors = 16,
            MaxWaitingPackets = 32,
            MaxSolicitationsPerSecond = 64,
        };
        _a = _segment.Host(1, small).With("10.0.0.1/8").With("fd00::1/64");
        _b = _segment.Host(2).With("10.0.0.2/8").With("fd00::2/64");
        _segment.Run(10);
        _segment.Said();
    }

    public static TheoryData<string, string> Families => new() { { "10.0.0.1", "10.0.0.2" }, { "fd00::1", "fd00::2" } };

    [Fact]
    public void An_unasked_ARP_reply_makes_no_entry()
    {
        long before = _a.Interface.Counters.UnsolicitedIgnored;
        _segment.Says(EthernetFrames.Arp(ArpOperation.Reply, 6, "10.0.0.66", "10.0.0.1", _a.Mac, _a.Mac));
        _segment.Says(EthernetFrames.Arp(ArpOperation.Reply, 6, "10.0.0.66", "10.0.0.66"));
        _segment.Says(EthernetFrames.Arp(ArpOperation.Request, 6, "10.0.0.66", "10.0.0.66")); // gratuitous
        _segment.Says(EthernetFrames.Arp(ArpOperation.Request, 6, "10.0.0.66", "10.0.0.2")); // asks somebody else
        Assert.Empty(_a.Neighbors);
        Assert.Equal(4, _a.Interface.Counters.UnsolicitedIgnored - before);
    }

    [Fact]
    [Trait("Rfc", "4861 7.2.5")]
    public void An_unasked_neighbor_advertisement_makes_no_entry()
    {
        long before = _a.Interface.Counters.UnsolicitedIgnored;
        _segment.Says(EthernetFrames.Advertisement(6, "fd00::66", "fd00::1", _a.Mac, solicited: true, overrides: true));
        _segment.Says(EthernetFrames.Advertisement(6, "fd00::66", "ff02::1", MacAddress.ForGroup(InternetAddress.AllNodes), false, true));
        Assert.Empty(_a.Neighbors);
        Assert.Equal(2, _a.Interface.Counters.UnsolicitedIgnored - before);
    }

    [Theory]
    [InlineData(ArpOperation.Reply, "10.0.0.1")]
    [InlineData(ArpOperation.Reply, "10.0.0.2")]
    [InlineData(ArpOperation.Request, "10.0.0.1")]
    [InlineData(ArpOperation.Request, "10.0.0.2")]
    public void No_claim_of_ARP_moves_a_known_neighbour_while_it_answers_at_its_old_place(ArpOperation operation, string target)
    {
        _a.SendsTo("10.0.0.2");
        _segment.Says(EthernetFrames.Arp(operation, 6, "10.0.0.2", target, MacAddress.Broadcast, _a.Mac));
        Assert.Equal((EthernetFrames.MacOf(2), NeighborState.Stale), (_a.Neighbor("10.0.0.2").Mac, _a.Neighbor("10.0.0.2").State));
        Assert.Equal(1, _a.Interface.Counters.ClaimsDoubted);
        _segment.Said();
        _a.SendsTo("10.0.0.2");
        string[] said = _segment.Said();
        Assert.Contains("1 to 2: udp to 10.0.0.2", said);
        Assert.Contains("1 to 2: who has 10.0.0.2? tell 10.0.0.1", said); // at once, where it was
        Assert.Equal((EthernetFrames.MacOf(2), NeighborState.Reachable), (_a.Neighbor("10.0.0.2").Mac, _a.Neighbor("10.0.0.2").State));
    }

    [Fact]
    [Trait("Rfc", "4861 7.2.5")]
    public void Without_the_override_flag_an_advertisement_moves_nobody()
    {
        _a.SendsTo("fd00::2");
        _segment.Says(EthernetFrames.Advertisement(6, "fd00::2", "fd00::1", _a.Mac, solicited: true, overrides: false));
        Assert.Equal((EthernetFrames.MacOf(2), NeighborState.Stale), (_a.Neighbor("fd00::2").Mac, _a.Neighbor("fd00::2").State));
    }

    [Fact]
    [Trait("Rfc", "4861 7.2.5")]
    public void With_the_override_flag_it_does_but_is_not_taken_for_an_answer()
    {
        _a.SendsTo("fd00::2");
        _segment.Says(EthernetFrames.Advertisement(6, "fd00::2", "fd00::1", _a.Mac, solicited: true, overrides: true));
        Assert.Equal((EthernetFrames.MacOf(6), NeighborState.Stale), (_a.Neighbor("fd00::2").Mac, _a.Neighbor("fd00::2").State));
        _a.SendsTo("fd00::2");
        _segment.Run(5 + 3 + 0.1); // nobody answers at 6, so it is forgotten
        Assert.DoesNotContain(_a.Interface.Neighbors, n => n.Mac == EthernetFrames.MacOf(6));
        _a.SendsTo("fd00::2");
        Assert.Equal(EthernetFrames.MacOf(2), _a.Neighbor("fd00::2").Mac);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_scan_of_a_subnet_is_bounded_and_leaves_established_neighbours_alone(string a, string b)
    {
        _b.Listen(80);
        TcpConnection connection = _a.Connect(b);
        _segment.Run(0.5);
        Assert.Equal(TcpState.Established, connection.State);
        _segment.Said();
        for (int i = 0; i < 5_000; i++)
        {
            // SYNs as if from all over the subnet: our answers ask for each.
            string from = b[0] == '1' ? $"10.{1 + i / 250}.0.{1 + i % 250}" : $"fd00::{0x1000 + i:x}";
            _a.Connect(from);
            if (i % 50 == 49) _segment.Run(0.05);
        }
        Assert.Equal(16, _a.Interface.Neighbors.Count(n => n.State is NeighborState.Incomplete));
        Assert.Equal((EthernetFrames.MacOf(2), NeighborState.Reachable), (_a.Neighbor(b).Mac, _a.Neighbor(b).State));
        int asked = _segment.Said().Count(line => line.EndsWith($"tell {a}", StringComparison.Ordinal));
        Assert.InRange(asked, 64, 64 + 64 * 5 + 1); // the burst, and five seconds of the rate
        Assert.True(_a.Interface.Counters.SolicitationsSuppressed > 4_000);
        connection.Send(new byte[10], _segment.Now, out _);
        _segment.Settle();
        Assert.Contains($"1 to 2: tcp to {b}", _segment.Said());
        _segment.Run(20);
        Assert.DoesNotContain(_a.Interface.Neighbors, n => n.State is NeighborState.Incomplete);
    }

    [Fact]
    public void A_flood_of_questions_from_made_up_hosts_pushes_out_only_its_like()
    {
        _a.SendsTo("10.0.0.2");
        _a.SendsTo("fd00::2");
        _a.Connect("10.9.9.9"); // is being asked for
        _segment.Settle();
        for (int i = 0; i < 2_000; i++)
        {
            byte mac = (byte)(100 + i % 100);
            _segment.Says(EthernetFrames.Arp(ArpOperation.Request, mac, $"10.1.{i / 250}.{1 + i % 250}", "10.0.0.1"));
            _segment.Says(EthernetFrames.Solicitation(
                mac, $"fd00::{0x1000 + i:x}", "fd00::1", MacAddress.ForGroup(InternetAddress.Parse("fd00::1").SolicitedNode)));
        }
        NeighborEntry[] all = [.. _a.Interface.Neighbors];
        Assert.Equal(2, all.Count(n => n.State is NeighborState.Reachable));
        Assert.Single(all, n => n.State is NeighborState.Incomplete);
        Assert.Equal(8, all.Count(n => n.State is NeighborState.Stale));
        Assert.Equal(2_000 * 2 - 8, _a.Interface.Counters.NeighborsEvicted);
    }

    [Fact]
    public void Of_more_neighbours_that_answer_than_there_is_room_for_the_ones_used_least_recently_go()
    {
        for (byte i = 10; i < 30; i++)
        {
            _segment.Host(i).With($"10.0.0.{i}/8");
            _a.SendsTo($"10.0.0.{i}");
            _a.SendsTo("10.0.0.10");
        }
        string[] kept = [.. _a.Interface.Neighbors.Select(n => n.Address.ToString())];
        Assert.Equal(["10.0.0.10", .. Enumerable.Range(0, 7).Select(i => $"10.0.0.{29 - i}")], kept);
    }

    [Fact]
    public void Answers_about_ourselves_have_a_limit()
    {
        EthernetHost c = _segment.Host(3, new EthernetOptions
        {
            Autoconfiguration = false,
            MaxAnswersPerSecond = 10,
            DuplicateAddressDetections = 0,
        }).With("10.0.0.3/8");
        _segment.Run(5);
        _segment.Said();
        for (int i = 0; i < 100; i++) _segment.Says(EthernetFrames.Arp(ArpOperation.Request, 6, "10.0.0.66", "10.0.0.3"));
        Assert.Equal(10, _segment.Said().Count(line => line == "3 to 6: 10.0.0.3 is at 3"));
        Assert.Equal(90, c.Interface.Counters.AnswersSuppressed);
    }

    [Fact]
    public void Packets_that_wait_are_bounded_in_number_and_octets()
    {
        for (int i = 0; i < 40; i++) _a.SendsTo($"10.0.1.{1 + i % 14}", octets: 1_000);
        Assert.Equal(14, _a.Interface.Neighbors.Count);
        Assert.True(_a.Interface.Counters.PacketsDropped >= 8); // CheckInvariants holds the limit at each turn
        _segment.Run(10);
        Assert.Equal(40, _a.Interface.Counters.PacketsDropped);
    }

    [Theory]
    [InlineData("fd00::66", "fd00::1", 254)] // came through a router
    [InlineData("fd00::66", "fd00::1", 255, true)] // a wrong checksum
    [Trait("Rfc", "4861 7.1.1")]
    public void A_solicitation_from_beyond_the_link_is_not_answered(string source, string target, byte hopLimit, bool damaged = false)
    {
        byte[] message = [135, 0, 0, 0, 0, 0, 0, 0, .. new byte[16], 1, 1, 2, 0, 0, 0, 0, 6];
        InternetAddress.Parse(target).WriteTo(message.AsSpan(8));
        byte[] frame = EthernetFrames.Icmpv6(6, source, InternetAddress.Parse(target).SolicitedNode.ToString(), message, hopLimit);
        if (damaged) frame[^1] ^= 1;
        _segment.Says(frame);
        Assert.Empty(_a.Neighbors);
        Assert.Single(_segment.Said());
        Assert.Equal(1, _a.Interface.Counters.Malformed);
    }

    [Fact]
    public void A_question_from_another_subnet_is_answered_and_makes_no_entry()
    {
        _segment.Says(EthernetFrames.Arp(ArpOperation.Request, 6, "192.0.2.66", "10.0.0.1"));
        Assert.Empty(_a.Neighbors);
        Assert.Contains("1 to 6: 10.0.0.1 is at 1", _segment.Said());
    }

    [Fact]
    [Trait("Rfc", "4861 8.1")]
    public void A_redirect_is_not_followed()
    {
        byte[] message = [137, 0, 0, 0, 0, 0, 0, 0, .. new byte[32], 2, 1, 2, 0, 0, 0, 0, 6];
        InternetAddress.Parse("fe80::66").WriteTo(message.AsSpan(8));
        InternetAddress.Parse("2001:db8::7").WriteTo(message.AsSpan(24));
        int routes = _a.Stack.Routes.Routes.Count;
        _segment.Says(EthernetFrames.Icmpv6(6, "fe80::fe", "fd00::1", message, to: _a.Mac));
        Assert.Equal((1, 0), (_a.Interface.Counters.RedirectsIgnored, _a.Interface.Counters.Malformed));
        Assert.Equal(routes, _a.Stack.Routes.Routes.Count);
        Assert.Empty(_a.Neighbors);
    }

    [Fact]
    [Trait("Rfc", "1122 3.3.6")]
    public void A_packet_for_us_alone_in_a_frame_for_many_is_dropped()
    {
        long before = _a.Interface.Counters.NotForUs;
        foreach (string to in (string[])["10.0.0.1", "fd00::1"])
        {
            InternetAddress destination = InternetAddress.Parse(to);
            byte[] packet = new byte[60];
            InternetAddress source = InternetAddress.Parse(destination.IsIpv4 ? "10.0.0.66" : "fd00::66");
            IpHeaderWriter.Write(packet, source, destination, IpProtocol.Tcp, destination.IsIpv4 ? 40 : 20, 0, 64, 0);
            ushort type = destination.IsIpv4 ? EtherType.Ipv4 : EtherType.Ipv6;
            _segment.Says(EthernetFrames.Frame(MacAddress.Broadcast, EthernetFrames.MacOf(6), type, packet));
        }
        Assert.Equal((2, 0), (_a.Interface.Counters.NotForUs - before, _a.Stack.Counters.PacketsReceived));
    }

    [Theory]
    [InlineData(0x8100)]
    [InlineData(0x88A8)]
    [InlineData(0x0042)]
    public void Tagged_and_unknown_frames_are_dropped(int type)
    {
        _segment.Carry(null, EthernetFrames.Frame(_a.Mac, EthernetFrames.MacOf(6), (ushort)type, new byte[46]), default);
        _segment.Settle();
        Assert.Equal((1, 0), (_a.Interface.Counters.UnknownType, _a.Stack.Counters.PacketsReceived));
        _segment.Log.Clear();
    }
}
