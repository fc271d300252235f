using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// The one place that decides what goes out. The steps only record consequences; this pulls them, so ACKs coalesce (MUST-58, MUST-59).
/// </summary>
public sealed partial class TcpConnection
{
    /// <summary>The text of the largest packet that IPv4's length field can tell, with all options.</summary>
    private const int MaxSegmentText = 65_535 - IpHeader.Ipv4Length - TcpHeader.MaximumLength;

    private Timestamp _lastSent;
    private long _segmentsSent;
    private long _totalRetransmits;

    /// <summary>Sends at most one (super-)segment.</summary>
    /// <returns>False if the link is full.</returns>
    internal bool Output(ILink link, out bool more)
    {
        more = false;
        TransmitDecision decision = Decide(link);
        if (decision.Kind is Transmission.None)
        {
            Waiting();
            return true;
        }
        if (!Transmit(in decision, link)) return false;
        Transmitted(in decision);
        more = decision.Kind is not (Transmission.Acknowledgment or Transmission.KeepAlive) || Has(ConnectionFlags.AckNow);
        if (!more) Waiting();
        return true;
    }

    /// <summary>What, if anything, goes out now.</summary>
    private TransmitDecision Decide(ILink link)
    {
        switch (_state)
        {
            case TcpState.Closed or TcpState.Listen:
                return default;
            case TcpState.SynSent or TcpState.SynReceived when Has(ConnectionFlags.SynPending):
                return new(Transmission.Synchronize, Snd.Iss);
            case TcpState.SynSent:
                return default;
            case TcpState.SynReceived or TcpState.TimeWait:
                return Has(ConnectionFlags.AckNow) ? new(Transmission.Acknowledgment, AcceptableSeq) : default;
            default:
                break;
        }
        int most = Math.Max(CurrentMss, MayJoin(link) ? Math.Min(link.MaxSuperSegment, MaxSegmentText) : 0);
        if (Has(ConnectionFlags.ProbeTail) && DecideTailProbe() is { Kind: not Transmission.None } tail) return tail;
        if (DecideOld(most) is { Kind: not Transmission.None } again) return again;
        if (DecideNew(most) is { Kind: not Transmission.None } news) return news;
        if (_flight is { Forward: ForwardStep.Try })
        {
            GiveUpForwardRto();
            if (DecideRetransmission(most) is { Kind: not Transmission.None } usual) return usual;
        }
        if (Has(ConnectionFlags.ProbePending)) return DecideProbe();
        if (DecideDoubtful() is { Kind: not Transmission.None } doubtful) return doubtful;
        if (DecideRescue() is { Kind: not Transmission.None } rescue) return rescue;
        if (Has(ConnectionFlags.KeepAlivePending)) return new(Transmission.KeepAlive, Snd.Nxt - 1);
        return Has(ConnectionFlags.AckNow) ? new(Transmission.Acknowledgment, AcceptableSeq) : default;
    }

    /// <summary>
    /// SND.NXT, or the window's right edge if that is behind it, as after a zero-window probe or when the window shrank: the peer drops
    /// what begins beyond the edge (3.10.7.4, first step), and the ACK with it. Linux does so too.
    /// </summary>
    private SequenceNumber AcceptableSeq
    {
        get
        {
            if (_state is TcpState.SynReceived) return Snd.Nxt; // SND.WND is not scaled yet
            SequenceNumber rightEdge = Snd.Una + Snd.Wnd;
            // A window may be told too small by less than a unit of its scale; a closed one is closed, and takes its edge alone.
            int untold = Snd.Wnd == 0 ? 0 : (1 << Rcv.Scale) - 1;
            return Snd.Nxt - rightEdge > untold ? rightEdge : Snd.Nxt;
        }
    }

    /// <summary>Whether super-segments may go: not with an urgent pointer, which would be the same in all pieces.</summary>
    private bool MayJoin(ILink link) => (link.Offloads & LinkOffloads.Segmentation) != 0 && !Has(ConnectionFlags.UrgentToSend);

