using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.Tests;

public sealed class LinkTests
{
    [Fact]
    public void A_packet_arrives_after_the_delay()
    {
        RawPair pair = new(new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(30) });
        pair.FromA(TcpFlags.Ack);
        pair.Net.RunUntilIdle();
        Assert.Equal([30.0], pair.ArrivalsAtB());
    }

    [Fact]
    public void A_rate_spaces_packets_by_their_octets()
    {
        // 40 octets of headers and 60 of text: 800 bits at 80 kbit/s take 10 ms.
        RawPair pair = new(new SimulatedLinkOptions { BitsPerSecond = 80_000, Delay = Duration.FromMilliseconds(5) });
        for (uint i = 0; i < 3; i++) pair.FromA(TcpFlags.Ack, seq: i * 60, length: 60);
        pair.Net.RunUntilIdle();
        Assert.Equal([15.0, 25.0, 35.0], pair.ArrivalsAtB());
    }

    [Fact]
    public void A_full_queue_loses_the_newest()
    {
        // One is on the wire, two wait, the fourth is lost.
        RawPair pair = new(new SimulatedLinkOptions { BitsPerSecond = 80_000, QueuePackets = 2 });
        for (uint i = 0; i < 4; i++) pair.FromA(TcpFlags.Ack, seq: i, length: 60);
        pair.Net.RunUntilIdle();
        Assert.Equal(["A 0+60", "A 1+60", "A 2+60"], RawPair.Told(pair.B));
        Assert.Equal(1, pair.Link.Forward.LostInQueue);
    }

    [Fact]
    public void A_queue_empties_with_time()
    {
        RawPair pair = new(new SimulatedLinkOptions { BitsPerSecond = 80_000, QueuePackets = 1 });
        pair.FromA(TcpFlags.Ack, 0, length: 60);
        pair.FromA(TcpFlags.Ack, 1, length: 60);
        pair.Net.RunFor(Duration.FromMilliseconds(10));
        pair.FromA(TcpFlags.Ack, 2, length: 60);
        pair.Net.RunUntilIdle();
        Assert.Equal([10.0, 20.0, 30.0], pair.ArrivalsAtB());
    }

    [Fact]
    public void Jitter_never_reorders()
    {
        RawPair pair = new(new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(1), Jitter = Duration.FromMilliseconds(20) });
        for (uint i = 0; i < 50; i++)
        {
            pair.FromA(TcpFlags.Ack, seq: i);
            pair.Net.RunFor(Duration.FromMilliseconds(1));
        }
        pair.Net.RunUntilIdle();
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"A {i}+0"), RawPair.Told(pair.B));
        Assert.True(pair.ArrivalsAtB().Distinct().Count() > 10);
    }

    [Fact]
    public void Reordering_lets_later_packets_overtake()
    {
        RawPair pair = new(new SimulatedLinkOptions { Reorder = 0.3, ReorderDelay = Duration.FromMilliseconds(5) });
        for (uint i = 0; i < 50; i++)
        {
            pair.FromA(TcpFlags.Ack, seq: i);
            pair.Net.RunFor(Duration.FromMilliseconds(1));
        }
        pair.Net.RunUntilIdle();
        string[] told = RawPair.Told(pair.B);
        Assert.Equal(50, told.Length);
        Assert.NotEqual(Enumerable.Range(0, 50).Select(i => $"A {i}+0"), told);
        Assert.InRange(pair.Link.Forward.Reordered, 5, 25);
    }

    [Fact]
    public void Loss_duplication_and_corruption_come_about_as_often_as_asked_for()
    {
        RawPair pair = new(new SimulatedLinkOptions { Loss = 0.1, Duplicate = 0.1, Corrupt = 0.1 });
        for (uint i = 0; i < 1_000; i++) pair.FromA(TcpFlags.Ack, seq: i, length: 10);
        pair.Net.RunUntilIdle();
        Assert.InRange(pair.Link.Forward.LostByChance, 70, 130);
        Assert.InRange(pair.Link.Forward.Duplicated, 60, 130);
        Assert.InRange(pair.Link.Forward.Corrupted, 60, 130);
        Assert.Equal(1_000 - pair.Link.Forward.LostByChance + pair.Link.Forward.Duplicated, pair.B.Inbox.Count);
    }

    [Fact]
    public void Every_corrupted_packet_has_a_wrong_checksum()
    {
        RawPair pair = new(new SimulatedLinkOptions { Corrupt = 1 });
        for (uint i = 0; i < 300; i++) pair.FromA(TcpFlags.Ack, seq: i, length: 3);
        pair.Net.RunUntilIdle();
        Assert.DoesNotContain(pair.B.Inbox, record => RawPair.IsIntact(record.Packet));
    }

    [Fact]
    public void Damage_done_twice_cannot_hide_itself()
    {
        RawPair pair = new(new SimulatedLinkOptions { Corrupt = 1 });
        pair.Net.AddRule("corrupt every segment");
        for (uint i = 0; i < 500; i++) pair.FromA(TcpFlags.Ack, seq: i);
        pair.Net.RunUntilIdle();
        Assert.DoesNotContain(pair.B.Inbox, record => RawPair.IsIntact(record.Packet));
    }

    [Fact]
    public void One_accident_switched_on_leaves_the_others_where_they_were()
    {
        string[] lossOnly = Survivors(new SimulatedLinkOptions { Loss = 0.3 });
        string[] lossAndJitter = Survivors(new SimulatedLinkOptions { Loss = 0.3, Jitter = Duration.FromMilliseconds(3), Corrupt = 1e-9 });
        Assert.Equal(lossOnly, lossAndJitter);

        static string[] Survivors(SimulatedLinkOptions link)
        {
            RawPair pair = new(link);
            for (uint i = 0; i < 100; i++) pair.FromA(TcpFlags.Ack, seq: i);
            pair.Net.RunUntilIdle();
            return RawPair.Told(pair.B);
        }
    }

    [Fact]
    public void Directions_can_differ()
    {
        RawPair pair = new(new SimulatedLinkOptions
        {
            Delay = Duration.FromMilliseconds(10),
            Backward = new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(70) },
        });
        pair.FromA(TcpFlags.Ack);
        pair.FromB(TcpFlags.Ack);
        pair.Net.RunUntilIdle();
        Assert.Equal(10, pair.B.Inbox[0].Time.Milliseconds);
        Assert.Equal(70, pair.A.Inbox[0].Time.Milliseconds);
    }

    [Fact]
    public void A_packet_larger_than_the_mtu_is_lost()
    {
        RawPair pair = new(new SimulatedLinkOptions { Mtu = 576 });
        pair.FromA(TcpFlags.Ack, length: 536);
        pair.FromA(TcpFlags.Ack, length: 537);
        pair.Net.RunUntilIdle();
        Assert.Single(pair.B.Inbox);
        Assert.Equal(1, pair.Link.Forward.TooLarge);
    }

    [Fact]
    public void A_partition_loses_what_comes_and_not_what_is_under_way()
    {
        RawPair pair = new(new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) });
        pair.FromA(TcpFlags.Ack, 1);
        pair.Net.RunFor(Duration.FromMilliseconds(5));
        pair.Link.Partition();
        pair.FromA(TcpFlags.Ack, 2);
        pair.Net.RunUntilIdle();
        pair.Link.Heal();
        pair.FromA(TcpFlags.Ack, 3);
        pair.Net.RunUntilIdle();
        Assert.Equal(["A 1+0", "A 3+0"], RawPair.Told(pair.B));
    }

    [Fact]
    public void A_partition_of_one_direction_leaves_the_other()
    {
        RawPair pair = new();
        pair.Link.Partition(LinkDirections.Backward);
        Assert.Equal(LinkDirections.Backward, pair.Link.Partitioned);
        pair.FromA(TcpFlags.Ack);
        pair.FromB(TcpFlags.Ack);
        pair.Net.RunUntilIdle();
        Assert.Single(pair.B.Inbox);
        Assert.Empty(pair.A.Inbox);
    }

    [Fact]
    public void Reconfiguring_holds_from_then_on()
    {
        RawPair pair = new();
        pair.Link.Reconfigure(new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(4) });
        pair.FromA(TcpFlags.Ack);
        pair.Net.RunUntilIdle();
        Assert.Equal([4.0], pair.ArrivalsAtB());
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        RawPair pair = new();
        Assert.Equal("Loss", Refused(new SimulatedLinkOptions { Loss = 1.5 }));
        Assert.Equal("Delay", Refused(new SimulatedLinkOptions { Delay = new Duration(-1) }));
        Assert.Equal("Mtu", Refused(new SimulatedLinkOptions { Mtu = 68 }));
        Assert.Equal("BitsPerSecond", Refused(new SimulatedLinkOptions { Backward = new SimulatedLinkOptions { BitsPerSecond = 0 } }));

        string? Refused(SimulatedLinkOptions options) =>
            Assert.Throws<ArgumentOutOfRangeException>(() => pair.Link.Reconfigure(options)).ParamName;
    }
}
