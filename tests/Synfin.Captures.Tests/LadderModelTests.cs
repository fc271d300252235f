using Synfin.Captures.Ladders;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Wire;
using Xunit;
using static Synfin.Captures.Tests.Scene;

namespace Synfin.Captures.Tests;

[Trait("Subject", "21")]
public class LadderModelTests
{
    [Fact]
    public void A_retransmission_names_the_row_that_carried_its_first_octet()
    {
        LadderRow[] segments = Segments(Stories.LostSegment());
        LadderRow lost = Assert.Single(segments, r => r.Passage == LadderPassage.Lost);
        LadderRow again = Assert.Single(segments, r => r.Arrow!.AgainOf > 0);
        Assert.Equal("queue full", lost.Arrow!.LostReason);
        Assert.Equal(lost.Number, again.Arrow!.AgainOf);
    }

    [Fact]
    public void SACK_blocks_count_from_the_SYN_and_mark_a_duplicate_ACK()
    {
        LadderRow row = Assert.Single(Segments(Stories.LostSegment()), r => r.Arrow!.Sack.Count > 0);
        Assert.Equal((2001, 3001), row.Arrow!.Sack[0]);
        Assert.Equal(LadderMarks.DuplicateAck, row.Arrow.Marks);
    }

    [Fact]
    public void Absolute_numbers_are_those_of_the_wire()
    {
        Ladder ladder = Stories.LostSegment().Recorder.Build(new LadderOptions { Absolute = true });
        LadderRow row = ladder.Rows.Single(r => r.Arrow?.Sack.Count > 0);
        Assert.Equal((301L, 1101L), (row.Arrow!.Seq, row.Arrow.Ack!.Value));
        Assert.Equal((2101, 3101), row.Arrow.Sack[0]);
    }

    [Fact]
    public void A_packet_that_arrives_twice_takes_a_row_for_the_second_time()
    {
        Scene s = new Scene().HandshakeIsDone();
        int id = s.At(40).Send("a", Psh | Ack, 101, 301, data: 5);
        s.At(50).Deliver("b", id).At(55).Deliver("b", id);
        LadderRow[] rows = [.. Segments(s).Where(r => r.Arrow!.Segment.TextLength > 0)];
        Assert.Equal([LadderPassage.Whole, LadderPassage.Arrives], rows.Select(r => r.Passage));
        Assert.Equal([LadderMarks.None, LadderMarks.Duplicate], rows.Select(r => r.Arrow!.Marks));
        Assert.Contains("... <SEQ=1><ACK=1><CTL=PSH,ACK><DATA=5> (twice) ", s.Text(100), StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_below_SND_NXT_without_news_is_a_keep_alive()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Pass("a", Psh | Ack, 101, 301, data: 5).Pass("b", Ack, 301, 106);
        s.At(7_200_050).Timer("a", TcpTimerKind.KeepAlive, 1, 75_000);
        s.Pass("a", Ack, 105, 301).Pass("b", Ack, 301, 106);
        LadderRow[] rows = Segments(s);
        Assert.Equal(LadderMarks.KeepAlive, rows[^2].Arrow!.Marks);
        Assert.Equal(LadderMarks.None, rows[^1].Arrow!.Marks);
        Assert.Contains("[keep-alive 7200 s]", s.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("...", s.Text(), StringComparison.Ordinal);
    }

    [Fact, Trait("Rfc", "5961 4.2")]
    public void The_answer_to_a_SYN_in_ESTABLISHED_is_a_challenge_ACK()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Pass("a", Psh | Ack, 101, 301, data: 5).Pass("b", Ack, 301, 106);
        s.At(100).Pass("a", Syn, 4000).Pass("b", Ack, 301, 106);
        Assert.Equal(LadderMarks.ChallengeAck, Segments(s)[^1].Arrow!.Marks);
    }

    [Fact]
    public void A_drop_is_told_on_the_row_that_arrives()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Pass("a", Rst, 150);
        s.Recorder.ObserverFor("b").SegmentDropped(
            new SegmentEvent
            {
                Time = s.Now,
                Tuple = s.TupleOf("b"),
                Seq = new SequenceNumber(150),
                Ack = default,
                Wnd = 0,
                Flags = Rst,
                TextLength = 0,
                WireSegments = 1,
                State = TcpState.Established,
            },
            DropReason.ResetNotExact);
        Assert.Equal(DropReason.ResetNotExact, Segments(s)[^1].Arrow!.Dropped);
        Assert.Contains("(dropped: RST not exact)", s.Text(), StringComparison.Ordinal);
        Assert.Equal(LadderVerdictKind.StillOpen, s.Recorder.Build().Connections[0].Verdict.Kind);
    }

