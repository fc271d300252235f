using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>
/// LISTEN (RFC 9293 3.10.7.2) and SYN-RECEIVED of a passive OPEN (3.10.7.4), in compact entries (RFC 4987 3.5) or cookies (3.6).
/// </summary>
public sealed partial class NetworkStack
{
    private void SegmentArrivesInListen(TcpListener listener, ref Segment seg, SequenceNumber? minimumIss)
    {
        // First, a RST: it answers nothing that was sent.
        if (seg.Has(TcpFlags.Rst))
        {
            Dropped(in seg, TcpState.Listen, DropReason.InvalidInState);
            return;
        }

        // Second, an ACK: a cookie that comes back, or bad, for nothing was sent that could be acknowledged.
        if (seg.Has(TcpFlags.Ack))
        {
            if (!seg.Has(TcpFlags.Syn) && TryOpenCookie(listener, ref seg)) return;
            Dropped(in seg, TcpState.Listen, DropReason.BadAck);
            QueueResetFor(in seg);
            return;
        }

        // Third, a SYN. Its text and FIN are not kept (a flood could fill memory): they come again.
        if (!seg.Has(TcpFlags.Syn))
        {
            Dropped(in seg, TcpState.Listen, DropReason.InvalidInState);
            return;
        }
        bool syncache = Profile.InputRule is InputRule.FreeBsd; // it knows no listener's backlog
        if (listener.IsAcceptQueueFull && !syncache)
        {
            Dropped(in seg, TcpState.Listen, DropReason.AcceptQueueFull);
            return;
        }
        if ((IsSynQueueFull(listener) && !syncache) || !_halfOpen.TryAdd(seg.Tuple, out int index))
        {
            if (Options.SynCookies) SendCookie(listener, in seg);
            else Dropped(in seg, TcpState.Listen, DropReason.SynQueueFull);
            return;
        }
        EnterSynReceived(listener, index, in seg, minimumIss);
    }

    private bool IsSynQueueFull(TcpListener listener) =>
        listener.SynQueueCount >= listener.Backlog + (Profile.SynQueueAdmitsOneMore ? 1 : 0);

    private void EnterSynReceived(TcpListener listener, int index, in Segment seg, SequenceNumber? minimumIss)
    {
        FourTuple tuple = seg.Tuple;
        ref SynEntry entry = ref _halfOpen[index];
        entry.ListenerId = listener.Id;
        entry.Irs = seg.Seq;
        entry.Iss = InitialSequenceNumber.Choose(Secret, in tuple, Now);
        if (minimumIss is { } least) entry.Iss = SequenceNumber.Max(entry.Iss, least);
        Remember(ref entry, in seg.Options, tuple.RemoteAddress);
        if (TcpConnection.AgreesToEcn(Profile, in seg)) entry.Flags |= SynEntryFlags.Ecn;
        entry.SndWnd = seg.Wnd;
        entry.RcvWnd = WindowInSyn(listener, tuple.RemoteAddress, (entry.Flags & SynEntryFlags.Timestamps) != 0);
        entry.LastChallenge = new Timestamp(long.MinValue / 2);
        listener.SynQueueCount++;
        StateChanged(in tuple, TcpState.Listen, TcpState.SynReceived, CloseReason.None);
        _halfOpen.Schedule(index, Now + Profile.InitialRto);
        QueueSynAck(index, retransmission: false);
    }

    private ushort WindowInSyn(TcpListener listener, InternetAddress remote, bool timestamps) => (ushort)ReceiveWindow.InSyn(
        listener.Options.ReceiveBuffer,
        ReceiveMss(remote, listener.Options) - (timestamps ? TcpOptions.TimestampsLength : 0),
        Profile.WindowRule);

