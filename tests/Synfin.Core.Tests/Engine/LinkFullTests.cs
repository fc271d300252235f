using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The ready queue: fair, in order, and patient with a link that is full.</summary>
public sealed class LinkFullTests
{
    private const int Super = 2 * 1460;

    /// <summary>Three connections, from ports 1 to 3, each with 29,200 octets to send and the windows for it.</summary>
    private static Given ThreeSenders()
    {
        Given given = Given.Listening(new StackOptions { Profile = TcpProfile.Default with { InitialWindowSegments = 40 } });
        for (ushort port = 1; port <= 3; port++)
            given.From(port).Receives("S seq 0 <mss 1460>").Sends("S.").Receives(". seq 1 ack 1").Accepts();
        for (ushort port = 1; port <= 3; port++)
        {
            ushort wanted = port;
            given.Stack.ForEachConnection(c =>
            {
                if (c.Tuple.RemotePort == wanted) Assert.Equal(TcpError.None, c.Send(new byte[10 * Super], given.Now, out _));
            });
        }
        return given;
    }

    private static ushort[] Ports(RecordingLink link) => [.. link.Packets.Select(p => SegmentScript.Read(p).DestinationPort)];

    private static RecordingLink Cutting(int room = int.MaxValue) =>
        new() { Offloads = LinkOffloads.Segmentation, MaxSuperSegment = Super, Room = room };

    public LinkFullTests() => SegmentScript.Partial = true;

    [Fact]
    public void Connections_take_turns_one_super_segment_each()
    {
        RecordingLink link = Cutting();
        Assert.True(ThreeSenders().Stack.Output(link, Timestamp.Zero));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (ushort)(1 + i % 3)), Ports(link));
        Assert.All(link.Packets, p => Assert.Equal(Super, SegmentScript.Read(p).Text.Length));
    }

    [Fact]
    public void A_full_link_stops_the_round_and_it_goes_on_where_it_stopped()
    {
        Given given = ThreeSenders();
        RecordingLink link = Cutting(room: 4);
        Assert.False(given.Stack.Output(link, Timestamp.Zero));
        Assert.Equal([1, 2, 3, 1], Ports(link));
        Assert.True(given.Stack.HasOutput);
        Assert.False(given.Stack.Output(link, Timestamp.Zero));
        while (given.Stack.HasOutput)
        {
            link.Room = 1;
            given.Stack.Output(link, Timestamp.Zero);
        }
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (ushort)(1 + i % 3)), Ports(link));
        for (ushort port = 1; port <= 3; port++)
        {
            SequenceNumber next = SegmentScript.Read(link.Packets[port - 1]).Seq;
            foreach (byte[] packet in link.Packets.Where(p => SegmentScript.Read(p).DestinationPort == port))
            {
                Segment seg = SegmentScript.Read(packet);
                Assert.Equal(next, seg.Seq);
                next = seg.End;
            }
        }
        Assert.Equal(0, given.Stack.Counters.SegmentsRetransmitted);
    }

    [Fact]
    public void What_waits_for_the_link_is_neither_lost_nor_timed()
    {
        Given given = Given.Established();
        given.LinkFull = true;
        given.Writes(3_000).After(10_000).SendsNothing();
        given.LinkFull = false;
        given.Turn().Sends(". seq 1 len 1460").Sends(". seq 1461 len 1460").Sends("P. seq 2921 len 80").SendsNothing()
            .After(199).SendsNothing()
            .Receives(". seq 1 ack 3001")
            .And(g => Assert.Equal(0, g.Stack.Counters.SegmentsRetransmitted));
    }

    [Fact]
    public void Replies_wait_for_the_link_in_their_order_before_the_text()
    {
        Given given = Given.Established();
        given.LinkFull = true;
        given.Writes(10)
            .From(7).Receives("S seq 0").SendsNothing()
            .From(8).Receives(". seq 1 ack 55").SendsNothing()
            .ReceivesPacket(Packets.Icmp(Given.Us, 8, 0, 1, [1, 2, 3])).SendsNothing();
        given.LinkFull = false;
        given.Turn().From(7).Sends("S. seq 0 ack 1").From(8).Sends("R seq 55");
        Assert.Equal(IpProtocol.Icmp, Packets.Ip(given.TakeSent()).Protocol);
        given.From(40_000).Sends("P. seq 1 len 10").SendsNothing();
    }

    [Fact]
    public void A_connection_that_ends_while_it_waits_sends_only_its_RST()
    {
        Given given = Given.Established();
        given.LinkFull = true;
        given.Writes(10).Aborts().SendsNothing();
        given.LinkFull = false;
        given.Turn().Sends("R. seq 1 ack 1").SendsNothing();
        Assert.False(given.Stack.HasOutput);
    }
}
