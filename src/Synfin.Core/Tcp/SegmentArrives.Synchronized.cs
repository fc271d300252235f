using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// SEGMENT ARRIVES in SYN-RECEIVED and beyond (RFC 9293 3.10.7.4): the eight steps. TIME-WAIT is NetworkStack.TimeWait's.
/// </summary>
public sealed partial class TcpConnection
{
    private DropReason _drop;

    private DropReason SegmentArrivesSynchronized(ref Segment seg)
    {
        _drop = DropReason.None;
        _ = FirstCheckSequenceNumber(ref seg) && SecondCheckRst(in seg) && FourthCheckSyn(in seg) && FifthCheckAck(in seg)
            && TrimToWindow(ref seg) && SixthCheckUrg(in seg) && MayTakeText(in seg)
            && SeventhProcessText(ref seg) && EighthCheckFin(in seg);
        return _drop;
    }

    private bool Drop(DropReason reason)
    {
        _drop = reason;
        return false;
    }

    /// <summary>First: is it in the window, and not an old duplicate (RFC 7323 5.3)? If not it is acknowledged and dropped.</summary>
    private bool FirstCheckSequenceNumber(ref Segment seg)
    {
        if (JudgesAsFreeBsd) return FirstCheckAsFreeBsd(ref seg);
        bool reset = seg.Has(TcpFlags.Rst);
        if (_state is TcpState.SynReceived && seg.Has(TcpFlags.Syn) && seg.Seq == Rcv.Irs && seg.Has(TcpFlags.Ack) && !reset)
        {
            if (!AcceptsEcn(in seg)) Clear(ConnectionFlags.Ecn | ConnectionFlags.EcnEcho);
            TrimSyn(ref seg); // the other half of a simultaneous open (RFC 9293 Figure 8, line 6): its SYN is known
        }
        if (!CheckTimestamps(in seg)) return false;
        int length = reset ? 0 : seg.Len; // of a RST its number alone counts (RFC 5961 3.2)
        if (IsResetAtFin(in seg) || ReceiveWindow.Accepts(Rcv.Nxt, Rcv.Wnd, seg.Seq, length))
        {
            IsAcceptable();
            return true;
        }
        if (!reset) AnswerUnacceptable(in seg);
        return Drop(DropReason.OutsideWindow);
    }

    private void IsAcceptable()
    {
        _lastReceived = Now;
        _keepAliveProbes = 0;
    }

    /// <summary>
    /// Second, as amended by RFC 5961 3.2: only a RST at exactly RCV.NXT ends the connection; one in the window is challenged.
    /// </summary>
    private bool SecondCheckRst(in Segment seg)
    {
        if (!seg.Has(TcpFlags.Rst)) return true;
        bool exact = seg.Seq == ResetNumber || IsResetAtFin(in seg) || IsResetAtSackEdge(in seg) || Profile.InsecureReset;
        if (!exact)
        {
            Challenge();
            return Drop(DropReason.ResetNotExact);
        }
        _stack.Counters.ResetsReceived++;
        switch (_state)
        {
            case TcpState.SynReceived:
                // A passive OPEN goes back to LISTEN, which is still there; an active one was refused.
                if (Has(ConnectionFlags.Passive)) End(CloseReason.RemoteReset, TcpError.ConnectionReset);
                else End(CloseReason.Refused, TcpError.ConnectionRefused);
                break;
            case TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2 or TcpState.CloseWait
                or TcpState.Closing or TcpState.LastAck:
                End(CloseReason.RemoteReset, TcpError.ConnectionReset);
                break;
            case TcpState.Closed or TcpState.Listen or TcpState.SynSent or TcpState.TimeWait:
            default:
                throw new UnreachableException();
        }
        return false;
    }

    /// <summary>A peer that is ended at once after its FIN may send the RST with the FIN's number.</summary>
    private bool IsResetAtFin(in Segment seg) =>
        Profile.ResetAtFin && seg.Has(TcpFlags.Rst) && Has(ConnectionFlags.FinReceived) && seg.Seq == Rcv.Nxt - 1;

    /// <summary>A peer that takes what it was told in SACK blocks for received sends the RST behind it.</summary>
    private bool IsResetAtSackEdge(in Segment seg) =>
        Profile.SackEdgeReset && Has(ConnectionFlags.Sack) && OutOfOrder.Count > 0 && seg.Seq == OutOfOrder[OutOfOrder.Count - 1].Right;

    // Third, security and compartment: not used (RFC 9293 A.1).

    /// <summary>Fourth, as amended by RFC 5961 4.2: a SYN is challenged, whatever its number.</summary>
    private bool FourthCheckSyn(in Segment seg)
    {
        if (!seg.Has(TcpFlags.Syn)) return true;
        if (Profile.InsecureSyn && seg.Seq.IsIn(Rcv.Nxt, Rcv.Nxt + Math.Max(1, Rcv.Wnd)))
        {
            Reset(CloseReason.RemoteReset, TcpError.ConnectionReset); // RFC 793 3.9: "SYN in the window is an error"
            return Drop(DropReason.UnexpectedSyn);
        }
        Challenge();
        return Drop(DropReason.UnexpectedSyn);
    }

    /// <summary>
    /// Makes it "the idealized segment that begins at RCV.NXT and does not exceed the window" on its right; the left is cut with the text.
    /// </summary>
    private bool TrimToWindow(ref Segment seg)
    {
        if (JudgesAsFreeBsd) return TrimAsFreeBsd(ref seg);
        int beyond = seg.End - (Rcv.Nxt + Rcv.Wnd);
        if (beyond <= 0 || seg.Len == 0) return true;
        if (seg.Has(TcpFlags.Fin))
        {
            seg.Flags &= ~TcpFlags.Fin;
            beyond--;
        }
        seg.Text = seg.Text[..Math.Max(0, seg.Text.Length - beyond)];
        AcknowledgeNow(); // the peer sends into a closed window: tell it where the edge is (3.8.6.1)
        return true;
    }