    private void Remember(ref SynEntry entry, in TcpOptions peer, InternetAddress remote)
    {
        entry.Mss = peer.Has(TcpOptionKinds.MaximumSegmentSize)
            ? peer.MaximumSegmentSize
            : (ushort)(remote.IsIpv4 ? DefaultMssIpv4 : DefaultMssIpv6);
        bool scales = Profile.WindowScaling && peer.Has(TcpOptionKinds.WindowScale);
        entry.WindowScale = scales ? Math.Min(peer.WindowScale, (byte)14) : SynEntry.NoWindowScale;
        entry.Flags = SynEntryFlags.None;
        if (Profile.Sack && peer.Has(TcpOptionKinds.SackPermitted)) entry.Flags |= SynEntryFlags.SackPermitted;
        if (!Profile.Timestamps || !peer.Has(TcpOptionKinds.Timestamps)) return;
        entry.Flags |= SynEntryFlags.Timestamps;
        entry.TsRecent = peer.TimestampValue;
    }

    private void QueueSynAck(int index, bool retransmission)
    {
        ref SynEntry entry = ref _halfOpen[index];
        TcpListener listener = _listeners[entry.ListenerId]!;
        bool queued = Queue(new PendingReply
        {
            Tuple = entry.Tuple,
            Seq = entry.Iss,
            Ack = entry.Irs + 1,
            Flags = TcpFlags.Syn | TcpFlags.Ack | ((entry.Flags & SynEntryFlags.Ecn) != 0 ? TcpFlags.Ece : TcpFlags.None),
            Wnd = entry.RcvWnd,
            MaximumSegmentSize = ReceiveMss(entry.Tuple.RemoteAddress, listener.Options),
            WindowScale = entry.WindowScale == SynEntry.NoWindowScale
                ? PendingReply.NoWindowScale
                : listener.Options.WindowScale(Profile.WindowRule),
            SackPermitted = (entry.Flags & SynEntryFlags.SackPermitted) != 0,
            HasTimestamps = (entry.Flags & SynEntryFlags.Timestamps) != 0,
            TimestampValue = TimestampClock.Now(Now, TimestampClock.Offset(Secret, entry.Tuple)),
            TimestampEchoReply = entry.TsRecent,
            TrafficClass = (byte)(listener.Options.Dscp << 2),
            TimeToLive = listener.Options.TimeToLive,
            State = TcpState.SynReceived,
            Retransmission = retransmission,
        });
        if (queued && retransmission) Counters.SegmentsRetransmitted++;
    }

    /// <summary>RFC 4987 3.6: the queue is full, so the whole half-open connection goes into the ISS and the timestamp.</summary>
    private void SendCookie(TcpListener listener, in Segment seg)
    {
        FourTuple tuple = seg.Tuple;
        int mss = seg.Options.Has(TcpOptionKinds.MaximumSegmentSize)
            ? seg.Options.MaximumSegmentSize
            : tuple.RemoteAddress.IsIpv4 ? DefaultMssIpv4 : DefaultMssIpv6;
        bool timestamps = Profile.Timestamps && seg.Options.Has(TcpOptionKinds.Timestamps);
        bool ecn = timestamps && TcpConnection.AgreesToEcn(Profile, in seg);
        uint clock = TimestampClock.Now(Now, TimestampClock.Offset(Secret, in tuple));
        bool queued = Queue(new PendingReply
        {
            Tuple = tuple,
            Seq = _cookies.Create(in tuple, seg.Seq, mss, Now),
            Ack = seg.Seq + 1,
            Flags = TcpFlags.Syn | TcpFlags.Ack | (ecn ? TcpFlags.Ece : TcpFlags.None),
            Wnd = WindowInSyn(listener, tuple.RemoteAddress, timestamps),
            MaximumSegmentSize = ReceiveMss(tuple.RemoteAddress, listener.Options),
            WindowScale = timestamps && Profile.WindowScaling && seg.Options.Has(TcpOptionKinds.WindowScale)
                ? listener.Options.WindowScale(Profile.WindowRule)
                : PendingReply.NoWindowScale,
            SackPermitted = timestamps && Profile.Sack && seg.Options.Has(TcpOptionKinds.SackPermitted),
            HasTimestamps = timestamps,
            TimestampValue = timestamps ? SynCookie.EncodeTimestamp(clock, in seg.Options, ecn) : 0,
            TimestampEchoReply = seg.Options.TimestampValue,
            TrafficClass = (byte)(listener.Options.Dscp << 2),
            TimeToLive = listener.Options.TimeToLive,
            State = TcpState.Listen,
        });
        if (queued) Counters.SynCookiesSent++;
    }

