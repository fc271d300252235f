using Synfin.Stack;
using Synfin.Tcp.CongestionControl;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>What an acceptable acknowledgment does (RFC 9293 3.10.7.4, fifth; RFC 5681; RFC 6298).</summary>
public sealed partial class TcpConnection
{
    /// <summary>The minimum of round trips is one of so many seconds, as in Linux.</summary>
    private const uint MinimumLife = 300;

    private SequenceNumber _timedEnd;

    /// <summary>When the segment left that is timed; if none is, when something was sent again last.</summary>
    private Timestamp _timedAt;
    private Timestamp _progressAt;
    private uint _minimumRoundTrip = uint.MaxValue;
    private uint _minimumRoundTripAt;
    private long _octetsAcknowledged;

    private bool FinAcknowledged => Has(ConnectionFlags.FinAcknowledged);

    /// <summary>The number after the last octet written; the FIN's number.</summary>
    private SequenceNumber SendTextEnd => (Snd.Una == Snd.Iss ? Snd.Iss + 1 : Snd.Una) + SendText.Length;

    private bool FinSent => Has(ConnectionFlags.FinQueued) && (FinAcknowledged || Snd.Nxt == SendTextEnd + 1);

    private int FlightSize => Snd.Nxt - Snd.Una;

    private void ProcessAck(in Segment seg)
    {
        if (_linux is { } details) details.AgainEnd = Snd.Iss;
        var outcome = new AckOutcome
        {
            Una = Snd.Una,
            Fack = _flight is null ? Snd.Una : _flight.HighestSacked,
            FirstSent = Timestamp.Never,
            LastSent = Timestamp.Never,
            Congested = SaysCongested(in seg),
        };
        ProcessSack(in seg, ref outcome);
        int acknowledged = seg.Ack - Snd.Una;
        if (acknowledged > 0) NewlyAcknowledged(in seg, acknowledged, ref outcome);
        else if (acknowledged == 0 && _flight is not null) MaybeDuplicate(in seg, ref outcome);
        if (acknowledged < 0) return; // an old duplicate
        Reduce(in outcome);
        bool newer = Snd.Wl1 < seg.Seq || (Snd.Wl1 == seg.Seq && Snd.Wl2 <= seg.Ack);
        if (newer) UpdateSendWindow(in seg, scaled: true);
        if (Has(ConnectionFlags.Persisting)) _retransmits = 0; // the peer is alive, only its window is closed (MUST-37)
    }

    private void NewlyAcknowledged(in Segment seg, int octets, ref AckOutcome outcome)
    {
        TakeAcknowledged(in seg, octets, ref outcome);
        SampleRoundTrip(in seg, in outcome);
        bool fin = octets > SendText.Length;
        int text = Math.Min(octets, SendText.Length);
        SendText.Discard(_stack.Pages, text);
        if (fin) Set(ConnectionFlags.FinAcknowledged);
        Snd.Una = seg.Ack;
        _octetsAcknowledged += text;
        _progressAt = Now;
        _retransmits = 0;
        _softError = TcpError.None;
        Clear(ConnectionFlags.R1Reported);
        if (Has(ConnectionFlags.Persisting)) _rtt.ResetBackOff(Profile); // it was for probes; otherwise only a sample ends it (Karn)
        if (_linux is { } linux)
        {
            linux.Pushes.RemoveBefore(Snd.Una);
            linux.Bursts.RemoveBefore(Snd.Una);
        }
        if (_flight is not null)
        {
            if (Has(ConnectionFlags.Reducing) && Snd.Una > _recoveryPoint) EndReducing();
            if (Racks) AlertRack(in seg, ref outcome);
            else AdvanceByDuplicates(in seg, octets, ref outcome);
            if (_phase is RecoveryPhase.Open && Snd.Una > _recoveryPoint) _recoveryPoint = Snd.Una - 1; // left behind, it would wrap
        }
        if (Has(ConnectionFlags.UrgentToSend) && Snd.Una >= Snd.Up) Clear(ConnectionFlags.UrgentToSend);
        if (FlightSize == 0)
        {
            _deadlines.Retransmit = Timestamp.Never;
            _deadlines.LossProbe = Timestamp.Never;
            Clear(ConnectionFlags.Persisting | ConnectionFlags.ReorderingTimer | ConnectionFlags.ProbeTail | ConnectionFlags.Resending);
            bool reduces = outcome.Congested || Has(ConnectionFlags.Reducing);
            if (_flight is { MayUndo: false, Probing: false } && !reduces) ReleaseFlight();
        }
        else
        {
            if (_flight is not { Count: > 0 } flight || !flight[0].Is(SentMarks.Sacked)) ArmRetransmit();
            ArmProbe();
        }
        ArmUserTimeout();
        SignalRoom();
        MakeReady();
    }

