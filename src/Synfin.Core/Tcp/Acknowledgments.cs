using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>When an ACK goes out: now, or with the next text, or when the delay is over (RFC 9293 3.8.6.3, RFC 5681 4.2).</summary>
public sealed partial class TcpConnection
{
    /// <summary>Linux answers so many segments out of order at once, one ACK each; the others' ACKs are compressed into one.</summary>
    private const int UncompressedDuplicates = 3;

    private static readonly Duration _longestCompression = Duration.FromMilliseconds(1);

    /// <summary>Null but in profiles that behave as Linux in detail.</summary>
    private LinuxDetails? _linux;

    private LinuxDetails? LinuxAcknowledges => Profile.AcknowledgmentRule is AcknowledgmentRule.Linux ? _linux : null;

    private int _unacknowledged;
    private ushort _largestText;
    private ushort _quickAcks;

    /// <summary>Without SACK the peer counts: one duplicate ACK for each segment beyond a gap, also of one batch (RFC 5681 4.2).</summary>
    private byte _duplicatesOwed;

    private void AcknowledgeNow()
    {
        Set(ConnectionFlags.AckNow);
        MakeReady();
    }

    private void AcknowledgeInOrder(in Segment seg, int octets, bool filled)
    {
        _unacknowledged += octets;
        switch (Profile.AcknowledgmentRule)
        {
            case AcknowledgmentRule.Linux when _linux is { } linux:
                linux.DuplicatesSent = 0;
                TextArrivedAsLinux(linux, in seg);
                if (filled && OutOfOrder.Count > 0) AcknowledgeGapAsLinux(linux);
                else if (filled) AcknowledgeNow();
                else if (!seg.Has(TcpFlags.Fin)) AcknowledgeAsLinux(linux); // of a FIN's segment AcknowledgeFin decides
                break;
            case AcknowledgmentRule.SecondSegment:
                bool large = seg.WireSegments > 1 || seg.Text.Length > LargestDelayed;
                if (filled || large || Options.QuickAck || _deadlines.DelayedAck.IsSet) AcknowledgeNow();
                else _deadlines.DelayedAck = Now + Profile.DelayedAck;
                break;
            case AcknowledgmentRule.TwoFullSegments or AcknowledgmentRule.Linux:
                if (filled) AcknowledgeNow(); // RFC 5681 4.2: a gap is filled
                else AcknowledgeTwoFullSegments(in seg);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>MUST-40, SHLD-18, SHLD-19: an ACK for every second full segment, or after the delay.</summary>
    private void AcknowledgeTwoFullSegments(in Segment seg)
    {
        int perSegment = seg.WireSegments > 1 ? (seg.Text.Length + seg.WireSegments - 1) / seg.WireSegments : seg.Text.Length;
        if (perSegment > _largestText) _largestText = (ushort)Math.Min(perSegment, ushort.MaxValue);
        int full = Math.Min((int)Rcv.Mss, Math.Max((int)_largestText, NetworkStack.DefaultMssIpv4)); // never more than 2 * RMSS
        bool quick = Options.QuickAck || _quickAcks < Profile.QuickAckSegments;
        if (quick) _quickAcks++;
        if (quick || _unacknowledged >= 2 * full)
        {
            AcknowledgeNow();
            return;
        }
        if (!_deadlines.DelayedAck.IsSet) _deadlines.DelayedAck = Now + Profile.DelayedAck;
    }

    private void AcknowledgeOutOfOrder(in Segment seg)
    {
        if (!Has(ConnectionFlags.Sack)) _duplicatesOwed = (byte)Math.Min(_duplicatesOwed + seg.WireSegments, byte.MaxValue);
        if (LinuxAcknowledges is { } linux)
        {
            TextArrivedAsLinux(linux, in seg);
            AcknowledgeGapAsLinux(linux);
            return;
        }
        AcknowledgeNow();
    }

    /// <summary>The peer's FIN was reached. Linux expects the application to close soon, and waits as for an answer.</summary>
    private void AcknowledgeFin()
    {
        if (LinuxAcknowledges is not { } linux || _state is not (TcpState.SynReceived or TcpState.Established))
        {
            AcknowledgeNow();
            return;
        }
        linux.Acknowledgment.IsDialogue = true;
        _unacknowledged++;
        AcknowledgeAsLinux(linux);
    }

    private void TextArrivedAsLinux(LinuxDetails linux, in Segment seg)
    {
        linux.Acknowledgment.TextArrived(
            seg.Text.Length, seg.Has(TcpFlags.Psh), Rcv.Mss, Rcv.Edge - Rcv.LastAck, _rtt.Rto, Now);
        NoteEcnField(in seg);
        const int small = 128; // what a segment costs in memory beyond its text would not be worth it
        if (seg.Text.Length < small) return;
        linux.OfferLimit = Math.Min(linux.OfferLimit + 2 * Math.Max((int)Rcv.Mss, seg.Text.Length), ReceiveBuffer);
    }

    private void AcknowledgeAsLinux(LinuxDetails linux)
    {
        bool windowKeepsUp = OfferedEdge() - Rcv.Nxt >= Rcv.Edge - Rcv.LastAck;
        if (linux.Acknowledgment.IsDue(Rcv.Nxt - Rcv.LastAck, windowKeepsUp))
        {
            AcknowledgeNow();
            return;
        }
        Timestamp due = Now + linux.Acknowledgment.Delay(_rtt.Srtt);
        _deadlines.DelayedAck = Timestamp.Min(_deadlines.DelayedAck, due);
    }

    private void AcknowledgeGapAsLinux(LinuxDetails linux)
    {
        if (!Has(ConnectionFlags.Sack) || !Profile.CompressAcks || linux.DuplicatesSent < UncompressedDuplicates)
        {
            linux.DuplicatesSent++;
            AcknowledgeNow();
            return;
        }
        Duration wait = Duration.Min(_rtt.Srtt / 20, _longestCompression);
        _deadlines.DelayedAck = Timestamp.Min(_deadlines.DelayedAck, Now + wait);
    }

    /// <summary>The application wants ACKs at once, or not any more. Linux takes it for a hint about the present only.</summary>
    private void QuickAckChosen(bool quick)
    {
        if (_linux is { } linux) linux.Acknowledgment.IsDialogue = !quick;
        if (quick && _deadlines.DelayedAck.IsSet) AcknowledgeNow();
    }

    /// <summary>Something came twice, or too late: the peer's view is wrong, so the next ACKs do not wait.</summary>
    private void BeQuickToAcknowledge() => _linux?.Acknowledgment.BeQuickAtOnce(Rcv.Edge - Rcv.LastAck);

    /// <summary>The application took octets: an ACK may be due that tells the new window (3.8.6.2.2).</summary>
    private void AcknowledgeRead()
    {
        if (_state is not (TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2)) return;
        bool owed = LinuxAcknowledges is { } linux && _deadlines.DelayedAck.IsSet
            && linux.Acknowledgment.IsDueAfterRead(Rcv.Nxt - Rcv.LastAck, ReceiveText.Length == 0);
        if (owed || WindowUpdateIsDue()) AcknowledgeNow();
    }
}
