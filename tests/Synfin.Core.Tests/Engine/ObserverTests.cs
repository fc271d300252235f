using System.Globalization;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>What an observer sees, and that the counters add up to it.</summary>
public sealed class ObserverTests
{
    [Fact]
    public void It_sees_the_life_of_an_accepted_connection_in_order()
    {
        var seen = new Transcript();
        Given given = Given.Listening(observer: seen)
            .Receives("S seq 0").Receives(". seq 1 ack 1").Accepts()
            .Receives("P. seq 1 ack 1 len 5").After(40).Reads(5)
            .Writes(3).After(160)
            .Receives("R seq 100").Receives(". seq 6 ack 4")
            .Receives("F. seq 6 ack 4").ReadsEnd().Closes()
            .Receives(". seq 7 ack 5").Then(TcpState.Closed);
        string[] expected =
        [
            "0 call Listen in CLOSED",
            "0 CLOSED to LISTEN",
            "0 received S in LISTEN",
            "0 LISTEN to SYN-RECEIVED",
            "0 sent S. in SYN-RECEIVED",
            "0 received . in SYN-RECEIVED",
            "0 SYN-RECEIVED to ESTABLISHED",
            "0 call Accept in ESTABLISHED",
            "0 received P. 5 in ESTABLISHED",
            "40 timer DelayedAck 1 in ESTABLISHED",
            "40 sent . in ESTABLISHED",
            "40 call Receive 5 in ESTABLISHED",
            "40 call Send 3 in ESTABLISHED",
            "40 sent P. 3 in ESTABLISHED",
            "200 received R in ESTABLISHED",
            "200 dropped R for ResetNotExact",
            "200 sent . in ESTABLISHED",
            "200 received . in ESTABLISHED",
            "200 received F. in ESTABLISHED",
            "200 ESTABLISHED to CLOSE-WAIT",
            "200 sent . in CLOSE-WAIT",
            "200 call Receive in CLOSE-WAIT",
            "200 CLOSE-WAIT to LAST-ACK",
            "200 call Close in CLOSE-WAIT",
            "200 sent F. in LAST-ACK",
            "200 received . in LAST-ACK",
            "200 LAST-ACK to CLOSED by RemoteClose",
        ];
        Assert.Equal(expected, seen.Lines);
        AddsUp(seen, given);
    }

    [Fact]
    public void It_sees_retransmission_and_TIME_WAIT_of_an_active_close()
    {
        var seen = new Transcript();
        Given given = Given.SynSent(observer: seen)
            .After(1_000).Receives("S. seq 0 ack 1 <mss 1460>")
            .Closes().Receives(". seq 1 ack 2").Receives("F. seq 1 ack 2").Then(TcpState.TimeWait)
            .After(60_000).Then(TcpState.Closed);
        string[] expected =
        [
            "0 call Open in CLOSED",
            "0 CLOSED to SYN-SENT",
            "0 sent S in SYN-SENT",
            "1000 timer Retransmit 1 in SYN-SENT",
            "1000 sent S again in SYN-SENT",
            "1000 received S. in SYN-SENT",
            "1000 SYN-SENT to ESTABLISHED",
            "1000 sent . in ESTABLISHED",
            "1000 ESTABLISHED to FIN-WAIT-1",
            "1000 call Close in ESTABLISHED",
            "1000 sent F. in FIN-WAIT-1",
            "1000 received . in FIN-WAIT-1",
            "1000 FIN-WAIT-1 to FIN-WAIT-2",
            "1000 received F. in FIN-WAIT-2",
            "1000 FIN-WAIT-2 to TIME-WAIT by LocalClose",
            "1000 sent . in TIME-WAIT",
            "61000 timer TimeWait 1 in TIME-WAIT",
            "61000 TIME-WAIT to CLOSED by LocalClose",
        ];
        Assert.Equal(expected, seen.Lines);
        AddsUp(seen, given);
    }

