using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>3.10.7.4, seventh: the segment's text, in order or not, goes once to its final place in the receive pages.</summary>
public sealed partial class TcpConnection
{
    private SackBlock _dsack;
    private SequenceNumber _recentRange0;
    private SequenceNumber _recentRange1;
    private SequenceNumber _recentRange2;
    private SequenceNumber _recentRange3;
    private bool SeventhProcessText(ref Segment seg)
    {
        bool orphaned = Has(ConnectionFlags.Orphaned);
        if (seg.Text.IsEmpty && !(orphaned && seg.Has(TcpFlags.Fin))) return true;
        switch (_state)
        {
            case TcpState.SynReceived or TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2:
                break;
            default:
                return true; // after the peer's FIN: "this should not occur", it is ignored
        }
        bool alone = JudgesAsFreeBsd && seg.Text.IsEmpty;
        if (orphaned && seg.Seq + seg.Text.Length > Rcv.Nxt && !alone) // a FIN after text that is missing is the same
        {
            // SHLD-3: nobody will read it. At SEG.ACK, as for a segment without a connection (3.5.3): that is the number which the peer
            // expects, while SND.NXT, with text in flight or lost, would only be challenged (RFC 5961 3.2).
            _stack.QueueResetFor(in seg);
            End(CloseReason.LocalReset, TcpError.Aborted);
            return false;
        }
        if (Has(ConnectionFlags.Ecn) && !seg.Text.IsEmpty && seg.Has(TcpFlags.Cwr)) CongestionWindowWasReduced();
        TrimToNew(ref seg);
        if (seg.Text.IsEmpty) return true;
        NoteOverlap(seg.Seq, seg.Seq + seg.Text.Length);
        bool inOrder = seg.Seq == Rcv.Nxt;
        if (!Store(seg.Seq, seg.Text))
        {
            seg.Flags &= ~TcpFlags.Fin; // what was not taken, and all after it, will come again
            seg.Text = default;
            AcknowledgeNow();
            _drop = DropReason.NoMemory;
            return true;
        }
        if (LinuxAcknowledges is null) NoteEcnField(in seg);
        if (inOrder) TextInOrder(in seg);
        else TextOutOfOrder(in seg);
        return true;
    }

    /// <summary>Cuts what was received before, and what lies beyond a FIN that was seen.</summary>
    private void TrimToNew(ref Segment seg)
    {
        int old = Rcv.Nxt - seg.Seq;
        if (old > 0)
        {
            int cut = Math.Min(old, seg.Text.Length);
            NoteDuplicate(seg.Seq, seg.Seq + cut);
            bool onlyOld = seg.End <= Rcv.Nxt;
            if (onlyOld) BeQuickToAcknowledge();
            seg.Text = seg.Text[cut..];
            seg.Seq += cut;
            bool waits = JudgesAsFreeBsd ? !Has(ConnectionFlags.Sack) : !onlyOld && LinuxAcknowledges is not null;
            if (!waits) AcknowledgeNow(); // Linux acknowledges what is new in it as always
        }
        if (!Has(ConnectionFlags.FinSeen)) return;
        int beyond = seg.Seq + seg.Text.Length - Rcv.Fin;
        if (beyond <= 0) return;
        seg.Text = seg.Text[..Math.Max(0, seg.Text.Length - beyond)];
        AcknowledgeNow(); // one of the two is not the peer's; the ACK tells it what is missing
    }

    /// <summary>Copies what is not there yet; octets once stored never change, whatever a later overlap says.</summary>
    private bool Store(SequenceNumber seq, ReadOnlySpan<byte> text)
    {
        SequenceNumber end = seq + text.Length;
        bool another = seq != Rcv.Nxt && !OutOfOrder.Overlaps(seq - 1, end + 1); // a range that it touches only grows
        if (another && OutOfOrder.Count >= _stack.Options.MaxOutOfOrderRanges) return false;
        if (OutOfOrder.Count == 0) return Write(seq, text);
        SequenceNumber at = seq;
        while (at < end)
        {
            SackBlock gap = OutOfOrder.FirstGap(at, end);
            if (gap.Length <= 0) break;
            if (!Write(gap.Left, text.Slice(gap.Left - seq, gap.Length))) return false;
            at = gap.Right;
        }
        return true;
    }

    private bool Write(SequenceNumber seq, ReadOnlySpan<byte> text)
    {
        if (ReceiveText.TryWriteAt(_stack.Pages, seq - Rcv.Read, text)) return true;
        if (seq != Rcv.Nxt || OutOfOrder.Count == 0) return false;
        DropOutOfOrder(); // what is in order comes first; the rest will be sent again
        return ReceiveText.TryWriteAt(_stack.Pages, seq - Rcv.Read, text);
    }