    /// <summary>RFC 5682 2.1 (2b): what may have been lost waits until the ACK of new data has told.</summary>
    private TransmitDecision DecideOld(int most) =>
        _flight is { Forward: not ForwardStep.None } ? default : DecideRetransmission(most);

    private void GiveUpForwardRto()
    {
        _flight!.Forward = ForwardStep.None;
        _flight.ForwardRto = false;
    }

    /// <summary>Lost data, inside the window (SHLD-16; never beyond it: MAY-7) and as the congestion window allows.</summary>
    private TransmitDecision DecideRetransmission(int most)
    {
        SackBlock lost = _flight is null ? default : _flight.FirstPending();
        if (lost.Length <= 0) return default;
        bool forced = Has(ConnectionFlags.ForceRetransmit);
        int budget = forced ? Snd.Mss : _congestion.Window - Pipe();
        if (budget < Math.Min(Snd.Mss, lost.Length)) return default;
        int window = Snd.Una + Snd.Wnd - lost.Left;
        if (window <= 0) return default; // shrunk below it: the persist timer probes (MUST-34, MUST-35)
        int octets = Math.Min(Math.Min(lost.Length, window), Math.Min(budget, most));
        int text = Math.Min(octets, SendTextEnd - lost.Left);
        int mss = CurrentMss;
        if (text > mss) text -= text % mss;
        if (lost.Left + text == Snd.Nxt && text < mss && !FinSent)
            text = Math.Min(Math.Min(mss, window), SendTextEnd - lost.Left); // joined with what follows it
        bool fin = FinSent && lost.Left + text == SendTextEnd && octets > text;
        return new(Transmission.Retransmission, lost.Left, text, fin);
    }

    /// <summary>New text and the FIN: windows, silly-window avoidance, Nagle, cork.</summary>
    private TransmitDecision DecideNew(int most)
    {
        bool finWaits = Has(ConnectionFlags.FinQueued) && !FinSent;
        int unsent = SendTextEnd - Snd.Nxt;
        if (FinSent || (unsent <= 0 && !finWaits)) return default;
        int usable = Snd.Una + Snd.Wnd - Snd.Nxt; // negative after the peer shrank its window (MUST-34)
        if (usable <= 0) return default;
        int budget = _congestion.Window - Pipe();
        if (budget < Math.Min(Snd.Mss, Math.Max(unsent, 1)))
        {
            Set(ConnectionFlags.WindowLimited);
            return default;
        }
        int text = Math.Min(Math.Min(unsent, usable), Math.Min(budget, most));
        bool last = text == unsent;
        int mss = CurrentMss;
        if (text > mss && !(last && SmallMayGo(finWaits, afterFull: true))) text -= text % mss;
        else if (text < mss && !(finWaits && last) && !SillyWindow.MaySend(text, unsent, Snd.MaxWnd, SmallMayGo(finWaits))) return default;
        if (text == budget || (unsent > budget && usable > budget)) Set(ConnectionFlags.WindowLimited);
        bool fin = finWaits && text == unsent && usable > text;
        return text == 0 && !fin ? default : new(Transmission.New, Snd.Nxt, text, fin);
    }

    /// <summary>Nagle (SHLD-7) in Minshall's variant, and cork: may a segment smaller than MSS go?</summary>
    /// <param name="finFollows">FIN goes along: nothing will come that could fill it up.</param>
    /// <param name="afterFull">It would follow full segments of the same super-segment.</param>
    private bool SmallMayGo(bool finFollows, bool afterFull = false)
    {
        if (finFollows) return true;
        if (Options.Cork || Has(ConnectionFlags.MoreFollows))
        {
            if (Has(ConnectionFlags.CorkPulled)) return true;
            if (!_deadlines.Cork.IsSet) _deadlines.Cork = Now + Profile.CorkTimeout;
            return false;
        }
        if (Options.NoDelay || Has(ConnectionFlags.UrgentToSend)) return true; // as Linux: while anything urgent is in flight
        return Profile.MinshallNagle ? Snd.Sml <= Snd.Una : FlightSize == 0 && !afterFull;
    }

