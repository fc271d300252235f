using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// SEGMENT ARRIVES (RFC 9293 3.10.7): the dispatch and SYN-SENT. CLOSED and LISTEN have no full TCB: see NetworkStack and TcpListener.
/// </summary>
public sealed partial class TcpConnection
{
    private Timestamp _lastReceived;
    private long _octetsReceived;
    private long _segmentsReceived;

    internal void SegmentArrives(ref Segment seg)
    {
        _segmentsReceived += seg.WireSegments;
        if (Has(ConnectionFlags.MoreFollows)) MoreHasNotFollowed();
        DropReason reason = _state switch
        {
            TcpState.SynSent => SegmentArrivesInSynSent(ref seg),
            TcpState.SynReceived or TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2 or TcpState.CloseWait
                or TcpState.Closing or TcpState.LastAck => SegmentArrivesSynchronized(ref seg),
            TcpState.Closed or TcpState.Listen or TcpState.TimeWait => throw new UnreachableException(), // not in the table
            _ => throw new UnreachableException(),
        };
        if (reason is not DropReason.None) _stack.Dropped(in seg, _state, reason);
        Reschedule();
    }

    /// <summary>3.10.7.3.</summary>
    private DropReason SegmentArrivesInSynSent(ref Segment seg)
    {
        // First, check the ACK bit.
        if (seg.Has(TcpFlags.Ack) && (seg.Ack <= Snd.Iss || seg.Ack > Snd.Nxt))
        {
            if (!seg.Has(TcpFlags.Rst)) _stack.QueueResetFor(in seg); // a half-open peer, or an old SYN,ACK (3.5.1)
            return DropReason.BadAck;
        }
        bool acknowledged = seg.Has(TcpFlags.Ack);

        // Second, check the RST bit: it is believed only if it acknowledges our SYN (RFC 5961 3.2).
        if (seg.Has(TcpFlags.Rst))
        {
            if (!acknowledged) return DropReason.ResetNotExact;
            _stack.Counters.ResetsReceived++;
            End(CloseReason.Refused, TcpError.ConnectionRefused);
            return DropReason.None;
        }

        // Third, security: not used. Fourth, check the SYN bit; fifth, without it drop the segment.
        if (!seg.Has(TcpFlags.Syn)) return DropReason.InvalidInState;
        _lastReceived = Now;
        Synchronize(seg.Seq, in seg.Options);
        NegotiateEcn(in seg);
        if (!acknowledged)
        {
            EnterSynReceivedByCrossing(ref seg);
            return DropReason.None;
        }
        SampleHandshake(in seg.Options);
        Snd.Una = seg.Ack;
        UpdateSendWindow(in seg, scaled: false);
        if (!JudgesAsFreeBsd || seg.Text.IsEmpty) AcknowledgeNow(); // its text is acknowledged as any text: perhaps later
        Establish();
        TrimSyn(ref seg);
        TrimToWindow(ref seg);
        if (seg.Has(TcpFlags.Urg)) SixthCheckUrg(in seg);
        SeventhProcessText(ref seg);
        EighthCheckFin(in seg);
        return DropReason.None;
    }

    /// <summary>SYNs crossed (MUST-10): answer with SYN,ACK. Text is kept up to the window; a FIN will come again.</summary>
    private void EnterSynReceivedByCrossing(ref Segment seg)
    {
        UpdateSendWindow(in seg, scaled: false);
        SetState(TcpState.SynReceived);
        _retransmits = 0;
        Set(ConnectionFlags.SynPending);
        TrimSyn(ref seg);
        seg.Flags &= ~TcpFlags.Fin;
        TrimToWindow(ref seg);
        if (!seg.Text.IsEmpty) SeventhProcessText(ref seg);
        MakeReady();
    }

    /// <summary>The peer's SYN is known: IRS, RCV.NXT and what both ends agreed on.</summary>
    internal void Synchronize(SequenceNumber irs, in TcpOptions peer)
    {
        Rcv.Irs = irs;
        Rcv.Nxt = irs + 1;
        Rcv.Read = Rcv.Nxt;
        Rcv.Up = Rcv.Nxt;
        Rcv.LastAck = Rcv.Nxt;
        TcpProfile profile = Profile;
        if (profile.Timestamps && peer.Has(TcpOptionKinds.Timestamps))
        {
            Set(ConnectionFlags.Timestamps);
            TimestampRecent = peer.TimestampValue;
            _timestampRecentAt = Now;
        }
        if (profile.Sack && peer.Has(TcpOptionKinds.SackPermitted)) Set(ConnectionFlags.Sack);
        if (profile.WindowScaling && peer.Has(TcpOptionKinds.WindowScale))
        {
            Set(ConnectionFlags.WindowScaling);
            Snd.Scale = Math.Min(peer.WindowScale, (byte)14); // RFC 7323 2.3
            Rcv.Scale = Options.WindowScale(profile.WindowRule);
        }
        else
        {
            Rcv.Scale = 0;
        }
        Snd.PeerMss = peer.Has(TcpOptionKinds.MaximumSegmentSize)
            ? Math.Max(peer.MaximumSegmentSize, profile.MinimumSendMss)
            : Key.RemoteAddress.IsIpv4 ? NetworkStack.DefaultMssIpv4 : NetworkStack.DefaultMssIpv6; // MUST-15
        UpdateSendMss();
        Rcv.Edge = Rcv.Nxt + ReceiveWindow.InSyn(Options.ReceiveBuffer, Rcv.Mss, profile.WindowRule);
    }

    /// <summary>The SYN takes the first number: what is left begins after it, and the urgent pointer counts from there.</summary>
    private static void TrimSyn(ref Segment seg)
    {
        seg.Seq += 1;
        seg.Up = (ushort)Math.Max(0, seg.Up - 1);
        seg.Flags &= ~TcpFlags.Syn;
    }
}
