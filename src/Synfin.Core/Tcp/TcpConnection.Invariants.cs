using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>What must hold between events.</summary>
public sealed partial class TcpConnection
{
    internal void CheckInvariants()
    {
        Require(_state is not (TcpState.Closed or TcpState.Listen or TcpState.TimeWait), "only a live connection is in the table");
        Require(Snd.Una <= Snd.Nxt, "SND.UNA <= SND.NXT");
        Require(Snd.Nxt <= SendTextEnd + 1, "SND.NXT is not beyond what was written and the FIN");
        Require(Has(ConnectionFlags.FinQueued) || Snd.Nxt <= SendTextEnd || _state is TcpState.SynSent or TcpState.SynReceived,
            "no FIN before CLOSE");
        Require(SendText.Length <= Options.SendBuffer || Has(ConnectionFlags.WritesPages | ConnectionFlags.BuffersChanged),
            "the send buffer keeps its limit");
        Require(ReceiveText.Length - _examined <= ReceiveLimit || Has(ConnectionFlags.BuffersChanged),
            "the receive buffer keeps its limit");
        Require(Deadline <= _deadlines.Earliest, "the wheel wakes us in time");
        CheckScoreboard();
        if (_state is TcpState.SynSent) return;
        Require(Rcv.Edge >= Rcv.Nxt, "RCV.NXT is within what was offered");
        SequenceNumber contiguous = Rcv.Read + ReceiveText.Length;
        Require(contiguous == (Has(ConnectionFlags.FinReceived) ? Rcv.Nxt - 1 : Rcv.Nxt), "what is readable ends at RCV.NXT");
        Require(OutOfOrder.Count == 0 || OutOfOrder[0].Left > Rcv.Nxt, "out-of-order text lies beyond a gap");
        Require(OutOfOrder.Count <= _stack.Options.MaxOutOfOrderRanges, "the ranges keep their limit");
        CheckProgress();
    }

    private void CheckScoreboard()
    {
        Require(!Has(ConnectionFlags.Reducing) || (_flight is not null && _phase is RecoveryPhase.Open),
            "ECE reduces where nothing else does");
        if (_flight is { } flight)
        {
            Require(flight.Left == Snd.Una && flight.Right == Snd.Nxt, "the scoreboard is [SND.UNA, SND.NXT)");
            Require(flight.Count <= RangeLimit, "the scoreboard keeps its limit");
        }
        else
        {
            Require(Snd.Una == Snd.Nxt || Snd.Una == Snd.Iss, "what is in flight is remembered");
        }
        Require(_congestion.Window > 0 || _state is TcpState.SynSent or TcpState.SynReceived, "cwnd > 0");
        Require(Snd.Mss > 0, "a segment carries something");
    }

    /// <summary>Liveness: what waits for the peer has a timer, or waits for the application alone.</summary>
    private void CheckProgress()
    {
        bool ready = Has(ConnectionFlags.Ready);
        bool outstanding = Snd.Nxt != Snd.Una;
        Require(ready || !outstanding || _deadlines.Retransmit.IsSet, "what is in flight has a retransmission timer");
        if (_state is TcpState.SynReceived) return;
        bool finWaits = Has(ConnectionFlags.FinQueued) && !FinSent;
        bool unsent = !FinAcknowledged && (SendTextEnd > Snd.Nxt || finWaits);
        Require(ready || !unsent || outstanding || _deadlines.Retransmit.IsSet || _deadlines.Cork.IsSet,
            "what is unsent has a timer or an ACK to come");
        Require(ready || _unacknowledged == 0 || _deadlines.DelayedAck.IsSet || _state is TcpState.CloseWait,
            "what is unacknowledged has a timer");
    }

    private void Require(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException($"{Key} in {_state.ToRfcName()}: broken invariant: {what} ({Status()})");
    }
}
