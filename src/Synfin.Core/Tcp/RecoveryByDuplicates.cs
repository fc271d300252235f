using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>Losses that duplicate ACKs tell of: RFC 6675 over the scoreboard, RFC 6582 without SACK.</summary>
public sealed partial class TcpConnection
{
    /// <summary>RFC 6675 2: DupThresh.</summary>
    private const int DuplicateThreshold = 3;

    private void NoteDuplicateAck(ref AckOutcome outcome)
    {
        Flight flight = _flight!;
        if (flight.DuplicateAcks++ == 0) flight.BeforeDuplicates = FlightSize;
        if (!Has(ConnectionFlags.Sack))
        {
            int before = flight.DuplicateOctets;
            // After an RTO all is taken for lost: nothing can leave but what forward RTO recovery sent since.
            int most = _phase is not RecoveryPhase.Loss ? FlightSize - Snd.Mss : flight.ForwardRto ? Snd.Nxt - _recoveryPoint : 0;
            most = Math.Max(0, most); // bounded: no inflation by spoofed ACKs
            flight.DuplicateOctets = Math.Max(before, Math.Min(before + Snd.Mss, most));
            outcome.Delivered += flight.DuplicateOctets - before;
        }
        if (_phase is RecoveryPhase.Open)
        {
            bool lost = flight.DuplicateAcks >= DuplicateThreshold || SackedLossEdge() > Snd.Una;
            bool careful = Has(ConnectionFlags.Sack) || Has(ConnectionFlags.Reducing) || Snd.Una > _recoveryPoint; // RFC 6582 4.1
            if (!lost || !careful) return;
            EnterRecovery(flight.BeforeDuplicates, in outcome);
            outcome.Lost += flight.LoseFirst(Snd.Mss, RangeLimit);
            outcome.Lost += flight.LoseBefore(SackedLossEdge(), RangeLimit);
        }
        else if (_phase is RecoveryPhase.FastRecovery)
        {
            outcome.Lost += flight.LoseBefore(SackedLossEdge(), RangeLimit);
        }
        else
        {
            StepForward(in outcome);
        }
        if (_phase is RecoveryPhase.FastRecovery) ReduceProportionally(in outcome);
    }

    private SequenceNumber SackedLossEdge() => _flight!.LossEdge(DuplicateThreshold, Snd.Mss);

    /// <summary>SND.UNA moved by so many octets.</summary>
    private void AdvanceByDuplicates(in Segment seg, int octets, ref AckOutcome outcome)
    {
        Flight flight = _flight!;
        flight.DuplicateAcks = 0;
        RecoveryPhase before = _phase;
        bool undone = _phase is not RecoveryPhase.Open && TryUndo(in seg);
        if (!undone && _phase is RecoveryPhase.Loss) StepForward(in outcome);
        if (_phase is not RecoveryPhase.Open && Snd.Una >= _recoveryPoint) _phase = RecoveryPhase.Open;
        switch (_phase)
        {
            case RecoveryPhase.Open:
                flight.DuplicateOctets = 0;
                flight.LoseNothing(nothingAgain: true);
                Clear(ConnectionFlags.Resending);
                if (before is RecoveryPhase.FastRecovery) LeaveRecovery(undone);
                else if (!undone) ReportAcknowledged(octets, in outcome, afterTimeout: before is RecoveryPhase.Loss);
                break;
            case RecoveryPhase.FastRecovery:
                flight.DuplicateOctets = Math.Max(0, flight.DuplicateOctets - Math.Max(0, octets - Snd.Mss));
                if (!Has(ConnectionFlags.Sack))
                {
                    // A partial ACK: the next segment is lost too (RFC 6582 3.2 (3)).
                    outcome.Lost += flight.LoseFirst(Snd.Mss, RangeLimit);
                    if (Profile.RateReduction is RateReduction.None) Set(ConnectionFlags.ForceRetransmit);
                }
                else
                {
                    outcome.Lost += flight.LoseBefore(SackedLossEdge(), RangeLimit);
                }
                ReduceProportionally(in outcome);
                break;
            case RecoveryPhase.Loss:
                flight.DuplicateOctets = 0;
                ReportAcknowledged(octets, in outcome, afterTimeout: true);
                break;
            default:
                throw new UnreachableException();
        }
    }
}
