using Synfin.Simulation.Faults;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.Tests.Faults;

public sealed class SegmentRuleTests
{
    [Fact]
    public void The_first_FIN_from_b_is_lost_and_no_other()
    {
        RawPair pair = new();
        SegmentRule rule = pair.Net.AddRule("FIN from b");
        pair.FromA(TcpFlags.Fin | TcpFlags.Ack, 1);
        pair.FromB(TcpFlags.Fin | TcpFlags.Ack, 2);
        pair.FromB(TcpFlags.Fin | TcpFlags.Ack, 2);
        pair.Net.RunUntilIdle();
        Assert.Equal(["FA 1+0"], RawPair.Told(pair.B));
        Assert.Equal(["FA 2+0"], RawPair.Told(pair.A));
        Assert.Equal(2, rule.Matched);
        Assert.Equal(1, rule.Applied);
    }

    [Fact]
    public void The_second_FIN_from_b_is_lost()
    {
        RawPair pair = new();
        pair.Net.AddRule("the second FIN from b");
        for (uint i = 1; i <= 3; i++) pair.FromB(TcpFlags.Fin | TcpFlags.Ack, i);
        pair.Net.RunUntilIdle();
        Assert.Equal(["FA 1+0", "FA 3+0"], RawPair.Told(pair.A));
    }

    [Fact]
    public void Every_SYN_is_lost_and_no_SYN_ACK()
    {
        RawPair pair = new();
        pair.Net.AddRule("every SYN");
        for (uint i = 0; i < 3; i++) pair.FromA(TcpFlags.Syn, 100);
        pair.FromB(TcpFlags.Syn | TcpFlags.Ack, 500, 101);
        pair.Net.RunUntilIdle();
        Assert.Empty(pair.B.Inbox);
        Assert.Equal(["SA 500+0"], RawPair.Told(pair.A));
    }

    [Fact]
    public void The_handshake_ACK_is_the_pure_ACK_that_ends_it()
    {
        RawPair pair = new();
        pair.Net.AddRule("handshake ACK");
        pair.Handshake();
        pair.FromA(TcpFlags.Ack, 101, 501, 5);
        pair.FromB(TcpFlags.Ack, 501, 106);
        pair.Net.RunUntilIdle();
        Assert.Equal(["S 100+0", "A 101+5"], RawPair.Told(pair.B));
        Assert.Equal(["SA 500+0", "A 501+0"], RawPair.Told(pair.A));
    }

    [Fact]
    public void The_ACK_of_FIN_is_the_one_that_acknowledges_it_and_not_the_one_before()
    {
        RawPair pair = new();
        pair.Net.AddRule("ACK of FIN from a");
        pair.Handshake();
        pair.FromB(TcpFlags.Ack, 501, 101, 10);
        pair.FromB(TcpFlags.Fin | TcpFlags.Ack, 511, 101);
        pair.FromA(TcpFlags.Ack, 101, 511);
        pair.FromA(TcpFlags.Ack, 101, 512);
        pair.FromA(TcpFlags.Fin | TcpFlags.Ack, 101, 512);
        pair.Net.RunUntilIdle();
        Assert.Equal([0u, 501u, 511u, 512u], pair.B.Inbox.Select(AckOf));
        Assert.Equal(["S 100+0", "A 101+0", "A 101+0", "FA 101+0"], RawPair.Told(pair.B));
    }

    [Fact]
    public void A_byte_names_the_segment_that_carries_it()
    {
        RawPair pair = new();
        pair.Net.AddRule("byte 10 from a");
        pair.Handshake();
        pair.FromA(TcpFlags.Ack, 101, 501, 10);
        pair.FromA(TcpFlags.Ack, 111, 501, 10);
        pair.FromA(TcpFlags.Ack, 111, 501, 10);
        pair.Net.RunUntilIdle();
        Assert.Equal(["A 101+10", "A 111+10"], RawPair.Told(pair.B)[2..]);
    }

    [Fact]
    public void A_byte_counts_from_the_ISN_across_the_wrap_of_sequence_numbers()
    {
        RawPair pair = new();
        pair.Net.AddRule("byte 20 from a");
        pair.FromA(TcpFlags.Syn, uint.MaxValue - 9);
        pair.FromA(TcpFlags.Ack, uint.MaxValue - 8, 501, 20);
        pair.FromA(TcpFlags.Ack, 11, 501, 20);
        pair.FromA(TcpFlags.Ack, 31, 501, 20);
        pair.Net.RunUntilIdle();
        Assert.Equal(["S 4294967286+0", "A 4294967287+20", "A 31+20"], RawPair.Told(pair.B));
    }

