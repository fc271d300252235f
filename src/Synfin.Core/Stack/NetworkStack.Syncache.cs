using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>SYN-RECEIVED of a passive OPEN as FreeBSD's syncache has it (<see cref="InputRule.FreeBsd"/>).</summary>
public sealed partial class NetworkStack
{
    private void SegmentArrivesInSyncache(int index, ref Segment seg)
    {
        switch (seg.Flags & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst))
        {
            case TcpFlags.Ack:
                ExpandEntry(index, ref seg);
                break;
            case TcpFlags.Syn:
                AnswerSynAgain(index, in seg);
                break;
            case TcpFlags.Syn | TcpFlags.Ack:
                Dropped(in seg, TcpState.SynReceived, DropReason.UnexpectedSyn);
                Forget(index, CloseReason.LocalReset);
                QueueResetFor(in seg);
                break;
            case TcpFlags.None:
                Dropped(in seg, TcpState.SynReceived, DropReason.NoAck);
                break;
            default:
                ResetEntry(index, in seg);
                break;
        }
    }

    /// <summary>syncache_expand(): a wrong ACK ends the entry, for nobody who saw our SYN,ACK sends it.</summary>
    private void ExpandEntry(int index, ref Segment seg)
    {
        ref SynEntry entry = ref _halfOpen[index];
        if ((entry.Flags & SynEntryFlags.Timestamps) != 0)
        {
            bool has = seg.Options.Has(TcpOptionKinds.Timestamps);
            if (has && (int)(seg.Options.TimestampValue - entry.TsRecent) < 0)
            {
                Dropped(in seg, TcpState.SynReceived, DropReason.Paws);
                return;
            }
            if (!has && !Profile.TimestampsMayMiss)
            {
                Dropped(in seg, TcpState.SynReceived, DropReason.MissingTimestamp);
                return;
            }
        }
        TcpListener listener = _listeners[entry.ListenerId]!;
        bool exact = seg.Ack == entry.Iss + 1;
        bool inWindow = seg.Seq > entry.Irs && seg.Seq <= entry.Irs + entry.RcvWnd;
        DropReason reason = !exact ? DropReason.BadAck : !inWindow ? DropReason.OutsideWindow : NotYet(listener, in seg);
        if (reason is not DropReason.None)
        {
            Dropped(in seg, TcpState.SynReceived, reason);
            if (reason is DropReason.InvalidInState) return; // it waits for text
            Forget(index, CloseReason.LocalReset);
            QueueResetFor(in seg);
            return;
        }
        SynEntry copy = entry;
        _halfOpen.Remove(index);
        listener.SynQueueCount--;
        bool timed = copy.Retries == 0 && (copy.Flags & SynEntryFlags.AnsweredAgain) == 0;
        Promote(listener, in copy, timed).SegmentArrives(ref seg);
    }

    /// <summary>syncache_add() of an entry that is there: the SYN,ACK again, whatever the number, on a schedule of its own.</summary>
    private void AnswerSynAgain(int index, in Segment seg)
    {
        ref SynEntry entry = ref _halfOpen[index];
        bool timestamps = (entry.Flags & SynEntryFlags.Timestamps) != 0 && seg.Options.Has(TcpOptionKinds.Timestamps);
        if (timestamps) entry.TsRecent = seg.Options.TimestampValue;
        else entry.Flags &= ~SynEntryFlags.Timestamps;
        entry.Flags |= SynEntryFlags.AnsweredAgain;
        entry.Retries = 0;
        _halfOpen.Schedule(index, Now + Profile.InitialRto);
        QueueSynAck(index, retransmission: true);
    }

    /// <summary>syncache_chkrst().</summary>
    private void ResetEntry(int index, in Segment seg)
    {
        ref SynEntry entry = ref _halfOpen[index];
        SequenceNumber next = entry.Irs + 1;
        bool inWindow = entry.RcvWnd == 0 ? seg.Seq == next : seg.Seq.IsIn(next, next + entry.RcvWnd);
        if (inWindow && (seg.Seq == next || Profile.InsecureReset))
        {
            Counters.ResetsReceived++;
            Forget(index, CloseReason.RemoteReset);
            return;
        }
        Dropped(in seg, TcpState.SynReceived, inWindow ? DropReason.ResetNotExact : DropReason.OutsideWindow);
        if (inWindow) ChallengeFrom(ref entry, entry.RcvWnd);
    }

    /// <summary>syncache_unreach(): what ICMP says counts when it says it twice and the SYN,ACK was sent four times.</summary>
    private void UnreachableInSyncache(int index)
    {
        ref SynEntry entry = ref _halfOpen[index];
        if ((entry.Flags & SynEntryFlags.Unreachable) != 0 && entry.Retries >= 3) Forget(index, CloseReason.Unreachable);
        else entry.Flags |= SynEntryFlags.Unreachable;
    }

    /// <summary>tcp_twcheck(). No ACK of what comes in TIME-WAIT is limited, and only the FIN starts 2 MSL anew.</summary>
    private void SegmentArrivesInTimeWaitAsFreeBsd(int index, ref Segment seg)
    {
        ref TimeWaitEntry entry = ref _timeWait[index];
        if (seg.Has(TcpFlags.Rst))
        {
            Dropped(in seg, TcpState.TimeWait, DropReason.ResetInTimeWait);
            return;
        }
        bool syn = seg.Has(TcpFlags.Syn) && !seg.Has(TcpFlags.Ack);
        if (syn && seg.Seq > entry.RcvNxt && FindListener(seg.Destination, seg.DestinationPort) is { } listener)
        {
            SequenceNumber minimumIss = entry.SndNxt + ReuseDistance;
            Counters.TimeWaitReused++;
            EndTimeWait(index, CloseReason.LocalClose);
            SegmentArrivesInListen(listener, ref seg, minimumIss);
            return;
        }
        bool agreed = (entry.Flags & TimeWaitFlags.Timestamps) != 0;
        bool missing = agreed && !seg.Options.Has(TcpOptionKinds.Timestamps) && !Profile.TimestampsMayMiss;
        if (!seg.Has(TcpFlags.Ack) || missing)
        {
            Dropped(in seg, TcpState.TimeWait, missing ? DropReason.MissingTimestamp : DropReason.NoAck);
            return;
        }
        bool finAgain = seg.Has(TcpFlags.Fin) && seg.End == entry.RcvNxt;
        if (finAgain) _timeWait.Restart(index, Now, Profile.TimeWait);
        if (seg.Flags == TcpFlags.Ack && seg.Text.IsEmpty && seg.Seq == entry.RcvNxt && seg.Ack == entry.SndNxt) return;
        AnswerTimeWait(index);
    }
}