    private bool TryOpenCookie(TcpListener listener, ref Segment seg)
    {
        FourTuple tuple = seg.Tuple;
        if (!Options.SynCookies || !_cookies.WasSentRecently(Now)) return false;
        if (!_cookies.TryOpen(in tuple, seg.Seq - 1, seg.Ack - 1, Now, out int mss))
        {
            Counters.SynCookiesRejected++;
            return false;
        }
        if (NotYet(listener, in seg) is not DropReason.None and var reason)
        {
            Dropped(in seg, TcpState.Listen, reason);
            return true;
        }
        var peer = default(TcpOptions);
        bool ecn = false;
        if (seg.Options.Has(TcpOptionKinds.Timestamps))
        {
            uint echo = seg.Options.TimestampEchoReply;
            ecn = SynCookie.DecodeTimestamp(echo, ref peer) && Profile.Ecn is not EcnMode.Off;
            peer.SetTimestamps(seg.Options.TimestampValue, 0);
        }
        peer.SetMaximumSegmentSize(mss);
        var entry = new SynEntry { Tuple = tuple, Irs = seg.Seq - 1, Iss = seg.Ack - 1, Retries = 1, SndWnd = seg.Wnd };
        Remember(ref entry, in peer, tuple.RemoteAddress);
        if (ecn) entry.Flags |= SynEntryFlags.Ecn;
        entry.RcvWnd = WindowInSyn(listener, tuple.RemoteAddress, (entry.Flags & SynEntryFlags.Timestamps) != 0);
        Counters.SynCookiesAccepted++;
        StateChanged(in tuple, TcpState.Listen, TcpState.SynReceived, CloseReason.None);
        Promote(listener, in entry, timed: false).SegmentArrives(ref seg);
        return true;
    }