    /// <summary>What should have followed the last write "at once" has not: the rest is Nagle's to decide, as in Linux.</summary>
    private void MoreHasNotFollowed()
    {
        Clear(ConnectionFlags.MoreFollows);
        if (SendTextEnd > Snd.Nxt) MakeReady();
    }

    /// <summary>RFC 9293 3.8.6.1: at least one octet though the window is closed; or a segment that was too silly for too long.</summary>
    private TransmitDecision DecideProbe()
    {
        if (FlightSize > 0)
        {
            bool finOnly = FinSent && Snd.Una == SendTextEnd;
            int again = Profile.EmptyWindowProbes ? Math.Min(CurrentMss, SendTextEnd - Snd.Una) : 1; // Linux: the first segment
            return new(Transmission.Probe, Snd.Una, finOnly ? 0 : Math.Min(again, Snd.Nxt - Snd.Una), finOnly);
        }
        if (Profile.EmptyWindowProbes && Snd.Wnd == 0) return new(Transmission.KeepAlive, Snd.Una - 1);
        int unsent = SendTextEnd - Snd.Nxt;
        int text = Math.Min(unsent, Math.Clamp(Snd.Wnd, 1, CurrentMss));
        bool fin = text == unsent && Has(ConnectionFlags.FinQueued) && !FinSent && (text == 0 || Snd.Wnd > text);
        return text == 0 && !fin ? default : new(Transmission.Probe, Snd.Nxt, text, fin);
    }

    /// <summary>RFC 6675 4, NextSeg (3): nothing new may go, so the next hole below the highest SACK goes again, lost or not.</summary>
    private TransmitDecision DecideDoubtful()
    {
        if (_phase is not RecoveryPhase.FastRecovery || Racks || _flight is not { SackedOctets: > 0 } flight) return default;
        SackBlock gap = flight.FirstDoubtful();
        int text = Math.Min(gap.Length, CurrentMss);
        if (text <= 0 || _congestion.Window - Pipe() < text || gap.Left + text > Snd.Una + Snd.Wnd) return default;
        return new(Transmission.Retransmission, gap.Left, text);
    }

    /// <summary>RFC 6675 4, NextSeg (4): nothing new may go and no SACK came for the tail: send its last segment again, once.</summary>
    private TransmitDecision DecideRescue()
    {
        if (_phase is not RecoveryPhase.FastRecovery || Has(ConnectionFlags.Rescued) || Racks || !Has(ConnectionFlags.Sack)) return default;
        if (Snd.Nxt != _recoveryPoint || _flight is not { } flight) return default; // new data went out since: its SACKs will tell
        SequenceNumber from = flight.HighestTouched;
        int tail = Snd.Nxt - from;
        if (tail <= 0 || _congestion.Window - Pipe() < Math.Min(tail, Snd.Mss) || Snd.Una + Snd.Wnd < Snd.Nxt) return default;
        int octets = Math.Min(tail, CurrentMss);
        bool fin = FinSent;
        SequenceNumber seq = Snd.Nxt - octets;
        Set(ConnectionFlags.RescuePending);
        return new(Transmission.Retransmission, seq, octets - (fin ? 1 : 0), fin);
    }