    private void TextInOrder(in Segment seg)
    {
        SequenceNumber before = Rcv.Nxt;
        Rcv.Nxt = seg.Seq + seg.Text.Length;
        bool filled = OutOfOrder.Count > 0;
        while (OutOfOrder.TryRemoveFirst(Rcv.Nxt, out SackBlock first)) Rcv.Nxt = SequenceNumber.Max(Rcv.Nxt, first.Right);
        ReceiveText.CommitTo(Rcv.Nxt - Rcv.Read);
        _duplicatesOwed = 0;
        int octets = Rcv.Nxt - before;
        _octetsReceived += octets;
        _stack.Counters.OctetsReceived += octets;
        CaptureOutOfBand();
        Signal(TcpSignals.Readable);
        AcknowledgeInOrder(in seg, octets, filled);
    }

    /// <summary>SHLD-31, MAY-13: kept, and acknowledged at once so that the sender learns of the gap.</summary>
    private void TextOutOfOrder(in Segment seg)
    {
        SequenceNumber end = seg.Seq + seg.Text.Length;
        OutOfOrder.TryAdd(seg.Seq, end, _stack.Options.MaxOutOfOrderRanges, out SackBlock merged);
        RememberRange(merged);
        AcknowledgeOutOfOrder(in seg);
    }

    /// <summary>The range comes first; those reported before it move back, but for what is part of it now.</summary>
    private void RememberRange(SackBlock range)
    {
        if (!_recentRange0.IsIn(range.Left, range.Right))
        {
            if (!_recentRange1.IsIn(range.Left, range.Right))
            {
                if (!_recentRange2.IsIn(range.Left, range.Right)) _recentRange3 = _recentRange2;
                _recentRange2 = _recentRange1;
            }
            _recentRange1 = _recentRange0;
        }
        _recentRange0 = range.Left;
    }

    /// <summary>RFC 2883 4.3: of a segment that is only in part a duplicate, the first such part.</summary>
    private void NoteOverlap(SequenceNumber left, SequenceNumber right)
    {
        if (!OutOfOrder.Overlaps(left, right)) return;
        SackBlock range = OutOfOrder[OutOfOrder.IndexOfFirstEndingAfter(left)];
        NoteDuplicate(SequenceNumber.Max(left, range.Left), SequenceNumber.Min(right, range.Right));
    }

    /// <summary>
    /// RFC 2883: the next ACK tells which octets came twice. An old connection's octets did not: they never came in this one.
    /// </summary>
    private void NoteDuplicate(SequenceNumber left, SequenceNumber right)
    {
        if (!Has(ConnectionFlags.Sack) || !Profile.Dsack || left >= right || Rcv.Nxt - left > _octetsReceived + 1) return; // 1 for the FIN
        _dsack = new SackBlock(left, right);
        Set(ConnectionFlags.DsackPending);
    }

    /// <summary>The SACK blocks of the next ACK: the DSACK, then the newest ranges first (RFC 2018 4, RFC 2883 4).</summary>
    private void WriteSack(ref TcpOptions options)
    {
        int room = MaxSackBlocks;
        if (Has(ConnectionFlags.DsackPending)) options.AddSack(_dsack.Left, _dsack.Right);
        AddRecent(_recentRange0, room, ref options);
        AddRecent(_recentRange1, room, ref options);
        AddRecent(_recentRange2, room, ref options);
        AddRecent(_recentRange3, room, ref options);
        for (int i = OutOfOrder.Count - 1; i >= 0 && options.SackCount < room; i--) AddOnce(OutOfOrder[i], ref options);
    }

    private void AddRecent(SequenceNumber within, int room, ref TcpOptions options)
    {
        if (options.SackCount >= room) return;
        int index = OutOfOrder.IndexOfFirstEndingAfter(within);
        if (index < OutOfOrder.Count && OutOfOrder[index].Left <= within) AddOnce(OutOfOrder[index], ref options);
    }

    /// <summary>A DSACK may be the same as the block that contains it: two equal blocks are what makes it one (RFC 2883 4).</summary>
    private void AddOnce(SackBlock block, ref TcpOptions options)
    {
        for (int i = Has(ConnectionFlags.DsackPending) ? 1 : 0; i < options.SackCount; i++)
        {
            if (options.SackBlocks[i] == block) return;
        }
        options.AddSack(block.Left, block.Right);
    }
}