    private void SegmentArrivesInSynReceived(int index, ref Segment seg)
    {
        if (Profile.InputRule is InputRule.FreeBsd)
        {
            SegmentArrivesInSyncache(index, ref seg);
            return;
        }
        ref SynEntry entry = ref _halfOpen[index];
        TcpListener listener = _listeners[entry.ListenerId]!;
        SequenceNumber next = entry.Irs + 1;
        if (seg.Seq == entry.Irs && (seg.Flags & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst)) == TcpFlags.Syn)
        {
            if (!Profile.EcnAfterFallback && !TcpConnection.AgreesToEcn(Profile, in seg)) entry.Flags &= ~SynEntryFlags.Ecn;
            AnswerAgain(index);
            return;
        }
        DropReason reason = CheckHalfOpen(ref entry, next, in seg, out bool answer);
        if (reason is not DropReason.None)
        {
            Dropped(in seg, TcpState.SynReceived, reason);
            if (answer) AnswerHalfOpen(ref entry);
            return;
        }
        if (seg.Has(TcpFlags.Rst))
        {
            Counters.ResetsReceived++;
            Forget(index, CloseReason.RemoteReset); // back to LISTEN (MUST-11)
            return;
        }
        if (seg.Ack != entry.Iss + 1)
        {
            Dropped(in seg, TcpState.SynReceived, DropReason.BadAck);
            QueueResetFor(in seg);
            return;
        }
        reason = NotYet(listener, in seg);
        if (reason is not DropReason.None)
        {
            Dropped(in seg, TcpState.SynReceived, reason);
            return;
        }
        SynEntry copy = entry;
        _halfOpen.Remove(index);
        listener.SynQueueCount--;
        Promote(listener, in copy, timed: copy.Retries == 0 && (copy.Flags & SynEntryFlags.AnsweredAgain) == 0).SegmentArrives(ref seg);
    }

    /// <summary>
    /// The SYN came again, so our SYN,ACK was lost, or is late: one answer for one SYN is no amplification. The timer starts anew, or both
    /// ends, whose timers began together, would send it twice.
    /// </summary>
    private void AnswerAgain(int index)
    {
        ref SynEntry entry = ref _halfOpen[index];
        entry.Flags |= SynEntryFlags.AnsweredAgain;
        _halfOpen.Schedule(index, Now + Duration.Min(Profile.InitialRto * (1 << entry.Retries), Profile.MaximumRto));
        QueueSynAck(index, retransmission: true);
    }

    /// <summary>Why the handshake's last ACK cannot make a connection now. It is as if lost: the SYN,ACK or the text comes again.</summary>
    private DropReason NotYet(TcpListener listener, in Segment seg)
    {
        if (listener.IsAcceptQueueFull || _connections.Count >= Options.MaxConnections) return DropReason.AcceptQueueFull;
        bool bare = seg.Text.IsEmpty && !seg.Has(TcpFlags.Fin);
        return bare && listener.Options.DeferAccept ? DropReason.InvalidInState : DropReason.None;
    }

    /// <summary>
    /// The first four steps of 3.10.7.4, as amended by RFC 5961 and RFC 7323, for an entry that has neither sent nor received text. A new
    /// SYN in the window is challenged as in the synchronized states, though 3.10.7.4 would go back to LISTEN: one guess in 65,536 must not
    /// undo a handshake. (Linux resets it, FreeBSD sends its SYN,ACK again.)
    /// </summary>
    private static DropReason CheckHalfOpen(ref SynEntry entry, SequenceNumber next, in Segment seg, out bool answer)
    {
        answer = !seg.Has(TcpFlags.Rst);
        bool timestamps = (entry.Flags & SynEntryFlags.Timestamps) != 0 && !seg.Has(TcpFlags.Rst);
        if (timestamps && !seg.Options.Has(TcpOptionKinds.Timestamps))
        {
            answer = false;
            return DropReason.MissingTimestamp; // silently (RFC 7323 3.2), as the connection that it would become does
        }
        if (timestamps && (int)(seg.Options.TimestampValue - entry.TsRecent) < 0) return DropReason.Paws;
        int length = seg.Has(TcpFlags.Rst) ? 0 : seg.Len; // of a RST its number alone counts (RFC 5961 3.2)
        if (!ReceiveWindow.Accepts(next, entry.RcvWnd, seg.Seq, length)) return DropReason.OutsideWindow;
        if (seg.Has(TcpFlags.Rst))
        {
            answer = seg.Seq != next;
            return seg.Seq == next ? DropReason.None : DropReason.ResetNotExact;
        }
        if (seg.Has(TcpFlags.Syn)) return DropReason.UnexpectedSyn;
        answer = false;
        return seg.Has(TcpFlags.Ack) ? DropReason.None : DropReason.NoAck;
    }

    private void AnswerHalfOpen(ref SynEntry entry)
    {
        if (Now - entry.LastChallenge < Profile.ChallengeAckInterval)
        {
            Counters.AnswersSuppressed++;
            return;
        }
        entry.LastChallenge = Now;
        TcpConnectionOptions options = _listeners[entry.ListenerId]!.Options;
        int scale = entry.WindowScale == SynEntry.NoWindowScale ? 0 : options.WindowScale(Profile.WindowRule);
        // Scaled: it is no SYN (RFC 7323 2.2).
        ChallengeFrom(ref entry, ReceiveWindow.Field(entry.RcvWnd, entry.RcvWnd, options.ReceiveBuffer, scale));
    }

    private void ChallengeFrom(ref SynEntry entry, ushort window)
    {
        Counters.ChallengeAcksSent++;
        bool timestamps = (entry.Flags & SynEntryFlags.Timestamps) != 0;
        TcpConnectionOptions options = _listeners[entry.ListenerId]!.Options;
        Queue(new PendingReply
        {
            Tuple = entry.Tuple,
            Seq = entry.Iss + 1,
            Ack = entry.Irs + 1,
            Flags = TcpFlags.Ack,
            Wnd = window,
            HasTimestamps = timestamps,
            TimestampValue = timestamps ? TimestampClock.Now(Now, TimestampClock.Offset(Secret, entry.Tuple)) : 0,
            TimestampEchoReply = entry.TsRecent,
            TrafficClass = (byte)(options.Dscp << 2),
            TimeToLive = options.TimeToLive,
            State = TcpState.SynReceived,
        });
    }

    /// <summary>The handshake's last ACK is here: only now the connection gets a full control block (RFC 4987 3.5).</summary>
    private TcpConnection Promote(TcpListener listener, in SynEntry entry, bool timed)
    {
        var connection = new TcpConnection(this, in entry.Tuple, listener.Options, listener);
        Add(connection);
        Counters.PassiveOpens++;
        connection.OpenPassively(in entry, timed);
        return connection;
    }

    /// <summary>MUST-54, SHLD-26: nobody is at the other end of what is half open. Only our ISS is in flight (RFC 5927 4.1).</summary>
    private bool IcmpErrorArrivesHalfOpen(in FourTuple tuple, in IcmpMessage message)
    {
        int index = _halfOpen.Find(in tuple);
        if (index < 0 || message.QuotedSequence != _halfOpen[index].Iss) return false;
        Counters.IcmpErrors++;
        if (Profile.InputRule is InputRule.FreeBsd)
        {
            if (message.Kind is not IcmpKind.PacketTooBig) UnreachableInSyncache(index);
            return true;
        }
        bool hard = message.Kind is IcmpKind.ProtocolUnreachable or IcmpKind.PortUnreachable or IcmpKind.Prohibited;
        // Linux over IPv4 takes those for hard that are not answers of the host itself (tcp_v4_err()).
        if (Profile.UnreachableEndsOpen && tuple.RemoteAddress.IsIpv4)
        {
            hard = message.Kind is IcmpKind.TimeExceeded or IcmpKind.ParameterProblem
                || (message.Kind is IcmpKind.NetworkUnreachable or IcmpKind.HostUnreachable && message.Code <= 1);
        }
        if (hard) Forget(index, CloseReason.Unreachable);
        return true;
    }

    /// <summary>The listener is gone, and its half-open connections with it.</summary>
    private void ForgetAll(TcpListener listener)
    {
        for (int index = _halfOpen.NextOf(listener.Id, 0); index >= 0; index = _halfOpen.NextOf(listener.Id, index + 1))
        {
            FourTuple tuple = _halfOpen[index].Tuple;
            _halfOpen.Remove(index);
            StateChanged(in tuple, TcpState.SynReceived, TcpState.Closed, CloseReason.LocalClose);
        }
        listener.SynQueueCount = 0;
    }

    private void Forget(int index, CloseReason reason)
    {
        FourTuple tuple = _halfOpen[index].Tuple;
        _listeners[_halfOpen[index].ListenerId]!.SynQueueCount--;
        _halfOpen.Remove(index);
        StateChanged(in tuple, TcpState.SynReceived, TcpState.Listen, reason);
    }

    private void ExpireHalfOpen()
    {
        while (_halfOpen.TryExpire(Now, out int index))
        {
            ref SynEntry entry = ref _halfOpen[index];
            bool last = entry.Retries >= Profile.SynAckRetries;
            if (!last) entry.Retries++;
            Duration next = Duration.Min(Profile.InitialRto * (1 << entry.Retries), Profile.MaximumRto);
            TimerFired(in entry.Tuple, TcpTimerKind.SynAckRetransmit, TcpState.SynReceived, entry.Retries, last ? Duration.Zero : next);
            if (last)
            {
                Counters.SynQueueTimeouts++;
                Forget(index, CloseReason.RetransmissionTimeout);
                continue;
            }
            _halfOpen.Schedule(index, Now + next);
            QueueSynAck(index, retransmission: true);
        }
    }
}
