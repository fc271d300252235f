using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>RFC 8985: time tells what is lost. What to do about it is fast recovery's (<see cref="EnterRecovery"/>).</summary>
public sealed partial class TcpConnection
{
    /// <summary>The degree of reordering, in segments, that is taken for usual: DupThresh.</summary>
    private const int InitialReordering = DuplicateThreshold;

    /// <summary>No more reordering than this is believed, in segments.</summary>
    private const int MaximumReordering = 300;

    /// <summary>RFC 8985 6.2 step 4: for so many recoveries the window stays as wide as DSACKs made it.</summary>
    private const int WindowPersistence = 16;

    private ushort _reordering = InitialReordering;
    private byte _reorderingSteps = 1;
    private byte _reorderingPersists;
    private SequenceNumber _reorderingRound;

    /// <summary>An acknowledgment of a connection that uses RACK was taken in.</summary>
    private void AlertRack(in Segment seg, ref AckOutcome outcome)
    {
        Flight flight = _flight!;
        NoteReordering(in outcome);
        UpdateReorderingWindow();
        bool undone = ProcessProbeAck(in seg, in outcome);
        if (_phase is RecoveryPhase.FastRecovery && Snd.Una >= _recoveryPoint)
        {
            undone = TryUndo(in seg);
            if (!undone && _reorderingPersists > 0) _reorderingPersists--;
            LeaveRecovery(undone);
        }
        bool growing = true;
        switch (_phase)
        {
            case RecoveryPhase.Open:
                if (outcome.Advances && Has(ConnectionFlags.Resending)) EndResending();
                TryUndoByDsack();
                DetectLosses(ref outcome);
                break;
            case RecoveryPhase.FastRecovery:
                if (outcome.Advances && TryUndo(in seg)) break;
                if (TryUndoByDsack()) _phase = RecoveryPhase.Open;
                DetectLosses(ref outcome);
                break;
            case RecoveryPhase.Loss:
                if (outcome.Advances && TryUndo(in seg)) break;
                StepForward(in outcome);
                if (_phase is RecoveryPhase.Loss && Snd.Una >= _recoveryPoint) _phase = RecoveryPhase.Open;
                DetectLosses(ref outcome);
                if (_phase is RecoveryPhase.Loss && outcome.RetransmissionLost) growing = StartRecovery(in outcome);
                break;
            default:
                throw new UnreachableException();
        }
        bool lost = flight.LostOctets > 0 && !Has(ConnectionFlags.Resending);
        if (_phase is RecoveryPhase.Open && lost) growing = StartRecovery(in outcome);
        if (_phase is RecoveryPhase.FastRecovery) ReduceProportionally(in outcome);
        else if (growing && (!undone || _linux is not null)) GrowByDelivery(in outcome);
        if (flight.Count > 0 && flight[0].Is(SentMarks.Sacked)) SuspectReneging();
    }

    private bool StartRecovery(in AckOutcome outcome)
    {
        EnterRecovery(FlightSize, in outcome);
        return false;
    }

    private void GrowByDelivery(in AckOutcome outcome)
    {
        bool forward = outcome.Advances || (_reordering > InitialReordering && outcome.Sacked > 0);
        if (forward && outcome.Delivered > 0) ReportAcknowledged(outcome.Delivered, in outcome, _phase is RecoveryPhase.Loss);
    }

    /// <summary>The peer does not acknowledge what it told by SACK that it has: it will not for long (RFC 2018 8).</summary>
    private void SuspectReneging()
    {
        Duration soon = Duration.Max(_rtt.Srtt / 2, Duration.FromMilliseconds(10));
        _deadlines.Retransmit = Timestamp.Min(_deadlines.Retransmit, Now + soon);
    }

    /// <summary>RFC 8985 6.2 step 3: something arrived that had been passed by later segments.</summary>
    private void NoteReordering(in AckOutcome outcome)
    {
        if (!outcome.Late || Snd.Mss == 0) return;
        int distance = outcome.Fack - outcome.LateFrom;
        if (distance > _reordering * Snd.Mss)
            _reordering = (ushort)Math.Min((distance + Snd.Mss - 1) / Snd.Mss, MaximumReordering);
        Set(ConnectionFlags.ReorderingSeen);
    }

    /// <summary>RFC 8985 6.2 step 4: a DSACK a round trip widens the window by a quarter of the smallest round trip.</summary>
    private void UpdateReorderingWindow()
    {
        if (!Has(ConnectionFlags.DsackSeen))
        {
            if (_reorderingPersists == 0) _reorderingSteps = 1;
            return;
        }
        Clear(ConnectionFlags.DsackSeen);
        if (Has(ConnectionFlags.ReorderingWidened) && Snd.Una < _reorderingRound) return; // once a round trip
        Set(ConnectionFlags.ReorderingWidened);
        _reorderingRound = Snd.Nxt;
        if (_reorderingSteps < byte.MaxValue) _reorderingSteps++;
        _reorderingPersists = WindowPersistence;
    }

    /// <summary>RACK.reo_wnd (RFC 8985 6.2 step 4).</summary>
    private Duration ReorderingWindow
    {
        get
        {
            if (!Has(ConnectionFlags.ReorderingSeen))
            {
                if (_phase is not RecoveryPhase.Open) return Duration.Zero;
                if (_flight!.SackedSegments >= _reordering) return Duration.Zero;
            }
            return Duration.Min(MinimumRoundTrip / 4 * _reorderingSteps, _rtt.Srtt);
        }
    }

    private void DetectLosses(ref AckOutcome outcome)
    {
        Flight flight = _flight!;
        if (!flight.InDoubt)
        {
            flight.RackAdvanced = false;
            return;
        }
        Duration wait = flight.DetectLosses(Now, ReorderingWindow, ref outcome);
        if (wait > Duration.Zero)
        {
            Set(ConnectionFlags.ReorderingTimer);
            _deadlines.LossProbe = Now + wait;
        }
        else if (Has(ConnectionFlags.ReorderingTimer))
        {
            Clear(ConnectionFlags.ReorderingTimer);
            _deadlines.LossProbe = Timestamp.Never;
        }
    }

    /// <summary>RFC 8985 6.2 step 5, RACK_mark_losses_on_timeout's other half: the reordering timer expired.</summary>
    private void ReorderingExpired()
    {
        if (_flight is not { Count: > 0 } flight) return;
        var outcome = new AckOutcome
        {
            Una = Snd.Una,
            Fack = flight.HighestSacked,
            FirstSent = Timestamp.Never,
            LastSent = Timestamp.Never,
        };
        Duration wait = flight.DetectLosses(Now, ReorderingWindow, ref outcome);
        if (wait > Duration.Zero)
        {
            Set(ConnectionFlags.ReorderingTimer);
            _deadlines.LossProbe = Now + wait;
        }
        if (outcome.Lost > 0 || outcome.RetransmissionLost)
        {
            Report(TcpTimerKind.Reordering, 1, Duration.Zero);
            if (_phase is not RecoveryPhase.FastRecovery)
            {
                EnterRecovery(FlightSize, in outcome);
                outcome.Delivered = Snd.Mss;
                ReduceProportionally(in outcome);
            }
        }
        MakeReady();
    }
}
