using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>RFC 8985 7: a probe after two round trips of silence brings the SACK that tells of a lost tail, long before the RTO.</summary>
public sealed partial class TcpConnection
{
    /// <summary>Timers have a grain: of a PTO without an allowance for a delayed ACK it is added.</summary>
    private static readonly Duration ProbeGrain = Duration.FromMilliseconds(2);

    /// <summary>RFC 8985 7.2, TLP_calc_PTO: when something new was sent, or new data acknowledged.</summary>
    private void ArmProbe()
    {
        if (Has(ConnectionFlags.ReorderingTimer) && _deadlines.LossProbe.IsSet) return;
        bool wanted = Profile.TailLossProbe && Racks && _flight is { Count: > 0, SackedOctets: 0, AnySentAgain: false }
            && _phase is RecoveryPhase.Open && !Has(ConnectionFlags.Persisting) && Snd.Wnd > 0;
        if (!wanted)
        {
            _deadlines.LossProbe = Timestamp.Never;
            return;
        }
        Duration timeout = Profile.InitialRto;
        if (_rtt.HasSample)
            timeout = _rtt.Srtt * 2 + (_flight!.Segments == 1 ? Profile.ProbeDelayedAck : ProbeGrain);
        _deadlines.LossProbe = Timestamp.Min(Now + timeout, _deadlines.Retransmit);
    }

    private void LossProbeExpired()
    {
        _deadlines.LossProbe = Timestamp.Never;
        if (Has(ConnectionFlags.ReorderingTimer))
        {
            Clear(ConnectionFlags.ReorderingTimer);
            ReorderingExpired();
            return;
        }
        if (_flight is not { Count: > 0 } flight || Snd.Wnd == 0 || flight.Probing) return; // one at a time
        Report(TcpTimerKind.LossProbe, 1, Duration.Zero);
        Set(ConnectionFlags.ProbeTail);
        ArmRetransmit(); // not both at once: the RTO counts from the probe
        MakeReady();
    }

    /// <summary>RFC 8985 7.3, TLP_send_probe: a new segment, whatever cwnd says, or the last one again.</summary>
    private TransmitDecision DecideTailProbe()
    {
        if (_flight is not { Count: > 0 } flight || _phase is not RecoveryPhase.Open)
        {
            Clear(ConnectionFlags.ProbeTail);
            return default;
        }
        int unsent = FinSent ? 0 : SendTextEnd - Snd.Nxt;
        int usable = Snd.Una + Snd.Wnd - Snd.Nxt;
        int text = Math.Min(unsent, CurrentMss);
        if (text > 0 && text <= usable)
        {
            bool fin = Has(ConnectionFlags.FinQueued) && text == unsent && usable > text;
            return new(Transmission.New, Snd.Nxt, text, fin);
        }
        SequenceNumber left = flight.LeftOf(flight.Count - 1);
        SentRange last = flight[flight.Count - 1];
        int size = (last.Right - left + last.Segments - 1) / last.Segments;
        int octets = last.Right - left;
        if (last.Segments > 1) octets -= (last.Segments - 1) * size;
        octets = Math.Min(octets, CurrentMss);
        if (octets <= 0 || last.Is(SentMarks.Sacked) || last.Right > Snd.Una + Snd.Wnd)
        {
            Clear(ConnectionFlags.ProbeTail);
            return default;
        }
        bool again = FinSent;
        return new(Transmission.Retransmission, last.Right - octets, octets - (again ? 1 : 0), again);
    }

    /// <summary>The probe went out.</summary>
    private void ProbeSent(in TransmitDecision sent)
    {
        Flight flight = _flight!;
        Clear(ConnectionFlags.ProbeTail);
        flight.Probing = true;
        flight.ProbeOfOld = sent.Kind is Transmission.Retransmission;
        flight.ProbeEnd = Snd.Nxt;
        _stack.Counters.TailLossProbes++;
        _deadlines.LossProbe = Timestamp.Never;
        ArmRetransmit(); // RFC 8985 7.3: from now on
    }

    /// <summary>RFC 8985 7.4.2, TLP_process_ack: did the probe mend a loss that nothing else told of? Then the window must know.</summary>
    /// <returns>Whether the window was reduced: then this ACK raises nothing.</returns>
    private bool ProcessProbeAck(in Segment seg, in AckOutcome outcome)
    {
        Flight flight = _flight!;
        if (!flight.Probing || seg.Ack < flight.ProbeEnd) return false;
        if (!flight.ProbeOfOld || outcome.DsackOfProbe)
        {
            flight.Probing = false;
        }
        else if (seg.Ack > flight.ProbeEnd)
        {
            flight.Probing = false;
            _congestion.EnterRecovery(FlightSize, Snd.Mss);
            _congestion.Window = _congestion.SlowStartThreshold;
            AnnounceReduction();
            return true;
        }
        else if (!outcome.Advances && outcome.Duplicate)
        {
            flight.Probing = false; // both arrived
        }
        return false;
    }
}
