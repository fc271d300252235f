using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>The timeouts (RFC 9293 3.10.8): each deadline that passed is acted on; then the connection goes back into the wheel.</summary>
public sealed partial class TcpConnection
{
    /// <summary>Of the waits of a SYN: 2^17 times the initial RTO are more than a day.</summary>
    private const int MostDoublings = 16;

    private int _retransmits;
    private int _keepAliveProbes;

    internal void OnTime()
    {
        Timestamp now = Now;
        if (_deadlines.DelayedAck <= now) DelayedAckExpired();
        if (_deadlines.Cork <= now) CorkExpired();
        if (_deadlines.UserTimeout <= now) UserTimeoutExpired();
        if (_deadlines.LossProbe <= now && _state is not TcpState.Closed) LossProbeExpired();
        if (_deadlines.Retransmit <= now && _state is not TcpState.Closed) RetransmitExpired();
        if (_deadlines.KeepAlive <= now && _state is not TcpState.Closed) KeepAliveExpired();
        if (_deadlines.Lifetime <= now && _state is not TcpState.Closed) LifetimeExpired();
        Reschedule();
    }

    private void Report(TcpTimerKind kind, int count, Duration next) => _stack.TimerFired(Key, kind, _state, count, next);

    private void DelayedAckExpired()
    {
        _deadlines.DelayedAck = Timestamp.Never;
        _stack.Counters.DelayedAcks++;
        Report(TcpTimerKind.DelayedAck, 1, Duration.Zero);
        _linux?.Acknowledgment.DelayExpired(_rtt.Rto);
        AcknowledgeNow();
    }

    private void CorkExpired()
    {
        _deadlines.Cork = Timestamp.Never;
        if (SendTextEnd - Snd.Nxt <= 0) return;
        Report(TcpTimerKind.Cork, 1, Duration.Zero);
        Set(ConnectionFlags.CorkPulled);
        MakeReady();
    }

    private void RetransmitExpired()
    {
        _deadlines.Retransmit = Timestamp.Never;
        if (_state is TcpState.SynSent or TcpState.SynReceived)
        {
            SynUnanswered();
            return;
        }
        // A segment that went because it was too silly for too long is no zero-window probe: lost, it is sent again as a whole.
        if (FlightSize > 0 && Snd.Wnd > 0) Clear(ConnectionFlags.Persisting);
        bool windowClosed = Snd.Wnd == 0 || Has(ConnectionFlags.Persisting);
        if (GiveUp(windowClosed ? TcpTimerKind.Persist : TcpTimerKind.Retransmit)) return;
        _rtt.BackOff(Profile);
        if (windowClosed) Probe();
        else Retransmit();
    }

    /// <summary>RFC 6298 5.4 to 5.7, RFC 5681 3.1.</summary>
    private void Retransmit()
    {
        if (FlightSize == 0) return;
        _stack.Counters.RetransmissionTimeouts++;
        Report(TcpTimerKind.Retransmit, _retransmits, _rtt.Rto);
        SuspectBlackHole();
        EnterLoss();
        ArmRetransmit();
        MakeReady();
    }

    /// <summary>SHLD-17, SHLD-29, SHLD-30, MUST-35, MUST-36: the window is closed, so ask, ever more rarely.</summary>
    private void Probe()
    {
        Set(ConnectionFlags.Persisting | ConnectionFlags.ProbePending);
        if (_retransmits == 1)
        {
            _progressAt = Now; // of probes the user timeout counts from the first that is not answered
            ArmUserTimeout();
        }
        Report(TcpTimerKind.Persist, _retransmits, _rtt.Rto);
        _stack.Counters.ZeroWindowProbes++;
        _deadlines.Retransmit = Now + PersistWait;
        MakeReady();
    }

    /// <summary>How long a closed window is left alone: the RTO, or FreeBSD's rule with its own limits.</summary>
    private Duration PersistWait
    {
        get
        {
            if (Profile.PersistMinimum == Duration.Zero) return _rtt.Rto;
            Duration wait = _rtt.Srtt * 4 + _rtt.Rttvar * 8;
            for (int i = 0; i < _retransmits && wait < Profile.PersistMaximum; i++) wait *= 2;
            return Duration.Min(Duration.Max(wait, Profile.PersistMinimum), Profile.PersistMaximum);
        }
    }

