using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>The user calls of RFC 9293 3.10.2-6; OPEN is NetworkStack.Connect and Listen.</summary>
public sealed partial class TcpConnection
{
    /// <summary>Octets that <see cref="Receive"/> would give now.</summary>
    public int Readable => _state is TcpState.SynSent or TcpState.SynReceived ? 0 : ReadableBeforeMark();

    /// <summary>Whether all octets were read and the peer's FIN was reached.</summary>
    public bool EndOfStream => Has(ConnectionFlags.FinReceived) && ReceiveText.Length == 0;

    /// <summary>Room for <see cref="Send"/>, in octets.</summary>
    public int SendSpace => Math.Max(0, Options.SendBuffer - SendText.Length);

    /// <summary>Octets written and not yet acknowledged.</summary>
    public int SendQueue => SendText.Length;

    /// <summary>Changes the options of the open connection (buffers may only be changed before OPEN).</summary>
    /// <exception cref="ArgumentException">A buffer size differs from the present one, or a value is out of its range.</exception>
    public void SetOptions(TcpConnectionOptions options, Timestamp now)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.ReceiveBuffer != Options.ReceiveBuffer || options.SendBuffer != Options.SendBuffer)
            throw new ArgumentException("the buffers of an open connection cannot be changed: choose them at OPEN", nameof(options));
        _stack.Advance(now);
        TcpConnectionOptions before = Options;
        Options = options;
        if (before.MaximumSegmentSize != options.MaximumSegmentSize) UpdateSendMss();
        if (!options.Cork) _deadlines.Cork = Timestamp.Never;
        if (options.QuickAck != before.QuickAck) QuickAckChosen(options.QuickAck);
        if (_state is not (TcpState.SynSent or TcpState.SynReceived or TcpState.Closed or TcpState.TimeWait)) ArmKeepAlive();
        ArmUserTimeout();
        MakeReady();
        Reschedule();
    }

    /// <summary>SEND (3.10.2): takes as many octets as there is room for.</summary>
    /// <returns>None and the count, or the error with the count 0 (<see cref="TcpError.WouldBlock"/> if there is no room).</returns>
    /// <param name="data">The octets.</param>
    /// <param name="now">The time.</param>
    /// <param name="sent">How many were taken.</param>
    /// <param name="more">More follows at once: what fills no segment waits for it, at most <see cref="TcpProfile.CorkTimeout"/>.</param>
    public TcpError Send(ReadOnlySpan<byte> data, Timestamp now, out int sent, bool more = false)
    {
        _stack.Advance(now);
        if (more) Set(ConnectionFlags.MoreFollows);
        else Clear(ConnectionFlags.MoreFollows);
        TcpError error = SendCore(data, out sent);
        _stack.UserCalled(Key, UserCall.Send, _state, sent, error);
        return error;
    }

    /// <summary>SEND with the urgent flag: the urgent data ends with the last octet taken (RFC 6093).</summary>
    public TcpError SendUrgent(ReadOnlySpan<byte> data, Timestamp now, out int sent)
    {
        _stack.Advance(now);
        Clear(ConnectionFlags.MoreFollows);
        TcpError error = SendCore(data, out sent);
        if (error is TcpError.None && sent > 0)
        {
            Snd.Up = SendTextEnd;
            Set(ConnectionFlags.UrgentToSend);
        }
        _stack.UserCalled(Key, UserCall.SendUrgent, _state, sent, error);
        return error;
    }

    /// <summary>What ended it, or that it is no more.</summary>
    private TcpError ClosedError => _error is TcpError.None ? TcpError.ConnectionDoesNotExist : _error;

    private TcpError SendCore(ReadOnlySpan<byte> data, out int sent)
    {
        sent = 0;
        switch (State)
        {
            case TcpState.Closed:
                return ClosedError;
            case TcpState.Listen:
                return TcpError.InvalidRemoteAddress; // "foreign socket unspecified"
            case TcpState.SynSent or TcpState.SynReceived or TcpState.Established or TcpState.CloseWait:
                break; // before ESTABLISHED the data is queued (3.10.2)
            case TcpState.FinWait1 or TcpState.FinWait2 or TcpState.Closing or TcpState.LastAck or TcpState.TimeWait:
                return TcpError.ConnectionClosing;
            default:
                throw new UnreachableException();
        }
        if (Has(ConnectionFlags.FinQueued)) return TcpError.ConnectionClosing;
        if (data.IsEmpty) return TcpError.None;
        Debug.Assert(!Has(ConnectionFlags.Reserved), "what is written into pages is to be committed first");
        int room = Math.Min(data.Length, SendSpace);
        bool wasIdle = SendText.Length == 0;
        SequenceNumber from = SendTextEnd;
        sent = SendText.Append(_stack.Pages, data[..room]);
        if (sent > 0) _linux?.Pushes.Wrote(from, SendTextEnd, Snd.Nxt, Snd.Mss, Snd.MaxWnd, Has(ConnectionFlags.MoreFollows));
        if (sent < data.Length) Set(ConnectionFlags.WantsWritable);
        if (sent < room) _stack.Starve(this);
        if (sent == 0) return TcpError.WouldBlock;
        if (wasIdle) RestartAfterIdle();
        MakeReady();
        return TcpError.None;
    }

    /// <summary>RECEIVE (3.10.3). None with the count 0 is the end of the stream; WouldBlock if nothing is there yet.</summary>
    public TcpError Receive(Span<byte> destination, Timestamp now, out int received)
    {
        _stack.Advance(now);
        TcpError error = ReceiveCore(destination, out received);
        if (received > 0 || error is not TcpError.WouldBlock) _stack.UserCalled(Key, UserCall.Receive, _state, received, error);
        return error;
    }

    private TcpError ReceiveCore(Span<byte> destination, out int received)
    {
        received = 0;
        if (Has(ConnectionFlags.Orphaned)) return State is TcpState.Closed ? ClosedError : TcpError.ConnectionClosing;
        if (_state is TcpState.SynSent or TcpState.SynReceived) return TcpError.WouldBlock;
        int readable = ReadableBeforeMark();
        if (readable > 0)
        {
            if (destination.IsEmpty) return TcpError.None;
            received = ReceiveText.Read(_stack.Pages, destination[..Math.Min(destination.Length, readable)]);
            Rcv.Read += received;
            AfterRead();
            return TcpError.None;
        }
        if (Has(ConnectionFlags.FinReceived)) return TcpError.None;
        return _state is TcpState.Closed ? ClosedError : TcpError.WouldBlock;
    }

    /// <summary>Room was made: the window may open (3.8.6.2.2), the urgent mark may have been reached.</summary>
    private void AfterRead()
    {
        SkipOutOfBand();
        if (Has(ConnectionFlags.UrgentToRead) && Rcv.Read >= Rcv.Up) Clear(ConnectionFlags.UrgentToRead);
        AcknowledgeRead();
    }

    /// <summary>CLOSE of the sending half (3.10.4: "I have no more data to send"): the peer may go on.</summary>
    public TcpError Shutdown(Timestamp now)
    {
        _stack.Advance(now);
        TcpState before = _state;
        TcpError error = ShutdownCore();
        _stack.UserCalled(Key, UserCall.Shutdown, before, 0, error);
        return error;
    }

    private TcpError ShutdownCore()
    {
        switch (State)
        {
            case TcpState.Closed:
                return ClosedError;
            case TcpState.SynSent or TcpState.SynReceived when Has(ConnectionFlags.FinQueued):
                return TcpError.ConnectionClosing;
            case TcpState.SynSent or TcpState.SynReceived:
                Set(ConnectionFlags.FinQueued); // queued until ESTABLISHED (3.10.4)
                return TcpError.None;
            case TcpState.Established:
                QueueFin(TcpState.FinWait1);
                return TcpError.None;
            case TcpState.CloseWait:
                QueueFin(TcpState.LastAck);
                return TcpError.None;
            case TcpState.FinWait1 or TcpState.FinWait2 or TcpState.Closing or TcpState.LastAck or TcpState.TimeWait:
                return TcpError.ConnectionClosing;
            case TcpState.Listen:
            default:
                throw new UnreachableException();
        }
    }

    private void QueueFin(TcpState next)
    {
        Set(ConnectionFlags.FinQueued);
        SetState(next);
        MakeReady();
    }

    /// <summary>
    /// CLOSE of both halves (3.10.4 and MAY-1): the application is gone. Unread data resets (SHLD-3);
    /// <see cref="TcpConnectionOptions.Linger"/> says what happens to unsent data.
    /// </summary>
    public TcpError Close(Timestamp now)
    {
        _stack.Advance(now);
        TcpState before = _state;
        TcpError error = CloseCore();
        _stack.UserCalled(Key, UserCall.Close, before, 0, error);
        return error;
    }

    private TcpError CloseCore()
    {
        if (Has(ConnectionFlags.Orphaned)) return State is TcpState.Closed ? TcpError.ConnectionDoesNotExist : TcpError.ConnectionClosing;
        Set(ConnectionFlags.Orphaned);
        switch (_state)
        {
            case TcpState.Closed or TcpState.TimeWait:
                DropReceiveText();
                return TcpError.None;
            case TcpState.SynSent:
                End(CloseReason.LocalClose, TcpError.Aborted); // "delete the TCB"
                return TcpError.None;
            default:
                break;
        }
        bool unread = ReceiveText.Length > 0 || OutOfBandUnread;
        if (Options.Linger is { Nanoseconds: <= 0 })
        {
            Reset(CloseReason.LocalAbort, TcpError.Aborted);
            return TcpError.None;
        }
        if (unread)
        {
            Reset(CloseReason.LocalReset, TcpError.Aborted); // SHLD-3, RFC 2525 2.17
            return TcpError.None;
        }
        if (!_stack.AdmitOrphan(this))
        {
            _stack.Counters.OrphansReset++;
            Reset(CloseReason.ResourceLimit, TcpError.InsufficientResources);
            return TcpError.None;
        }
        DropOutOfOrder();
        if (_state is TcpState.SynReceived or TcpState.Established or TcpState.CloseWait) ShutdownCore();
        if (_state is TcpState.FinWait2) _deadlines.Lifetime = Now + (Options.FinWait2 ?? Profile.FinWait2);
        else if (Options.Linger is { } linger) _deadlines.Lifetime = Now + linger;
        Reschedule();
        return TcpError.None;
    }

    /// <summary>ABORT (3.10.5): RST, everything queued is thrown away.</summary>
    public TcpError Abort(Timestamp now)
    {
        _stack.Advance(now);
        TcpState before = State;
        TcpError error = TcpError.None;
        switch (before)
        {
            case TcpState.Closed:
                error = TcpError.ConnectionDoesNotExist;
                break;
            case TcpState.TimeWait:
                _stack.ForgetTimeWait(Key, Snd.Nxt);
                break;
            case TcpState.SynSent or TcpState.Closing or TcpState.LastAck:
                End(CloseReason.LocalAbort, TcpError.Aborted);
                break;
            default:
                Reset(CloseReason.LocalAbort, TcpError.Aborted);
                break;
        }
        Set(ConnectionFlags.Orphaned);
        DropReceiveText();
        _stack.UserCalled(Key, UserCall.Abort, before, 0, error);
        return error;
    }

    /// <summary>Sends RST and ends.</summary>
    private void Reset(CloseReason reason, TcpError error)
    {
        uint? echo = Has(ConnectionFlags.Timestamps) ? TimestampRecent : null;
        _stack.QueueReset(Key, AcceptableSeq, Rcv.Nxt, Options, echo);
        End(reason, error);
    }

    /// <summary>STATUS (3.10.6).</summary>
    public TcpStatus Status() => new()
    {
        Tuple = Key,
        State = State,
        CloseReason = _closeReason,
        Passive = Has(ConnectionFlags.Passive),
        Iss = Snd.Iss,
        Irs = Rcv.Irs,
        SndUna = Snd.Una,
        SndNxt = Snd.Nxt,
        SndWnd = Snd.Wnd,
        RcvNxt = Rcv.Nxt,
        RcvWnd = Rcv.Wnd,
        SendQueue = SendText.Length,
        ReceiveQueue = ReceiveText.Length,
        OutOfOrder = OutOfOrder.Octets,
        UrgentRemaining = UrgentRemaining,
        SendMss = Snd.Mss,
        ReceiveMss = Rcv.Mss,
        SendWindowScale = Snd.Scale,
        ReceiveWindowScale = Rcv.Scale,
        Options = (Has(ConnectionFlags.Timestamps) ? TcpOptionKinds.Timestamps : 0)
            | (Has(ConnectionFlags.Sack) ? TcpOptionKinds.SackPermitted : 0)
            | (Has(ConnectionFlags.WindowScaling) ? TcpOptionKinds.WindowScale : 0),
        Ecn = Has(ConnectionFlags.Ecn),
        EcnSeen = Has(ConnectionFlags.EcnSeen),
        CongestionWindow = _congestion.Window,
        SlowStartThreshold = _congestion.SlowStartThreshold,
        InRecovery = _phase is not RecoveryPhase.Open,
        CongestionState = CongestionState,
        UnackedSegments = _flight is null ? 0 : _flight.Segments,
        SackedSegments = _flight is null ? 0 : _flight.SackedSegments + (_flight.DuplicateOctets + Snd.Mss - 1) / Snd.Mss,
        LostSegments = _flight is null ? 0 : _flight.LostSegments,
        RetransmittedSegments = _flight is null ? 0 : _flight.RetransmittedSegments,
        Reordering = _reordering,
        DsackDuplicates = _dsackDuplicates,
        OctetsRetransmitted = _octetsRetransmitted,
        MinimumRoundTrip = MinimumRoundTrip,
        SmoothedRoundTrip = _rtt.Srtt,
        RoundTripVariation = _rtt.Rttvar,
        RetransmissionTimeout = _rtt.Rto,
        Retransmits = _retransmits,
        BackOffs = _rtt.BackOffs,
        TotalRetransmits = _totalRetransmits,
        SegmentsSent = _segmentsSent,
        SegmentsReceived = _segmentsReceived,
        OctetsAcknowledged = _octetsAcknowledged,
        OctetsReceived = _octetsReceived,
        SoftError = _softError,
        NextDeadline = _deadlines.Earliest,
        NextTimer = NextTimer(),
    };
}
