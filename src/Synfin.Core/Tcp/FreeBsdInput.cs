using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>SEGMENT ARRIVES where FreeBSD's tcp_do_segment() judges in another way (<see cref="InputRule.FreeBsd"/>).</summary>
public sealed partial class TcpConnection
{
    private bool JudgesAsFreeBsd => Profile.InputRule is InputRule.FreeBsd;

    /// <summary>The number that a RST must have: RCV.NXT (RFC 5961 3.2), or in FreeBSD the last ACK sent.</summary>
    private SequenceNumber ResetNumber => JudgesAsFreeBsd ? Rcv.LastAck : Rcv.Nxt;

    /// <summary>What a delayed ACK may acknowledge at most: t_maxseg, the peer's MSS without regard to options.</summary>
    private int LargestDelayed => Snd.Mss + (Has(ConnectionFlags.Timestamps) ? TcpOptions.TimestampsLength : 0);

    /// <summary>The window field of TIME-WAIT's ACKs: what was promised, or in FreeBSD what is free.</summary>
    internal ushort LastWindowField => JudgesAsFreeBsd ? WindowField() : (ushort)Math.Min(Rcv.Wnd >> Rcv.Scale, ushort.MaxValue);

    /// <summary>
    /// First: whatever arrives shows that the peer lives. What is old is acknowledged at once, and its text is gone, but its ACK counts;
    /// what lies beyond the window is acknowledged and dropped.
    /// </summary>
    private bool FirstCheckAsFreeBsd(ref Segment seg)
    {
        IsAcceptable();
        if (seg.Has(TcpFlags.Rst))
        {
            bool acceptable = Rcv.Wnd == 0 ? seg.Seq == Rcv.LastAck : seg.Seq.IsIn(Rcv.LastAck, Rcv.LastAck + Rcv.Wnd);
            return acceptable || Drop(DropReason.OutsideWindow);
        }
        if (seg.Has(TcpFlags.Syn) && _state is not TcpState.SynReceived)
        {
            bool missing = Has(ConnectionFlags.Timestamps) && !seg.Options.Has(TcpOptionKinds.Timestamps);
            return !missing || Profile.TimestampsMayMiss || Drop(DropReason.MissingTimestamp); // the fourth step challenges it
        }
        if (!CheckTimestamps(in seg)) return false;
        if (seg.Has(TcpFlags.Syn) && seg.Has(TcpFlags.Ack) && seg.Seq == Rcv.Irs)
        {
            TrimSyn(ref seg); // the other half of a simultaneous open
            AcknowledgeNow();
        }
        if (seg.Seq < Rcv.Nxt && seg.End <= Rcv.Nxt)
        {
            if (!seg.Has(TcpFlags.Syn)) AnswerUnacceptable(in seg);
            seg.Seq += seg.Text.Length;
            seg.Text = default;
            seg.Flags &= ~(TcpFlags.Fin | TcpFlags.Urg);
            return true;
        }
        SequenceNumber edge = Rcv.Nxt + Rcv.Wnd;
        bool beyond = seg.Seq + seg.Text.Length > edge && seg.Seq >= edge;
        if (!beyond || (Rcv.Wnd == 0 && seg.Seq == Rcv.Nxt)) return true;
        AnswerUnacceptable(in seg);
        return Drop(DropReason.OutsideWindow);
    }

    /// <summary>Cuts text beyond the window, and with it PSH and FIN; a FIN alone needs no room.</summary>
    private bool TrimAsFreeBsd(ref Segment seg)
    {
        int beyond = seg.Seq + seg.Text.Length - (Rcv.Nxt + Rcv.Wnd);
        if (beyond <= 0 || seg.Text.IsEmpty) return true;
        seg.Flags &= ~(TcpFlags.Fin | TcpFlags.Psh);
        seg.Text = seg.Text[..Math.Max(0, seg.Text.Length - beyond)];
        if (Rcv.Wnd == 0) AcknowledgeNow(); // a probe of the window
        return true;
    }
}