    /// <summary>Fifth: the ACK field, as amended by RFC 5961 5.2.</summary>
    private bool FifthCheckAck(in Segment seg)
    {
        if (!seg.Has(TcpFlags.Ack)) return Drop(DropReason.NoAck);
        if (_state is TcpState.SynReceived)
        {
            if (seg.Ack <= Snd.Una || seg.Ack > Snd.Nxt)
            {
                _stack.QueueResetFor(in seg);
                return Drop(DropReason.BadAck);
            }
            EnterEstablished(in seg);
        }
        else if (seg.Ack > Snd.Nxt || (Snd.Una - seg.Ack > OldestAck && !(Profile.InsecureAck && JudgesAsFreeBsd)))
        {
            Challenge(); // of what was never sent, or too old to be anything but a guess
            return Drop(DropReason.BadAck);
        }
        UpdateRecentTimestamp(in seg); // only now: a guess that is dropped must not set the clock that PAWS goes by
        ProcessAck(in seg);
        return FinAcknowledged ? OurFinIsAcknowledged() : true;
    }

    /// <summary>
    /// How far SEG.ACK may lie before SND.UNA: MAX.SND.WND (RFC 5961 5.2), and no further than what this control block has seen
    /// acknowledged, as in Linux: of less only a guess can be.
    /// </summary>
    private long OldestAck
    {
        get
        {
            bool synCounts = !Has(ConnectionFlags.Passive) && !JudgesAsFreeBsd;
            long seen = _octetsAcknowledged + (synCounts ? 1 : 0) + (FinAcknowledged ? 1 : 0);
            return Math.Min(JudgesAsFreeBsd ? Snd.MaxWnd : Math.Max(Snd.MaxWnd, Snd.Mss), seen);
        }
    }

    /// <summary>SYN-RECEIVED and our SYN is acknowledged.</summary>
    private void EnterEstablished(in Segment seg)
    {
        SampleHandshake(in seg.Options);
        Snd.Una = Snd.Iss + 1;
        UpdateSendWindow(in seg, scaled: true);
        Establish();
    }

    /// <summary>The states in which the acknowledgment of our FIN moves us on. False: nothing is left to process.</summary>
    private bool OurFinIsAcknowledged()
    {
        switch (_state)
        {
            case TcpState.FinWait1:
                SetState(TcpState.FinWait2);
                if (Has(ConnectionFlags.Orphaned)) _deadlines.Lifetime = Now + (Options.FinWait2 ?? Profile.FinWait2);
                return true;
            case TcpState.FinWait2:
                return true;
            case TcpState.Closing:
                EnterTimeWait();
                return false;
            case TcpState.LastAck:
                End(CloseReason.RemoteClose, TcpError.None);
                return false;
            case TcpState.Established or TcpState.CloseWait:
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Sixth: the urgent pointer.</summary>
    private bool SixthCheckUrg(in Segment seg)
    {
        if (!seg.Has(TcpFlags.Urg)) return true;
        if (_state is TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2 && !Has(ConnectionFlags.Orphaned))
            UrgentPointerArrives(in seg);
        return true; // after the peer's FIN there is nothing to announce
    }

    /// <summary>Eighth: the FIN, once all before it has arrived.</summary>
    private bool EighthCheckFin(in Segment seg)
    {
        if (seg.Has(TcpFlags.Fin) && !Has(ConnectionFlags.FinSeen))
        {
            SequenceNumber fin = seg.Seq + seg.Text.Length;
            if (OutOfOrder.Count > 0 && OutOfOrder[OutOfOrder.Count - 1].Right > fin)
            {
                AcknowledgeNow();
                return Drop(DropReason.InvalidInState); // text lies beyond it: one of the two is not the peer's
            }
            Rcv.Fin = fin;
            Set(ConnectionFlags.FinSeen);
            if (Rcv.Fin > Rcv.Nxt) AcknowledgeNow(); // out of order: say what is missing
        }
        else if (seg.Has(TcpFlags.Fin) && !Has(ConnectionFlags.FinReceived) && Rcv.Nxt < Rcv.Fin)
        {
            AcknowledgeNow(); // again or elsewhere, and something is still missing
        }
        if (!Has(ConnectionFlags.FinSeen) || Has(ConnectionFlags.FinReceived) || Rcv.Nxt != Rcv.Fin) return true;
        Rcv.Nxt += 1;
        Rcv.Edge = SequenceNumber.Max(Rcv.Edge, Rcv.Nxt);
        Set(ConnectionFlags.FinReceived);
        AcknowledgeFin();
        Signal(TcpSignals.Readable);
        switch (_state)
        {
            case TcpState.SynReceived or TcpState.Established:
                SetState(TcpState.CloseWait);
                break;
            case TcpState.FinWait1:
                SetState(TcpState.Closing); // had our FIN been acknowledged, the fifth step would have gone to FIN-WAIT-2
                break;
            case TcpState.FinWait2:
                EnterTimeWait();
                break;
            case TcpState.CloseWait or TcpState.Closing or TcpState.LastAck:
                break; // a retransmitted FIN: it was acknowledged as outside of the window
            case TcpState.Closed or TcpState.Listen or TcpState.SynSent or TcpState.TimeWait:
            default:
                throw new UnreachableException();
        }
        return true;
    }
}