    private void TakeAcknowledged(in Segment seg, int octets, ref AckOutcome outcome)
    {
        outcome.Acknowledged = octets;
        if (_flight is not { } flight) return;
        (Timestamp first, Timestamp last) = (outcome.FirstSent, outcome.LastSent);
        outcome.FirstSent = Timestamp.Never;
        flight.Acknowledge(seg.Ack, _recoveryPoint, MinimumRoundTrip, Now, ref outcome);
        if (outcome.FirstSent == Timestamp.Never) (outcome.FirstSent, outcome.LastSent) = (first, last);
    }

    private void SignalRoom()
    {
        if (SendText.Length == 0 && (!Has(ConnectionFlags.FinQueued) || FinAcknowledged))
        {
            if (Has(ConnectionFlags.WantsDrained)) Signal(TcpSignals.Drained);
            Clear(ConnectionFlags.WantsDrained);
        }
        if (!Has(ConnectionFlags.WantsWritable) || Has(ConnectionFlags.Starved)) return;
        if (SendSpace < Math.Min(Options.SendBuffer / 2, 65_536)) return;
        Clear(ConnectionFlags.WantsWritable);
        Signal(TcpSignals.Writable);
    }

    /// <summary>The runtime wants <see cref="TcpSignals.Drained"/> when all that was sent is acknowledged. True if it is already.</summary>
    public bool NotifyDrained()
    {
        bool finWaits = Has(ConnectionFlags.FinQueued) && !FinAcknowledged;
        if ((SendText.Length == 0 && !finWaits) || _state is TcpState.Closed or TcpState.TimeWait) return true;
        Set(ConnectionFlags.WantsDrained);
        return false;
    }

    /// <summary>
    /// A duplicate acknowledgment: with SACK one that brings news (RFC 6675 2), without one that changes nothing (RFC 5681 2).
    /// </summary>
    private void MaybeDuplicate(in Segment seg, ref AckOutcome outcome)
    {
        bool plain = FlightSize > 0 && seg.Len == 0 && seg.Wnd << Snd.Scale == Snd.Wnd && !Has(ConnectionFlags.Persisting);
        if (Racks)
        {
            outcome.Duplicate = plain;
            SampleRoundTrip(in seg, in outcome);
            AlertRack(in seg, ref outcome);
            if (outcome.Sacked > 0) ArmProbe();
            MakeReady();
            return;
        }
        outcome.Duplicate = FlightSize > 0 && (Has(ConnectionFlags.Sack) ? outcome.Sacked > 0 : plain);
        if (outcome.Dsack && Profile.Undo && _phase is not RecoveryPhase.Loss && TryUndoByDsack()) _phase = RecoveryPhase.Open;
        if (!outcome.Duplicate) return;
        NoteDuplicateAck(ref outcome);
        MakeReady();
    }

    /// <summary>
    /// SND.WND &lt;- SEG.WND, unsigned, in 32 bits (REC-1, MUST-1). The peer may shrink it below what is in flight (MUST-34).
    /// </summary>
    private void UpdateSendWindow(in Segment seg, bool scaled)
    {
        int before = Snd.Wnd;
        Snd.Wnd = seg.Wnd << (scaled ? Snd.Scale : 0);
        Snd.MaxWnd = Math.Max(Snd.MaxWnd, Snd.Wnd);
        Snd.Wl1 = seg.Seq;
        Snd.Wl2 = seg.Ack;
        if (Snd.Wnd == before) return;
        if (Has(ConnectionFlags.Persisting) && Snd.Wnd > before) WindowOpened();
        MakeReady();
    }

    /// <summary>The closed window opened: a probe's octet that was not taken goes out again at once, with what follows it.</summary>
    private void WindowOpened()
    {
        Clear(ConnectionFlags.Persisting | ConnectionFlags.ProbePending);
        _rtt.ResetBackOff(Profile);
        _retransmits = 0;
        _deadlines.Retransmit = Timestamp.Never;
        if (FlightSize == 0) return;
        ResendAll();
        ArmRetransmit();
    }

    /// <summary>RFC 6298 3 with Karn's rule: one timed segment a round trip, or the timestamps' echo after a retransmission.</summary>
    private void SampleRoundTrip(in Segment seg, in AckOutcome outcome)
    {
        bool unambiguous = outcome.LastSent != Timestamp.Never && !outcome.OfRetransmitted;
        if (unambiguous) NoteMinimum(Now - outcome.LastSent);
        if (Profile.RoundTripPerAck)
        {
            if (unambiguous) _rtt.Sample(Now - outcome.FirstSent, Profile, Snd.Una, Snd.Nxt);
            else if (outcome.Advances && Has(ConnectionFlags.Timestamps) && seg.Options.Has(TcpOptionKinds.Timestamps))
                SampleEcho(seg.Options.TimestampEchoReply);
            return;
        }
        if (!outcome.Advances) return;
        if (Has(ConnectionFlags.Timing))
        {
            if (seg.Ack < _timedEnd) return;
            Clear(ConnectionFlags.Timing);
            _rtt.Sample(Now - _timedAt, Profile);
            return;
        }
        if (!Has(ConnectionFlags.Timestamps) || !seg.Options.Has(TcpOptionKinds.Timestamps)) return;
        SampleEcho(seg.Options.TimestampEchoReply);
    }

