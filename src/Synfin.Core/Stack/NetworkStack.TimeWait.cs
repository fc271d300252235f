using Synfin.Tcp;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>TIME-WAIT (RFC 9293 3.6.1 and 3.10.7.4; RFC 1337; RFC 6191), in compact entries.</summary>
public sealed partial class NetworkStack
{
    /// <summary>How far a new connection's ISS lies beyond the old one's SND.NXT when its ports are used again at once.</summary>
    private const uint ReuseDistance = 65_535 + 2;

    internal void AddTimeWait(TcpConnection connection, uint timestampRecent, bool timestamps)
    {
        FourTuple oldest = _timeWait.Oldest;
        int index = _timeWait.Add(in connection.Key, Now, Profile.TimeWait, out bool recycled);
        if (recycled)
        {
            Counters.TimeWaitRecycled++;
            StateChanged(in oldest, TcpState.TimeWait, TcpState.Closed, CloseReason.ResourceLimit);
        }
        if (index < 0)
        {
            StateChanged(in connection.Key, TcpState.TimeWait, TcpState.Closed, CloseReason.ResourceLimit); // none can be kept
            return;
        }
        ref TimeWaitEntry entry = ref _timeWait[index];
        entry.SndNxt = connection.Snd.Nxt;
        entry.RcvNxt = connection.Rcv.Nxt;
        entry.TsRecent = timestampRecent;
        entry.WindowShift = connection.Rcv.Scale;
        entry.Window = connection.LastWindowField;
        entry.Flags = timestamps ? TimeWaitFlags.Timestamps : TimeWaitFlags.None;
    }

    internal bool HasTimeWait(in FourTuple tuple, SequenceNumber sndNxt)
    {
        int index = _timeWait.Find(in tuple);
        return index >= 0 && _timeWait[index].SndNxt == sndNxt;
    }

    internal void ForgetTimeWait(in FourTuple tuple, SequenceNumber sndNxt)
    {
        if (HasTimeWait(in tuple, sndNxt)) EndTimeWait(_timeWait.Find(in tuple), CloseReason.LocalAbort);
    }

    private void EndTimeWait(int index, CloseReason reason)
    {
        FourTuple tuple = _timeWait.TupleOf(index);
        _timeWait.Remove(index);
        StateChanged(in tuple, TcpState.TimeWait, TcpState.Closed, reason);
    }

    private void SegmentArrivesInTimeWait(int index, ref Segment seg)
    {
        if (Profile.InputRule is InputRule.FreeBsd)
        {
            SegmentArrivesInTimeWaitAsFreeBsd(index, ref seg);
            return;
        }
        ref TimeWaitEntry entry = ref _timeWait[index];
        bool timestamps = (entry.Flags & TimeWaitFlags.Timestamps) != 0 && seg.Options.Has(TcpOptionKinds.Timestamps);
        int age = timestamps ? (int)(seg.Options.TimestampValue - entry.TsRecent) : 0;

        if (seg.Has(TcpFlags.Syn) && (seg.Flags & (TcpFlags.Rst | TcpFlags.Ack)) == 0 && TryReuse(index, ref seg, age)) return;
        if (seg.Has(TcpFlags.Rst))
        {
            bool ends = !Profile.IgnoreResetInTimeWait && seg.Seq == entry.RcvNxt;
            if (ends)
            {
                Counters.ResetsReceived++;
                EndTimeWait(index, CloseReason.RemoteReset);
                return;
            }
            Dropped(in seg, TcpState.TimeWait, DropReason.ResetInTimeWait); // RFC 1337: an old duplicate must not cut 2MSL short
            return;
        }
        bool finAgain = seg.Has(TcpFlags.Fin) && seg.End == entry.RcvNxt;
        if (finAgain && age >= 0)
        {
            // "The only thing that can arrive in this state": acknowledge it and restart the 2 MSL timeout.
            _timeWait.Restart(index, Now, Profile.TimeWait);
            AnswerTimeWait(index);
            return;
        }
        bool acceptable = age >= 0 && ReceiveWindow.Accepts(entry.RcvNxt, entry.ReceiveWindow, seg.Seq, seg.Len);
        if (acceptable && seg.Len == 0 && seg.Seq == entry.RcvNxt) // an ACK; beyond its FIN the peer has sent nothing
        {
            if (age > 0) entry.TsRecent = seg.Options.TimestampValue;
            return;
        }
        // An old duplicate. Where one was, more may be: all of them must die out, so 2 MSL start again. A SYN alone may be a new peer's.
        if (seg.Has(TcpFlags.Ack)) _timeWait.Restart(index, Now, Profile.TimeWait);
        Dropped(in seg, TcpState.TimeWait, age < 0 ? DropReason.Paws : acceptable ? DropReason.InvalidInState : DropReason.OutsideWindow);
        if (entry.TryAnswer(Now, Profile.ChallengeAckInterval)) AnswerTimeWait(index);
        else Counters.AnswersSuppressed++;
    }

    /// <summary>MAY-2, SHLD-4, RFC 6191: a SYN that is certainly newer opens a new connection at once.</summary>
    private bool TryReuse(int index, ref Segment seg, int age)
    {
        ref TimeWaitEntry entry = ref _timeWait[index];
        bool newer = age > 0 || (age == 0 && seg.Seq > entry.RcvNxt);
        if (!newer || FindListener(seg.Destination, seg.DestinationPort) is not { } listener || !HasRoom(listener)) return false;
        SequenceNumber minimumIss = entry.SndNxt + ReuseDistance;
        Counters.TimeWaitReused++;
        EndTimeWait(index, CloseReason.LocalClose);
        SegmentArrivesInListen(listener, ref seg, minimumIss);
        return true;
    }

    /// <summary>A cookie's ISS could not be made to lie beyond the old connection's, so there must be room for an entry.</summary>
    private bool HasRoom(TcpListener listener) =>
        !listener.IsAcceptQueueFull && listener.SynQueueCount < listener.Backlog && _halfOpen.Count < Options.MaxSynQueue;

    private void AnswerTimeWait(int index)
    {
        ref TimeWaitEntry entry = ref _timeWait[index];
        bool timestamps = (entry.Flags & TimeWaitFlags.Timestamps) != 0;
        Queue(new PendingReply
        {
            Tuple = _timeWait.TupleOf(index),
            Seq = entry.SndNxt,
            Ack = entry.RcvNxt,
            Flags = TcpFlags.Ack,
            Wnd = entry.Window,
            HasTimestamps = timestamps,
            TimestampValue = timestamps ? TimestampClock.Now(Now, _timeWait.TimestampOffset(index)) : 0,
            TimestampEchoReply = entry.TsRecent,
            State = TcpState.TimeWait,
        });
    }
}