    /// <summary>The link took it: what that means for the control block.</summary>
    private void Transmitted(in TransmitDecision sent)
    {
        SequenceNumber end = sent.Seq + sent.Text + (sent.Fin ? 1 : 0);
        switch (sent.Kind)
        {
            case Transmission.Synchronize:
                Clear(ConnectionFlags.SynPending);
                if (_retransmits > 0) _timedAt = Now;
                Snd.Nxt = Snd.Iss + 1;
                if (_state is TcpState.SynSent or TcpState.SynReceived) ArmRetransmit();
                ArmUserTimeout();
                return;
            case Transmission.Retransmission or Transmission.Probe when sent.Seq < Snd.Nxt:
                Clear(ConnectionFlags.ForceRetransmit | ConnectionFlags.ProbePending | ConnectionFlags.Timing);
                _timedAt = Now;
                SentAgain(in sent, end);
                if (end > Snd.Nxt)
                {
                    NewlySent(end, 1);
                    Snd.Nxt = end;
                }
                if (Has(ConnectionFlags.ProbeTail) && sent.Kind is Transmission.Retransmission) ProbeSent(in sent);
                break;
            case Transmission.New or Transmission.Probe:
                SentNew(sent, end);
                break;
            case Transmission.KeepAlive:
                Clear(ConnectionFlags.KeepAlivePending | ConnectionFlags.ProbePending);
                return;
            case Transmission.Acknowledgment:
                return;
            case Transmission.None:
            default:
                throw new UnreachableException();
        }
        _lastSent = Now;
        Set(ConnectionFlags.HasSent);
        bool reduces = _phase is RecoveryPhase.FastRecovery || Has(ConnectionFlags.Reducing);
        if (reduces && _flight is { } flight) flight.ReductionOut += end - sent.Seq;
        if (!_deadlines.Retransmit.IsSet) ArmRetransmit();
    }

    private void SentNew(in TransmitDecision sent, SequenceNumber end)
    {
        if (FlightSize == 0)
        {
            ResumeSending();
            _progressAt = Now;
            if (sent.Kind is Transmission.New) _deadlines.Retransmit = Timestamp.Never;
        }
        Clear(ConnectionFlags.ProbePending);
        if (sent.Kind is Transmission.New)
        {
            Clear(ConnectionFlags.Persisting | ConnectionFlags.CorkPulled);
            _deadlines.Cork = Timestamp.Never;
            if (!Has(ConnectionFlags.Timing))
            {
                Set(ConnectionFlags.Timing);
                _timedEnd = end;
                _timedAt = Now;
            }
        }
        if (sent.Kind is Transmission.New && sent.Text % CurrentMss != 0) Snd.Sml = end;
        NewlySent(end, SegmentsOf(sent.Text));
        Snd.Nxt = end;
        if (_flight!.Forward is ForwardStep.Try) _flight.Forward = ForwardStep.Wait;
        NoteWindowUse();
        ArmUserTimeout();
        if (Has(ConnectionFlags.ProbeTail))
        {
            ProbeSent(in sent);
            return;
        }
        if (!_deadlines.Retransmit.IsSet) ArmRetransmit();
        ArmProbe();
    }

    /// <summary>
    /// Nothing can go out: if that is because of the peer's window and nothing is in flight, the persist timer must run (MUST-36).
    /// </summary>
    private void Waiting()
    {
        bool stuck = FlightSize == 0
            && _state is TcpState.Established or TcpState.CloseWait or TcpState.FinWait1 or TcpState.Closing or TcpState.LastAck;
        if (stuck && FlightSize == 0 && !Has(ConnectionFlags.ProbePending))
        {
            bool finWaits = Has(ConnectionFlags.FinQueued) && !FinSent;
            int unsent = FinAcknowledged ? 0 : SendTextEnd - Snd.Nxt;
            bool held = (Options.Cork || Has(ConnectionFlags.MoreFollows)) && unsent < Snd.Mss && Snd.Wnd >= unsent && !finWaits;
            if ((unsent > 0 || finWaits) && !held && !_deadlines.Retransmit.IsSet)
            {
                Set(ConnectionFlags.Persisting);
                _deadlines.Retransmit = Now + PersistWait; // SHLD-29
            }
        }
        Reschedule();
    }

    private void ArmRetransmit() => _deadlines.Retransmit = Now + _rtt.Rto;
}