    /// <summary>
    /// An echo from the future, or older than what is outstanding, is no sample. Nor is one of before the last retransmission: the ACK of
    /// the original was lost, and what brought this one was the peer's own timer. Such a sample is as long as an RTO, and under heavy loss
    /// the RTO would feed on itself up to its maximum.
    /// </summary>
    private void SampleEcho(uint echo)
    {
        int milliseconds = (int)(TimestampNow - echo);
        Duration elapsed = Duration.FromMilliseconds(milliseconds);
        Timestamp earliest = Timestamp.Max(_progressAt, _timedAt);
        if (milliseconds < 0 || elapsed > Now - earliest + Duration.FromMilliseconds(1)) return;
        _rtt.Sample(Duration.Max(elapsed, Duration.FromMilliseconds(1)), Profile);
    }

    private void SampleHandshake(in TcpOptions options)
    {
        _progressAt = Timestamp.Min(_progressAt, _timedAt);
        if (Has(ConnectionFlags.Timing) && !Has(ConnectionFlags.SynRetransmitted))
        {
            _rtt.Sample(Now - _timedAt, Profile);
            NoteMinimum(Now - _timedAt);
        }
        else if (Has(ConnectionFlags.Timestamps) && options.Has(TcpOptionKinds.Timestamps)) SampleEcho(options.TimestampEchoReply);
        if (!_rtt.HasSample && Has(ConnectionFlags.SynRetransmitted)) _rtt.AfterSynLoss(Profile); // RFC 6298 5.7
        _rtt.ResetBackOff(Profile);
        Clear(ConnectionFlags.Timing);
        _progressAt = Now;
    }

    /// <summary>
    /// The least round trip of late (RFC 8985 6.2 step 1), zero before the first sample, in whole microseconds.
    /// </summary>
    private Duration MinimumRoundTrip =>
        _minimumRoundTrip == uint.MaxValue ? Duration.Zero : Duration.FromMicroseconds(_minimumRoundTrip);

    private void NoteMinimum(Duration sample)
    {
        uint microseconds = (uint)Math.Clamp(sample.Nanoseconds / 1_000, 0, uint.MaxValue - 1);
        uint second = (uint)(Now.Nanoseconds / 1_000_000_000);
        if (microseconds > _minimumRoundTrip && second - _minimumRoundTripAt <= MinimumLife) return;
        _minimumRoundTrip = microseconds;
        _minimumRoundTripAt = second;
    }

    private void StartCongestionControl()
    {
        // RFC 5681 3.1; Linux forgives the first loss.
        bool lost = _linux is null ? Has(ConnectionFlags.SynRetransmitted) : _totalRetransmits > 1;
        _congestion.Start(lost ? Snd.Mss : InitialWindow, Snd.Mss);
        ResetRecovery();
    }

    /// <summary>IW (RFC 6928 2).</summary>
    private int InitialWindow =>
        Math.Min(Profile.InitialWindowSegments * Snd.Mss, Math.Max(2 * Snd.Mss, Profile.InitialWindowSegments * 1460));

    /// <summary>RFC 5681 4.1: after an idle RTO the window says nothing about the path any more.</summary>
    private void RestartAfterIdle()
    {
        if (!Profile.SlowStartAfterIdle || !Has(ConnectionFlags.HasSent) || FlightSize > 0) return;
        if (Now - _lastSent <= _rtt.Rto) return;
        _congestion.RestartAfterIdle(_linux is null ? InitialWindow : DecayedWindow());
    }

    /// <summary>RFC 2861 3.2, as in Linux: half of cwnd for each idle RTO, not below the initial window.</summary>
    private int DecayedWindow()
    {
        int window = _congestion.Window / Snd.Mss;
        int least = Math.Min(InitialWindow / Snd.Mss, window);
        for (Duration idle = Now - _lastSent - _rtt.Rto; idle > Duration.Zero && window > least; idle -= _rtt.Rto) window /= 2;
        return Math.Max(window, least) * Snd.Mss;
    }

    /// <summary>Something new goes out though nothing was in flight.</summary>
    private void ResumeSending()
    {
        if (Has(ConnectionFlags.HasSent)) _congestion.Resume(Now, Now - _lastSent);
    }

    /// <summary>Eff.snd.MSS (MUST-16, RFC 6691): the options that every segment carries come off.</summary>
    private void UpdateSendMss()
    {
        int ip = Key.RemoteAddress.IsIpv4 ? IpHeader.Ipv4Length : IpHeader.Ipv6Length;
        int path = _stack.PathMtu(Key.RemoteAddress) - ip - TcpHeader.MinimumLength;
        if (_pathMss > 0) path = Math.Min(path, _pathMss);
        int mss = Math.Min(Snd.PeerMss, path);
        if (Options.MaximumSegmentSize > 0) mss = Math.Min(mss, Options.MaximumSegmentSize);
        if (Has(ConnectionFlags.Timestamps)) mss -= 12;
        Snd.Mss = Math.Max(mss, Math.Min(Profile.MinimumSendMss, Snd.PeerMss) - 12);
    }
}