    /// <summary>MUST-22, MUST-23: a SYN has its own R2, of more than three minutes.</summary>
    private void SynUnanswered()
    {
        int retries = Options.SynRetries ?? Profile.SynRetries;
        int most = _state is TcpState.SynSent ? retries + Profile.SynLinearTimeouts : Profile.SynAckRetries;
        bool userTimeout = Options.UserTimeout > Duration.Zero && Now - _progressAt >= Options.UserTimeout;
        if (_retransmits >= most || userTimeout || IsLongerThanDoubling(retries))
        {
            Report(TcpTimerKind.Retransmit, _retransmits + 1, Duration.Zero);
            End(CloseReason.RetransmissionTimeout, _softError is TcpError.None ? TcpError.TimedOut : _softError);
            return;
        }
        _retransmits++;
        _stack.Counters.RetransmissionTimeouts++;
        Set(ConnectionFlags.SynPending | ConnectionFlags.SynRetransmitted);
        Clear(ConnectionFlags.Timing);
        if (_state is not TcpState.SynSent || _retransmits > Profile.SynLinearTimeouts) _rtt.BackOff(Profile);
        Report(TcpTimerKind.Retransmit, _retransmits, _rtt.Rto);
        if (_retransmits >= Profile.R1) ReachR1();
        ArmRetransmit();
        MakeReady();
    }

    /// <summary>
    /// Linear timeouts do not make an attempt longer than so many retransmissions take whose waits double from the first on: with one
    /// (TCP_SYNCNT) Linux gives up after 3 s (retransmits_timed_out()).
    /// </summary>
    private bool IsLongerThanDoubling(int retries) => _state is TcpState.SynSent && Profile.SynLinearTimeouts > 0
        && Now - _progressAt >= Profile.InitialRto * ((2 << Math.Min(retries, MostDoublings)) - 1);

    /// <summary>MUST-20: the procedure for excessive retransmission. True if the connection ended.</summary>
    private bool GiveUp(TcpTimerKind expired)
    {
        _retransmits++;
        int most = Has(ConnectionFlags.Orphaned) ? Math.Min(Profile.OrphanRetries, Profile.R2) : Profile.R2;
        if (_retransmits >= Profile.R1) ReachR1();
        bool byUser = Options.UserTimeout > Duration.Zero; // it replaces R2 (MUST-21)
        if (byUser || _retransmits <= most) return false;
        Report(expired, _retransmits, Duration.Zero);
        TimedOut();
        return true;
    }

    /// <summary>
    /// 3.10.8 has no RST for a peer that does not answer; FreeBSD's tcp_drop() sends one, Linux's tcp_write_err() does not.
    /// </summary>
    private void TimedOut()
    {
        if (Profile.SilentTimeouts) End(CloseReason.RetransmissionTimeout, TcpError.TimedOut);
        else Reset(CloseReason.RetransmissionTimeout, TcpError.TimedOut);
    }

    /// <summary>SHLD-9: the application may want to know that delivery is in doubt.</summary>
    private void ReachR1()
    {
        if (Has(ConnectionFlags.R1Reported)) return;
        Set(ConnectionFlags.R1Reported);
        // What ICMP said says more: an OPEN that times out tells it.
        ReportSoftError(_softError is TcpError.None ? TcpError.TimedOut : _softError);
    }

    private void ReportSoftError(TcpError error)
    {
        _softError = error;
        if (!Options.MuteSoftErrors) Signal(TcpSignals.SoftError);
    }

    /// <summary>The user timeout of what is unacknowledged (RFC 5482, 3.10.8).</summary>
    private void ArmUserTimeout()
    {
        // A closed window may be probed with nothing in flight.
        bool waits = (FlightSize > 0 || Has(ConnectionFlags.Persisting)) && Options.UserTimeout > Duration.Zero;
        _deadlines.UserTimeout = waits ? _progressAt + Options.UserTimeout : Timestamp.Never;
    }

    private void UserTimeoutExpired()
    {
        if (Has(ConnectionFlags.Persisting) && _retransmits == 0)
        {
            _progressAt = Now; // the window is closed, not the path, while probes are answered (MUST-37)
            ArmUserTimeout();
            return;
        }
        Report(TcpTimerKind.UserTimeout, 1, Duration.Zero);
        if (_state is TcpState.SynSent or TcpState.SynReceived) End(CloseReason.RetransmissionTimeout, TcpError.TimedOut);
        else TimedOut();
    }

