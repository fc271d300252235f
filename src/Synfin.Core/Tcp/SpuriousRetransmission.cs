using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// What was sent again needlessly: found by timestamps (RFC 3522), by DSACK (RFC 3708) or by forward RTO recovery (RFC 5682), and undone
/// (RFC 4015). An undo gives back the window of before the reduction, never more, and each reduction can be undone once.
/// </summary>
public sealed partial class TcpConnection
{
    /// <summary>A reduction follows: what it would have to restore.</summary>
    private void NoteBeforeReduction()
    {
        if (!Profile.Undo) return;
        Flight flight = _flight!;
        int window = _congestion.Window;
        flight.PriorThreshold = _phase is RecoveryPhase.FastRecovery
            ? _congestion.SlowStartThreshold
            : Math.Max(_congestion.SlowStartThreshold, window / 2 + window / 4);
        flight.PriorWindow = window;
        flight.MayUndo = true;
        flight.UndoFrom = Snd.Una;
        flight.UndoSegments = flight.RetransmittedSegments > 0 ? flight.RetransmittedSegments : -1;
        if (!flight.AnySentAgain) flight.HasRetransmitTime = false;
    }

    /// <summary>RFC 3522 3.2: the timestamp echoed is older than the first retransmission, so the original arrived.</summary>
    private bool OriginalArrived(in Segment seg) => _flight is { HasRetransmitTime: true } flight
        && Has(ConnectionFlags.Timestamps) && seg.Options.Has(TcpOptionKinds.Timestamps)
        && (int)(seg.Options.TimestampEchoReply - flight.RetransmitTime) < 0;

    private bool AllWasNeedless => _flight is { UndoSegments: 0 };

    /// <summary>SND.UNA moved while recovering: was it all needless? Then the phase is over.</summary>
    private bool TryUndo(in Segment seg)
    {
        Flight flight = _flight!;
        if (!flight.MayUndo) return false;
        bool delayed = OriginalArrived(in seg);
        bool complete = Snd.Una >= _recoveryPoint || _phase is RecoveryPhase.Loss;
        if (!delayed && !(complete && AllWasNeedless)) return false;
        if (!complete && flight.RetransmittedOctets > 0) return false; // what is still out may have been needed
        if (_phase is RecoveryPhase.Loss) _retransmits = 0;
        Undo();
        _phase = RecoveryPhase.Open;
        return true;
    }

    /// <summary>RFC 3708: a DSACK came for each retransmission of the last reduction.</summary>
    private bool TryUndoByDsack()
    {
        if (_flight is not { MayUndo: true, UndoSegments: 0 }) return false;
        Undo();
        return true;
    }

    private void Undo()
    {
        Flight flight = _flight!;
        flight.LoseNothing();
        flight.MayUndo = false;
        flight.ForwardRto = false;
        flight.Forward = ForwardStep.None;
        flight.RackAdvanced = true; // what was taken for late may be lost by now
        Clear(ConnectionFlags.ForceRetransmit);
        _congestion.Undo(Math.Max(_congestion.Window, flight.PriorWindow), Math.Max(_congestion.SlowStartThreshold, flight.PriorThreshold));
        _stack.Counters.UndoneReductions++;
    }

    /// <summary>A block of octets that were acknowledged before, or that lie in the second block (RFC 2883 4).</summary>
    private static bool IsDsack(in Segment seg, SackBlock block, SequenceNumber una)
    {
        if (block.Right <= una && block.Left < seg.Ack) return true;
        if (seg.Options.SackCount < 2) return false;
        SackBlock second = seg.Options.SackBlocks[1];
        return second.Length > 0 && block.Left >= second.Left && block.Right <= second.Right;
    }

    /// <summary>
    /// A DSACK counts if it can be true: of no more than the largest window, not of more segments than were sent again, and for an undo of
    /// what was sent again since the reduction.
    /// </summary>
    private void NoteDsack(SackBlock block, ref AckOutcome outcome)
    {
        if (block.Length > Math.Max(Snd.MaxWnd, Snd.Mss)) return;
        int segments = SegmentsOf(block.Length);
        bool ofProbe = _flight is { Probing: true } probing && probing.ProbeEnd == block.Right && segments == 1;
        _dsackDuplicates = (int)Math.Min((long)_dsackDuplicates + segments, int.MaxValue);
        if (_dsackDuplicates > _totalRetransmits) return;
        outcome.Dsack = true;
        outcome.DsackOfProbe = ofProbe;
        if (Has(ConnectionFlags.ReorderingSeen) && !ofProbe) Set(ConnectionFlags.DsackSeen);
        if (_flight is not { MayUndo: true, UndoSegments: > 0 } flight || block.Right <= flight.UndoFrom) return;
        flight.UndoSegments = Math.Max(0, flight.UndoSegments - segments);
    }

    /// <summary>RFC 5682 3.1 (2) and (3), for all: the first two ACKs after the timer tell whether it expired needlessly.</summary>
    private void StepForward(in AckOutcome outcome)
    {
        Flight flight = _flight!;
        flight.Forward = ForwardStep.None;
        if (!flight.ForwardRto) return;
        if (outcome.OfOriginal && (Has(ConnectionFlags.Sack) || !outcome.OfRetransmitted))
        {
            _stack.Counters.SpuriousTimeouts++;
            _retransmits = 0;
            if (flight.MayUndo) Undo();
            else flight.LoseNothing();
            _phase = RecoveryPhase.Open;
        }
        else if (Snd.Nxt > _recoveryPoint)
        {
            if (outcome.Duplicate || outcome.Sacked > 0) flight.ForwardRto = false; // the loss was real
        }
        else if (outcome.Advances && Snd.Una < _recoveryPoint)
        {
            _recoveryPoint = Snd.Nxt;
            bool mayGo = SendTextEnd > Snd.Nxt && Snd.Una + Snd.Wnd > Snd.Nxt;
            flight.Forward = mayGo ? ForwardStep.Try : ForwardStep.None;
            flight.ForwardRto = mayGo;
        }
    }
}