    [Fact]
    public void Retransmitted_and_original_are_told_apart()
    {
        RawPair pair = new();
        pair.Net.AddRule("every retransmitted data from a");
        pair.Handshake();
        pair.FromA(TcpFlags.Ack, 101, 501, 10);
        pair.FromA(TcpFlags.Ack, 101, 501, 10);
        pair.FromA(TcpFlags.Ack, 106, 501, 10);
        pair.FromA(TcpFlags.Ack, 116, 501, 10);
        pair.FromA(TcpFlags.Ack, 116, 501);
        pair.Net.RunUntilIdle();
        Assert.Equal(["A 101+10", "A 116+10", "A 116+0"], RawPair.Told(pair.B)[2..]);
    }

    [Fact]
    public void Segments_are_counted_from_1_for_each_host()
    {
        RawPair pair = new();
        pair.Net.AddRule("segment 2 from a");
        pair.Handshake();
        pair.Net.RunUntilIdle();
        Assert.Equal(["S 100+0"], RawPair.Told(pair.B));
    }

    [Fact]
    public void A_port_limits_a_rule_to_its_connections()
    {
        RawPair pair = new();
        pair.Net.AddRule("every segment port 8080");
        pair.Handshake();
        pair.Net.RunUntilIdle();
        Assert.Equal(2, pair.B.Inbox.Count);
    }

    [Fact]
    public void A_delayed_segment_is_overtaken()
    {
        RawPair pair = new(new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) });
        pair.Net.AddRule("delay first data from a by 3s");
        pair.FromA(TcpFlags.Ack, 1, length: 5);
        pair.FromA(TcpFlags.Ack, 6, length: 5);
        pair.Net.RunUntilIdle();
        Assert.Equal(["A 6+5", "A 1+5"], RawPair.Told(pair.B));
        Assert.Equal([10.0, 3010.0], pair.ArrivalsAtB());
    }

    [Fact]
    public void Copies_follow_at_their_distance()
    {
        RawPair pair = new();
        pair.Net.AddRule("duplicate SYN 2 times by 10ms");
        pair.FromA(TcpFlags.Syn, 1);
        pair.Net.RunUntilIdle();
        Assert.Equal([0.0, 10.0, 20.0], pair.ArrivalsAtB());
    }

    [Fact]
    public void A_corrupted_segment_arrives_with_a_wrong_checksum()
    {
        RawPair pair = new();
        pair.Net.AddRule("corrupt second data");
        pair.FromA(TcpFlags.Ack, 1, length: 5);
        pair.FromA(TcpFlags.Ack, 6, length: 5);
        pair.Net.RunUntilIdle();
        Assert.Equal([true, false], pair.B.Inbox.Select(record => RawPair.IsIntact(record.Packet)));
    }

    [Fact]
    public void The_first_rule_that_applies_decides_and_all_count()
    {
        RawPair pair = new();
        SegmentRule pass = pair.Net.AddRule("pass SYN");
        SegmentRule lose = pair.Net.AddRule("every SYN");
        pair.FromA(TcpFlags.Syn, 1);
        pair.FromA(TcpFlags.Syn, 2);
        pair.Net.RunUntilIdle();
        Assert.Equal(["S 1+0"], RawPair.Told(pair.B));
        Assert.Equal((1, 2), (pass.Applied, lose.Applied));
    }

    [Fact]
    public void An_own_test_sees_the_segment()
    {
        RawPair pair = new();
        pair.Net.AddRule(new SegmentRule(
            new SegmentMatch { Ordinal = null, Predicate = (in SegmentInfo segment) => segment.Text.Length > 7 && segment.To == "b" },
            Verdict.Drop));
        pair.FromA(TcpFlags.Ack, 1, length: 7);
        pair.FromA(TcpFlags.Ack, 2, length: 8);
        pair.Net.RunUntilIdle();
        Assert.Equal(["A 1+7"], RawPair.Told(pair.B));
    }

    [Fact]
    public void A_rule_for_a_host_that_is_not_there_is_refused_with_those_that_are()
    {
        RawPair pair = new();
        string message = Assert.Throws<ArgumentException>(() => pair.Net.AddRule("FIN from c")).Message;
        Assert.Contains("'c'", message, StringComparison.Ordinal);
        Assert.Contains("a, b", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_rule_is_silent()
    {
        RawPair pair = new();
        SegmentRule rule = pair.Net.AddRule("every SYN");
        Assert.True(pair.Net.RemoveRule(rule));
        pair.FromA(TcpFlags.Syn, 1);
        pair.Net.RunUntilIdle();
        Assert.Single(pair.B.Inbox);
    }

    private static uint AckOf(PacketRecord record)
    {
        Assert.True(Packets.PacketView.TryParse(record.Packet.Octets.Span, out Packets.PacketView view));
        return view.Ack.Value;
    }
}