    [Fact]
    public void It_sees_what_becomes_of_half_open_entries()
    {
        var seen = new Transcript();
        Given given = Given.Listening(observer: seen)
            .From(1).Receives("S seq 0").Receives("R seq 1")
            .From(2).Receives("S seq 0").After(63_000)
            .From(3).Receives("S seq 0").And(g => g.Listener!.Close(g.Now));
        string[] changes = [.. seen.Lines.Where(l => l.Contains(" to ", StringComparison.Ordinal)).Skip(1)];
        Assert.Equal(
            [
                "0 LISTEN to SYN-RECEIVED", "0 SYN-RECEIVED to LISTEN by RemoteReset",
                "0 LISTEN to SYN-RECEIVED", "63000 SYN-RECEIVED to LISTEN by RetransmissionTimeout",
                "63000 LISTEN to SYN-RECEIVED", "63000 SYN-RECEIVED to CLOSED by LocalClose", "63000 LISTEN to CLOSED by LocalClose",
            ],
            changes);
        Assert.Equal(6, seen.Lines.Count(l => l.Contains("timer SynAckRetransmit", StringComparison.Ordinal))); // the sixth gives up
        AddsUp(seen, given);
    }

    [Fact]
    public void An_observer_changes_nothing()
    {
        foreach (TcpState state in Enum.GetValues<TcpState>())
        {
            InState.Reach(state, out _, out long with, observer: new Transcript());
            InState.Reach(state, out _, out long without);
            Assert.Equal(without, with);
        }
    }

    /// <summary>Segments in and out, changes of state and drops, seen and counted.</summary>
    private static void AddsUp(Transcript seen, Given given)
    {
        Counters counters = given.Stack.Counters;
        Assert.Equal(seen.Sent, counters.SegmentsSent);
        Assert.Equal(seen.Received, counters.SegmentsReceived);
        Assert.Equal(seen.Dropped, counters.Dropped.Sum());
        Assert.Equal(seen.Again, counters.SegmentsRetransmitted);
        Assert.Equal(seen.Changes, counters.Transitions.Sum());
        for (int state = 0; state < 11; state++)
        {
            // Every state that was entered was left, but for those that somebody is in now.
            long entered = 0, left = 0;
            for (int other = 0; other < 11; other++)
            {
                entered += counters.Transitions[other * 11 + state];
                left += counters.Transitions[state * 11 + other];
            }
            if (state is (int)TcpState.Closed or (int)TcpState.Listen) continue; // a listener has many children
            Assert.Equal(entered, left);
        }
    }

    private sealed class Transcript : ITcpObserver
    {
        public List<string> Lines { get; } = [];

        public int Sent { get; private set; }

        public int Received { get; private set; }

        public int Dropped { get; private set; }

        public int Again { get; private set; }

        public int Changes { get; private set; }

        public void SegmentSent(in SegmentEvent e)
        {
            Sent++;
            if (e.Retransmission) Again++;
            Add(e.Time, $"sent {Words(in e)}{(e.Retransmission ? " again" : "")} in {e.State.ToRfcName()}");
        }

        public void SegmentReceived(in SegmentEvent e)
        {
            Received++;
            Add(e.Time, $"received {Words(in e)} in {e.State.ToRfcName()}");
        }

        public void SegmentDropped(in SegmentEvent e, DropReason reason)
        {
            Dropped++;
            Add(e.Time, $"dropped {Words(in e)} for {reason}");
        }

        public void StateChanged(in StateEvent e)
        {
            Changes++;
            Add(e.Time, $"{e.From.ToRfcName()} to {e.To.ToRfcName()}{(e.Reason is CloseReason.None ? "" : " by " + e.Reason)}");
        }

        public void TimerFired(in TimerEvent e) => Add(e.Time, $"timer {e.Kind} {e.Count} in {e.State.ToRfcName()}");

        public void UserCalled(in UserCallEvent e) => Add(e.Time, $"call {e.Call}{Count(e.Octets)} in {e.State.ToRfcName()}");

        private void Add(Timestamp time, string line) => Lines.Add(time.Milliseconds.ToString(CultureInfo.InvariantCulture) + " " + line);

        private static string Count(int octets) => octets == 0 ? "" : " " + octets.ToString(CultureInfo.InvariantCulture);

        private static string Words(in SegmentEvent e)
        {
            string flags = "";
            foreach ((TcpFlags flag, char letter) in (ReadOnlySpan<(TcpFlags, char)>)[
                (TcpFlags.Fin, 'F'), (TcpFlags.Syn, 'S'), (TcpFlags.Rst, 'R'), (TcpFlags.Psh, 'P'), (TcpFlags.Ack, '.')])
            {
                if (e.Flags.HasFlag(flag)) flags += letter;
            }
            return flags + Count(e.TextLength);
        }
    }
}
