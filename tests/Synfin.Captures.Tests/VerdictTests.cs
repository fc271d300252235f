using Synfin.Captures.Ladders;
using Synfin.Tcp;
using static Synfin.Captures.Tests.Scene;

namespace Synfin.Captures.Tests;

public class VerdictTests
{
    [Theory]
    [InlineData("open and close", LadderVerdictKind.OrderlyClose, "a")]
    [InlineData("simultaneous", LadderVerdictKind.SimultaneousClose, null)]
    [InlineData("lost SYN", LadderVerdictKind.StillOpen, null)]
    [InlineData("refused", LadderVerdictKind.Refused, "b")]
    [InlineData("long transfer", LadderVerdictKind.HalfClosed, "a")]
    [InlineData("half-open", LadderVerdictKind.Reset, "b")]
    [InlineData("one end", LadderVerdictKind.OrderlyClose, "b")]
    [InlineData("urgent, abort", LadderVerdictKind.Aborted, "a")]
    public void Each_story_has_its_verdict(string name, LadderVerdictKind kind, string? culprit)
    {
        LadderVerdict verdict = Verdict(Stories.All().Single(s => s.Name == name).Scene);
        Assert.Equal((kind, culprit), (verdict.Kind, verdict.Culprit));
    }

    [Fact]
    public void Numbers_stand_beside_the_sentence()
    {
        LadderVerdict verdict = Verdict(Stories.OpenAndClose());
        Assert.Equal((9, 0, 0, 0L), (verdict.Segments, verdict.Retransmissions, verdict.Lost, verdict.Unacknowledged));
        Assert.Equal((1070L, 60_000L), (verdict.Length.Milliseconds, verdict.TimeWait!.Value.Milliseconds));
    }

    [Fact]
    public void SYNs_into_the_void_have_no_answer()
    {
        var s = new Scene();
        s.Call("a", UserCall.Open).State("a", TcpState.SynSent).Lose("a", Syn, 100, reason: "partition");
        s.At(1000).Timer("a", TcpTimerKind.Retransmit, 1, 2000).Lose("a", Syn, 100, reason: "partition");
        s.At(3000).Timer("a", TcpTimerKind.Retransmit, 2, 4000).Lose("a", Syn, 100, reason: "partition");
        s.At(7000).Timer("a", TcpTimerKind.UserTimeout, 1).State("a", TcpState.Closed, CloseReason.RetransmissionTimeout);
        Assert.Equal("no answer from b: 3 SYNs in 3.0 s, 3 lost, 2 sent again", Verdict(s).Sentence);
    }

    [Fact]
    public void A_SYN_ACK_that_is_never_answered_leaves_the_handshake_undone()
    {
        var s = new Scene();
        s.Listens("b").Call("a", UserCall.Open).State("a", TcpState.SynSent);
        s.Pass("a", Syn, 100).State("b", TcpState.SynReceived).Lose("b", Syn | Ack, 300, 101);
        LadderVerdict verdict = Verdict(s);
        Assert.Equal(LadderVerdictKind.HandshakeIncomplete, verdict.Kind);
        Assert.Equal("handshake not completed: a SYN-SENT, b SYN-RECEIVED, 2 segments, 10 ms, 1 lost", verdict.Sentence);
    }

    [Fact]
    public void Whoever_gives_up_blames_the_silent_end()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Lose("a", Psh | Ack, 101, 301, data: 5, reason: "partition");
        s.At(240).Lose("a", Psh | Ack, 101, 301, data: 5, reason: "partition");
        s.At(100_000).State("a", TcpState.Closed, CloseReason.RetransmissionTimeout);
        LadderVerdict verdict = Verdict(s);
        Assert.Equal((LadderVerdictKind.TimedOut, "b", 5L), (verdict.Kind, verdict.Culprit, verdict.Unacknowledged));
        Assert.StartsWith("a gave up: no answer from b, 5 octets unacknowledged, 5 segments", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_last_ACK_that_is_lost_leaves_the_close_unfinished()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Call("a", UserCall.Close).State("a", TcpState.FinWait1);
        s.Pass("a", Fin | Ack, 101, 301).State("b", TcpState.CloseWait);
        s.Call("b", UserCall.Close).State("b", TcpState.LastAck);
        s.Pass("b", Fin | Ack, 301, 102).State("a", TcpState.TimeWait);
        s.Lose("a", Ack, 102, 302);
        Assert.Equal(
            "a closed first, b after it, but an acknowledgment is missing: a TIME-WAIT, b LAST-ACK, 6 segments, 60 ms, 1 lost",
            Verdict(s).Sentence);
    }

    [Fact]
    public void A_reset_with_unread_text_says_so()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Pass("a", Psh | Ack, 101, 301, data: 5);
        s.Call("b", UserCall.Close).State("b", TcpState.Closed, CloseReason.LocalReset);
        s.Pass("b", Rst | Ack, 301, 106).State("a", TcpState.Closed, CloseReason.RemoteReset);
        Assert.Equal("reset by b (it had closed, and text was unread or still came) after 4 segments, 50 ms", Verdict(s).Sentence);
    }

    [Fact, Trait("Rfc", "9293 3.5")]
    public void An_old_duplicate_SYN_that_is_reset_does_not_end_the_connection()
    {
        var s = new Scene();
        s.Listens("b").Call("a", UserCall.Open).State("a", TcpState.SynSent);
        int syn = s.Send("a", Syn, 100);
        int old = s.Recorder.PacketSent("a", s.Packet("a", Syn, 90), s.Now);
        s.At(10).Deliver("b", old).State("b", TcpState.SynReceived);
        s.Pass("b", Syn | Ack, 300, 91).Pass("a", Rst, 91).State("b", TcpState.Listen);
        s.At(40).Deliver("b", syn).State("b", TcpState.SynReceived);
        s.Pass("b", Syn | Ack, 400, 101).State("a", TcpState.Established);
        s.Pass("a", Ack, 101, 401).State("b", TcpState.Established);
        Ladder ladder = s.Recorder.Build(new LadderOptions { Absolute = true });
        Assert.Equal(LadderVerdictKind.StillOpen, Assert.Single(ladder.Connections).Verdict.Kind);
    }

    private static LadderVerdict Verdict(Scene scene) => scene.Recorder.Build().Connections[0].Verdict;
}