    private void ArmKeepAlive()
    {
        _keepAliveProbes = 0;
        _deadlines.KeepAlive = Options.KeepAlive ? _lastReceived + Options.KeepAliveTime : Timestamp.Never;
        if (_deadlines.KeepAlive < Now) _deadlines.KeepAlive = Now;
    }

    /// <summary>RFC 9293 3.8.4: only when idle and nothing is outstanding (MUST-26).</summary>
    private void KeepAliveExpired()
    {
        Timestamp due = _lastReceived + Options.KeepAliveTime;
        bool outstanding = FlightSize > 0 || SendTextEnd - Snd.Nxt > 0 && !FinAcknowledged;
        if (outstanding || (_keepAliveProbes == 0 && due > Now))
        {
            _deadlines.KeepAlive = Timestamp.Max(due, Now + Options.KeepAliveInterval);
            if (!outstanding) _deadlines.KeepAlive = due;
            return;
        }
        if (KeepAliveHasFailed)
        {
            Report(TcpTimerKind.KeepAlive, _keepAliveProbes, Duration.Zero);
            Reset(CloseReason.KeepAliveTimeout, TcpError.TimedOut); // MUST-29: only after several
            return;
        }
        _keepAliveProbes++;
        _stack.Counters.KeepAliveProbes++;
        Report(TcpTimerKind.KeepAlive, _keepAliveProbes, Options.KeepAliveInterval);
        Set(ConnectionFlags.KeepAlivePending);
        _deadlines.KeepAlive = Now + Options.KeepAliveInterval;
        MakeReady();
    }

    /// <summary>
    /// The user timeout, if there is one, replaces the number of probes (tcp(7), TCP_USER_TIMEOUT); one is not enough (MUST-29).
    /// </summary>
    private bool KeepAliveHasFailed => Options.UserTimeout > Duration.Zero
        ? _keepAliveProbes > 1 && Now - _lastReceived >= Options.UserTimeout
        : _keepAliveProbes >= Options.KeepAliveProbes;

    private void LifetimeExpired()
    {
        _deadlines.Lifetime = Timestamp.Never;
        if (IsOpenTimer)
        {
            Report(TcpTimerKind.Connect, 1, Duration.Zero);
            End(CloseReason.RetransmissionTimeout, _softError is TcpError.None ? TcpError.TimedOut : _softError);
            return;
        }
        if (_state is TcpState.FinWait2)
        {
            Report(TcpTimerKind.FinWait2, 1, Duration.Zero);
            End(CloseReason.FinWait2Timeout, TcpError.TimedOut);
            return;
        }
        Report(TcpTimerKind.Linger, 1, Duration.Zero);
        Reset(CloseReason.LingerTimeout, TcpError.TimedOut);
    }

    /// <summary>Whether Deadlines.Lifetime is the OPEN's.</summary>
    private bool IsOpenTimer => _state is TcpState.SynSent or TcpState.SynReceived && !Has(ConnectionFlags.Orphaned);

    /// <summary>Whether RTO will find the window closed: see <see cref="RetransmitExpired"/>.</summary>
    private bool IsPersistTimer => _state is not (TcpState.SynSent or TcpState.SynReceived)
        && (Snd.Wnd == 0 || (Has(ConnectionFlags.Persisting) && FlightSize == 0));

    /// <summary>What the next deadline is for; of several at once the one that is acted on first.</summary>
    private TcpTimerKind? NextTimer()
    {
        Timestamp next = _deadlines.Earliest;
        if (next == Timestamp.Never) return null;
        if (next == _deadlines.DelayedAck) return TcpTimerKind.DelayedAck;
        if (next == _deadlines.Cork) return TcpTimerKind.Cork;
        if (next == _deadlines.UserTimeout) return TcpTimerKind.UserTimeout;
        if (next == _deadlines.LossProbe) return Has(ConnectionFlags.ReorderingTimer) ? TcpTimerKind.Reordering : TcpTimerKind.LossProbe;
        if (next == _deadlines.Retransmit) return IsPersistTimer ? TcpTimerKind.Persist : TcpTimerKind.Retransmit;
        if (next == _deadlines.KeepAlive) return TcpTimerKind.KeepAlive;
        if (IsOpenTimer) return TcpTimerKind.Connect;
        return _state is TcpState.FinWait2 ? TcpTimerKind.FinWait2 : TcpTimerKind.Linger;
    }
}
