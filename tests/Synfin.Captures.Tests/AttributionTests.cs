using System.Buffers.Binary;
using Synfin.Captures.Ladders;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;
using static Synfin.Captures.Tests.Scene;

namespace Synfin.Captures.Tests;

/// <summary>What belongs to which row: a drop to its arrival, a change of state to its cause, a wait to its timer.</summary>
public class AttributionTests
{
    [Fact]
    public void Only_the_arrival_that_was_dropped_says_so()
    {
        Scene s = new Scene().HandshakeIsDone();
        int id = s.At(40).Send("a", Psh | Ack, 101, 301, data: 5);
        s.At(50).Deliver("b", id).At(55).Deliver("b", id);
        s.ObserverB!.SegmentDropped(
            new SegmentEvent
            {
                Time = s.Now,
                Tuple = s.TupleOf("b"),
                Seq = new SequenceNumber(101),
                Ack = new SequenceNumber(301),
                Flags = Psh | Ack,
                Wnd = 64240,
                TextLength = 5,
                WireSegments = 1,
                State = TcpState.Established,
            },
            DropReason.OutsideWindow);
        LadderRow[] rows = [.. s.Recorder.Build().Rows.Where(r => r.Arrow?.Segment.TextLength > 0)];
        Assert.Equal([DropReason.None, DropReason.OutsideWindow], rows.Select(r => r.Arrow!.Dropped));
    }

    [Fact]
    public void A_call_that_follows_an_arrival_at_once_changes_the_state_and_not_the_arrival()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Pass("a", Psh | Ack, 101, 301, data: 5).Pass("b", Ack, 301, 106);
        // A stack tells of the call when it is done, with the state that it found.
        s.State("a", TcpState.FinWait1);
        s.ObserverA!.UserCalled(new UserCallEvent(s.Now, s.TupleOf("a"), UserCall.Close, TcpState.Established, 0, TcpError.None));
        s.Pass("a", Fin | Ack, 106, 301).State("b", TcpState.CloseWait);
        LadderRow[] rows = [.. s.Recorder.Build().Rows.TakeLast(3)];
        Assert.Equal([LadderRowKind.Segment, LadderRowKind.Call, LadderRowKind.Segment], rows.Select(r => r.Kind));
        Assert.Equal((TcpState.Established, TcpState.FinWait1), (rows[0].Left.State!.Value, rows[2].Left.State!.Value));
    }

    [Fact]
    public void A_probe_that_is_answered_starts_the_count_anew_and_its_timer_goes_on()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(300).Timer("a", TcpTimerKind.Persist, 1, 480).Pass("a", Ack, 101, 301, data: 1).Pass("b", Ack, 301, 101, wnd: 0);
        s.At(780).Timer("a", TcpTimerKind.Persist, 1, 960).Pass("a", Ack, 101, 301, data: 1).Pass("b", Ack, 301, 101, wnd: 0);
        Assert.Equal("persist 480 ms", s.Recorder.Build().Rows.Last(r => r.Timer is not null).Text);
    }

    [Fact]
    public void A_label_that_is_too_long_breaks_between_SACK_blocks()
    {
        Scene s = new Scene().HandshakeIsDone();
        byte[] sack = [1, 1, 5, 18, .. new byte[16]];
        uint[] edges = [1_000_100, 2_000_100, 3_000_100, 4_000_100]; // a's SYN has the number 100
        for (int i = 0; i < 4; i++) BinaryPrimitives.WriteUInt32BigEndian(sack.AsSpan(4 + 4 * i), edges[i]);
        s.At(40).Pass("b", Ack, 301, 101, options: sack);
        string[] lines = s.Text(70).Split('\n');
        Assert.Contains(lines, line => line.TrimEnd().EndsWith("<SACK=1000000-2000000,", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.TrimStart().StartsWith("3000000-4000000>", StringComparison.Ordinal));
    }
}