    [Fact]
    public void A_SYN_ACK_with_another_number_begins_the_count_again()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Pass("a", Fin | Ack, 101, 301).Pass("b", Fin | Ack, 301, 102).Pass("a", Ack, 102, 302);
        s.At(70_000).Pass("a", Syn, 100).Pass("b", Syn | Ack, 90_300, 101).Pass("a", Rst, 101);
        LadderArrow[] arrows = [.. Segments(s).Select(r => r.Arrow!)];
        Assert.Equal((0L, 1L, 0), (arrows[^2].Seq, arrows[^2].Ack!.Value, arrows[^2].AgainOf));
        LadderVerdict verdict = s.Recorder.Build().Connections[0].Verdict;
        Assert.Equal((LadderVerdictKind.OrderlyClose, 0L), (verdict.Kind, verdict.Unacknowledged));
    }

    [Fact]
    public void What_was_acknowledged_before_was_received_before()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Pass("a", Fin | Ack, 101, 301).Lose("b", Ack, 301, 102);
        int again = s.At(260).Send("a", Fin | Ack, 101, 301);
        s.At(270).Deliver("b", again).Drop("b", Fin | Ack, 101, DropReason.OutsideWindow);
        Assert.Equal(LadderMarks.ReceivedBefore, Segments(s)[^1].Arrow!.Marks);
        Assert.Contains("(received before)", s.Text(200), StringComparison.Ordinal);
        Assert.DoesNotContain("outside window", s.Text(200), StringComparison.Ordinal);
    }

    [Fact, Trait("Rfc", "9293 3.10.7.4")]
    public void The_answer_to_a_SYN_ACK_that_comes_again_is_no_challenge()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(1010).Pass("b", Syn | Ack, 300, 101, options: Craft.SynOptions).Pass("a", Ack, 101, 301, wnd: 502);
        Assert.Equal(LadderMarks.None, Segments(s)[^1].Arrow!.Marks);
    }

    [Fact]
    public void What_arrives_a_second_late_names_the_row_that_it_left_in()
    {
        Scene s = new Scene().HandshakeIsDone();
        int late = s.At(40).Send("a", Psh | Ack, 101, 301, data: 5);
        s.At(50).Pass("b", Psh | Ack, 301, 101, data: 5);
        s.At(1040).Deliver("b", late);
        LadderRow[] rows = Segments(s);
        Assert.Equal(LadderPassage.Arrives, rows[^1].Passage);
        Assert.Equal(rows[^3].Number, rows[^1].Arrow!.SentInRow);
        Assert.Contains($"(sent: {rows[^3].Number})", s.Text(200), StringComparison.Ordinal);
    }

    [Fact, Trait("Rfc", "6298 5.1")]
    public void What_is_outstanding_keeps_its_retransmission_timer()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Lose("a", Psh | Ack, 101, 301, data: 5);
        s.At(140).Pass("a", Psh | Ack, 106, 301, data: 5).Pass("b", Ack, 301, 101);
        s.At(260).Timer("a", TcpTimerKind.Retransmit, 1).Pass("a", Psh | Ack, 101, 301, data: 5);
        Assert.Contains("[RTO 220 ms]", s.Text(), StringComparison.Ordinal);
    }

    [Fact, Trait("Rfc", "1337 3")]
    public void A_RST_that_is_dropped_does_not_shorten_what_TIME_WAIT_took()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Pass("a", Fin | Ack, 101, 301).Pass("b", Fin | Ack, 301, 102).State("a", TcpState.TimeWait);
        s.Pass("a", Ack, 102, 302).State("b", TcpState.Closed);
        s.At(30_000).Pass("b", Rst, 302).Drop("a", Rst, 302, DropReason.ResetInTimeWait);
        s.At(60_060).Timer("a", TcpTimerKind.TimeWait, 1).State("a", TcpState.Closed);
        Assert.Contains("[2MSL 60 s]", s.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void States_are_those_after_the_event()
    {
        LadderRow fin = Segments(Stories.OpenAndClose()).First(r => r.Arrow!.Segment.Has(Fin));
        Assert.Equal((TcpState.FinWait1, TcpState.CloseWait), (fin.Left.State, fin.Right.State));
        Assert.Equal((1000L, 1010L), (fin.Sent!.Value.Milliseconds, fin.Delivered!.Value.Milliseconds));
    }

    [Fact]
    public void A_change_of_state_that_no_segment_shows_takes_a_row()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Call("a", UserCall.Close).State("a", TcpState.FinWait1);
        s.At(60).Pass("a", Fin | Ack, 101, 301).State("b", TcpState.CloseWait);
        LadderRow row = s.Recorder.Build().Rows.First(r => r.Left.State == TcpState.FinWait1 && r.Number > 0);
        Assert.Equal((LadderRowKind.States, 40L), (row.Kind, row.Time.Milliseconds));
    }

    [Fact]
    public void A_new_SYN_on_ports_whose_connection_is_over_starts_another()
    {
        Scene s = Stories.Refused();
        s.At(500).Call("a", UserCall.Open).State("a", TcpState.SynSent).Pass("a", Syn, 9000);
        Ladder ladder = s.Recorder.Build();
        Assert.Equal([1, 2], ladder.Connections.Select(c => c.Number));
        Assert.Equal(0, ladder.Rows.Last(r => r.Arrow is not null).Arrow!.Seq);
        Assert.Equal(LadderVerdictKind.Refused, ladder.Connections[0].Verdict.Kind);
    }

    [Fact]
    public void Windows_are_scaled_and_relative_numbers_pass_the_wrap()
    {
        Scene s = new Scene().Listens("b");
        s.Call("a", UserCall.Open).State("a", TcpState.SynSent);
        s.Pass("a", Syn, uint.MaxValue - 1, options: Craft.SynOptions).State("b", TcpState.SynReceived);
        s.Pass("b", Syn | Ack, 300, uint.MaxValue, options: Craft.SynOptions).State("a", TcpState.Established);
        s.Pass("a", Ack, uint.MaxValue, 301, data: 10, wnd: 100);
        s.Pass("b", Ack, 301, 9, wnd: 1);
        LadderRow[] rows = Segments(s);
        Assert.Equal([64240, 64240, 12800, 128], rows.Select(r => r.Arrow!.Window));
        Assert.Equal((1L, 11L), (rows[2].Arrow!.Seq, rows[3].Arrow!.Ack!.Value));
    }

    [Fact]
    public void An_ICMP_error_is_a_row_of_the_connection_that_it_quotes()
    {
        var s = new Scene();
        s.Call("a", UserCall.Open).State("a", TcpState.SynSent);
        byte[] syn = s.Packet("a", Syn, 100);
        s.Recorder.PacketLost(s.Recorder.PacketSent("a", syn, s.Now), "no route", s.Now);
        byte[] icmp = Craft.Icmp(InternetAddress.FromIpv4(192, 0, 2, 1), s.TupleOf("a").LocalAddress, 3, 1, syn[..28]);
        int id = s.At(5).Recorder.PacketSent("router", icmp, s.Now);
        s.At(9).Deliver("a", id).State("a", TcpState.Closed, CloseReason.Unreachable);
        Ladder ladder = s.Recorder.Build();
        LadderRow row = Assert.Single(ladder.Rows, r => r.Kind == LadderRowKind.Icmp);
        Assert.Equal(("ICMP host unreachable", LadderSide.Right, TcpState.Closed), (row.Text, row.Side, row.Left.State!.Value));
        Assert.Equal(LadderVerdictKind.Unreachable, ladder.Connections[0].Verdict.Kind);
        Assert.Contains("CLOSED   <-- ICMP host unreachable", s.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void IPv6_with_extension_headers_and_unnamed_hosts_is_read()
    {
        var recorder = new LadderRecorder();
        InternetAddress here = new(0x20010DB8_00000000, 1), there = new(0x20010DB8_00000000, 2);
        byte[] plain = Craft.Tcp(here, 1000, there, 443, Syn, 7, options: Craft.Mss1460);
        byte[] hopByHop = [.. plain[..40], 6, 0, 1, 4, 0, 0, 0, 0, .. plain[40..]];
        hopByHop[6] = 0;
        hopByHop[5] += 8;
        int id = recorder.PacketSent("left", hopByHop, default);
        Assert.Equal(0, id);
        recorder.PacketDelivered(id, "right", default);
        LadderRow row = recorder.Build().Rows.Single(r => r.Arrow is not null);
        Assert.Equal((1460, 443), (row.Arrow!.Segment.Options.MaximumSegmentSize, row.Arrow.Segment.DestinationPort));
    }

    [Fact]
    public void What_is_neither_TCP_nor_ICMP_is_ignored()
    {
        var recorder = new LadderRecorder();
        InternetAddress a = InternetAddress.FromIpv4(10, 0, 0, 1), b = InternetAddress.FromIpv4(10, 0, 0, 2);
        Assert.Equal(-1, recorder.PacketSent("a", Craft.Ip(a, b, 17, new byte[20]), default));
        Assert.Equal(-1, recorder.PacketSent("a", [], default));
        byte[] tcp = Craft.Tcp(a, 1, b, 2, Syn, 1);
        for (int length = 1; length < 40; length++) Assert.Equal(-1, recorder.PacketSent("a", tcp.AsSpan(0, length), default));
        recorder.PacketDelivered(-1, "b", default);
        recorder.PacketLost(-1, "lost", default);
        Assert.Empty(recorder.Build().Rows);
    }

    [Fact]
    public void A_full_recorder_counts_what_it_misses()
    {
        var recorder = new LadderRecorder { MaxEvents = 3 };
        InternetAddress a = InternetAddress.FromIpv4(10, 0, 0, 1), b = InternetAddress.FromIpv4(10, 0, 0, 2);
        for (uint i = 0; i < 5; i++) recorder.PacketSent("a", Craft.Tcp(a, 1, b, 2, Ack, i, 1), default);
        Ladder ladder = recorder.Build();
        Assert.Equal(2, ladder.Missing);
        Assert.Contains("2 later events not recorded", TextLadderRenderer.Render(ladder), StringComparison.Ordinal);
    }

    [Fact]
    public void An_observer_alone_makes_a_ladder_of_a_live_stack()
    {
        var s = new Scene(tellStates: false);
        ITcpObserver observer = s.Recorder.ObserverFor("a", segments: true);
        SegmentEvent Event(TcpFlags flags, uint seq, uint ack) => new()
        {
            Time = s.Now,
            Tuple = s.TupleOf("a"),
            Seq = new SequenceNumber(seq),
            Ack = new SequenceNumber(ack),
            Wnd = 1000,
            Flags = flags,
            TextLength = 0,
            WireSegments = 1,
            State = TcpState.SynSent,
        };
        observer.StateChanged(new StateEvent(s.Now, s.TupleOf("a"), TcpState.Closed, TcpState.SynSent, CloseReason.None));
        observer.SegmentSent(Event(Syn, 100, 0));
        s.At(10);
        observer.SegmentReceived(Event(Rst | Ack, 0, 101));
        observer.StateChanged(new StateEvent(s.Now, s.TupleOf("a"), TcpState.SynSent, TcpState.Closed, CloseReason.Refused));
        Ladder ladder = s.Recorder.Build();
        Assert.Equal([(LadderSide.Left, TcpState.SynSent), (LadderSide.Right, TcpState.Closed)],
            ladder.Rows.Where(r => r.Arrow is not null).Select(r => (r.Side, r.Left.State!.Value)));
        Assert.Equal((LadderVerdictKind.Refused, "b"), (ladder.Connections[0].Verdict.Kind, ladder.Connections[0].Verdict.Culprit));
    }

    [Fact]
    public void A_wrong_connection_number_is_an_error() =>
        Assert.Throws<ArgumentException>(() => Stories.Refused().Recorder.Build(new LadderOptions { Connection = 2 }));

    private static LadderRow[] Segments(Scene scene) =>
        [.. scene.Recorder.Build(new LadderOptions { FoldRuns = false }).Rows.Where(r => r.Arrow is not null)];
}
