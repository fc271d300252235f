using Synfin.Stack;
using Synfin.Tcp.CongestionControl;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// Loss recovery, as far as it is the same for all: the scoreboard, how fast recovery and the time after an RTO begin and end. What is
/// lost, duplicate ACKs say (<see cref="NoteDuplicateAck"/>: RFC 6675, RFC 6582) or time does (<see cref="AlertRack"/>: RFC 8985).
/// </summary>
public sealed partial class TcpConnection
{
    private Flight? _flight;
    private SequenceNumber _recoveryPoint;
    private long _octetsRetransmitted;
    private int _dsackDuplicates;
    private int _pathMss;

    /// <summary>Whether time tells what is lost: RACK needs SACK (RFC 8985 3).</summary>
    private bool Racks => Profile.LossDetection is LossDetection.Rack && Has(ConnectionFlags.Sack);

    /// <summary>So many ranges a peer's SACK blocks may split the flight into.</summary>
    private int SackLimit => _stack.Options.MaxSentRanges + _stack.Options.MaxSackRanges;

    /// <summary>And so many with those into which we split it ourselves.</summary>
    private int RangeLimit => 2 * SackLimit;

    private void ResetRecovery()
    {
        _phase = RecoveryPhase.Open;
        _recoveryPoint = Snd.Iss;
        ReleaseFlight();
    }

    private void ReleaseFlight()
    {
        if (_flight is null) return;
        _stack.ReturnFlight(_flight);
        _flight = null;
    }

    /// <summary>RFC 6675 4, pipe: what is believed to be in the network, in octets.</summary>
    private int Pipe() => _flight is null ? 0 : Math.Max(0, _flight.Pipe - _flight.DuplicateOctets);

    /// <summary>Takes the SACK blocks into the scoreboard (RFC 2018, RFC 2883).</summary>
    private void ProcessSack(in Segment seg, ref AckOutcome outcome)
    {
        if (!Has(ConnectionFlags.Sack) || seg.Options.SackCount == 0) return;
        SequenceNumber una = SequenceNumber.Max(Snd.Una, seg.Ack);
        for (int i = 0; i < seg.Options.SackCount; i++)
        {
            SackBlock block = seg.Options.SackBlocks[i];
            if (block.Length <= 0 || block.Right > Snd.Nxt) continue; // inverted, or of what was never sent
            if (i == 0 && IsDsack(in seg, block, una)) NoteDsack(block, ref outcome);
            if (block.Right <= una || block.Left < una || _flight is null) continue; // a DSACK, or an old block
            _flight.Sack(block, _recoveryPoint, MinimumRoundTrip, Now, SackLimit, ref outcome);
        }
    }

    private void NewlySent(SequenceNumber end, int segments)
    {
        if (_flight is null)
        {
            _flight = _stack.RentFlight();
            _flight.Reset(Snd.Una);
        }
        _flight.Append(end, segments, Now, Snd.Mss, _stack.Options.MaxSentRanges);
    }

    /// <summary>Something was sent again.</summary>
    private void SentAgain(in TransmitDecision sent, SequenceNumber end)
    {
        Flight flight = _flight!;
        SequenceNumber right = SequenceNumber.Min(end, Snd.Nxt);
        bool rescue = Has(ConnectionFlags.RescuePending);
        Clear(ConnectionFlags.RescuePending);
        if (rescue) Set(ConnectionFlags.Rescued);
        bool head = sent.Seq == Snd.Una;
        bool counts = !rescue && sent.Kind is Transmission.Retransmission && !Has(ConnectionFlags.ProbeTail);
        flight.SentAgain(sent.Seq, right, Now, counts, RangeLimit);
        _octetsRetransmitted += sent.Text;
        if (Has(ConnectionFlags.ProbeTail)) return; // a probe takes nothing for lost: it is no part of a recovery
        if (!flight.HasRetransmitTime)
        {
            flight.HasRetransmitTime = true;
            flight.RetransmitTime = TimestampNow;
        }
        int segments = SegmentsOf(end - sent.Seq);
        flight.UndoSegments = Math.Max(0, flight.UndoSegments) + segments;
        if (head && Racks && sent.Kind is Transmission.Retransmission) ArmRetransmit();
    }

    /// <summary>All that is in flight goes again though nothing tells of a loss: the window opened, or the path's MTU is smaller.</summary>
    private void ResendAll()
    {
        if (_flight is null) return;
        Set(ConnectionFlags.Resending);
        _flight.LoseAll(reneged: false, Timestamp.Never);
    }

    private void EndResending()
    {
        Clear(ConnectionFlags.Resending);
        _flight?.LoseNothing(nothingAgain: true);
    }

    /// <summary>What Linux calls the sender's state.</summary>
    private CongestionState CongestionState => _phase switch
    {
        RecoveryPhase.FastRecovery => CongestionState.Recovery,
        RecoveryPhase.Loss => CongestionState.Loss,
        RecoveryPhase.Open when Has(ConnectionFlags.Reducing) => CongestionState.Cwr,
        // A probe alone changes nothing until an ACK comes.
        RecoveryPhase.Open when _flight is { } f && (f.SackedOctets > 0 || f.DuplicateAcks > 0 || (f.AnySentAgain && !f.Probing)) =>
            CongestionState.Disorder,
        RecoveryPhase.Open => CongestionState.Open,
        _ => throw new UnreachableException(),
    };

    private int SegmentsOf(int octets) => Math.Max(1, (octets + Snd.Mss - 1) / Snd.Mss);

    /// <summary>Fast recovery begins.</summary>
    /// <param name="flightSize">FlightSize, without limited transmit.</param>
    /// <param name="outcome">The acknowledgment that told of the loss.</param>
    private void EnterRecovery(int flightSize, in AckOutcome outcome)
    {
        Flight flight = _flight!;
        _stack.Counters.FastRecoveries++;
        if (!ContinuesReducing())
        {
            NoteBeforeReduction();
            StartReduction(flightSize, in outcome);
            _recoveryPoint = Snd.Nxt;
        }
        _phase = RecoveryPhase.FastRecovery;
        AnnounceReduction();
        Clear(ConnectionFlags.Resending | ConnectionFlags.ProbeTail);
        flight.Probing = false;
        flight.ForwardRto = false;
        flight.Forward = ForwardStep.None;
        Clear(ConnectionFlags.Rescued);
        if (Profile.RateReduction is RateReduction.None) Set(ConnectionFlags.ForceRetransmit);
    }

    /// <summary>SND.UNA reached the recovery point: fast recovery ends.</summary>
    private void LeaveRecovery(bool undone)
    {
        _phase = RecoveryPhase.Open;
        if (undone) return;
        if (Profile.RateReduction is RateReduction.None) _congestion.LeaveRecovery(FlightSize, Snd.Mss);
        else _congestion.Window = _congestion.SlowStartThreshold; // RFC 9937 6
    }

    private void ReportAcknowledged(int octets, in AckOutcome outcome, bool afterTimeout)
    {
        if (outcome.Congested || Has(ConnectionFlags.Reducing)) return; // RFC 3168 6.1.2: such an ACK raises nothing
        Duration roundTrip = outcome.LastSent == Timestamp.Never || outcome.OfRetransmitted ? Duration.Zero : Now - outcome.LastSent;
        _congestion.Acknowledged(new AckSample(
            Now, octets, Snd.Mss, _rtt.Srtt, roundTrip, MinimumRoundTrip, IsWindowLimited, afterTimeout, Snd.Una, Snd.Nxt));
    }

    /// <summary>
    /// Whether cwnd is what limits the sender (RFC 7661): otherwise it must not grow. In slow start it may grow to twice what was in
    /// flight, as in Linux: otherwise a sender whose last burst fell just short of it would not be ready for the next one.
    /// </summary>
    private bool IsWindowLimited => Has(ConnectionFlags.WindowLimited)
        || (Profile.SlowStartToTwiceTheFlight && _flight is not null && _congestion.Window < _congestion.SlowStartThreshold
            && _congestion.Window < 2 * _flight.MostInFlight);

    /// <summary>Measures how much of cwnd is used.</summary>
    private void NoteWindowUse()
    {
        Flight flight = _flight!;
        int pipe = FlightSize;
        bool full = _congestion.Window - Pipe() < Snd.Mss;
        if (Profile.SlowStartToTwiceTheFlight)
        {
            if (Snd.Una < flight.UsageEnd && !full && (Has(ConnectionFlags.WindowLimited) || pipe <= flight.MostInFlight)) return;
            if (full) Set(ConnectionFlags.WindowLimited);
            else Clear(ConnectionFlags.WindowLimited);
            flight.MostInFlight = pipe;
            flight.UsageEnd = Snd.Nxt;
            return;
        }
        if (full) Set(ConnectionFlags.WindowLimited);
        else if (pipe < _congestion.Window / 2) Clear(ConnectionFlags.WindowLimited); // the application limits (RFC 7661)
    }

    /// <summary>RFC 5681 3.1, RFC 6675 5.1, RFC 8985 6.3: the timer expired.</summary>
    private void EnterLoss()
    {
        Flight flight = _flight!;
        bool first = (_phase is RecoveryPhase.Open && !Has(ConnectionFlags.Reducing)) || _recoveryPoint <= Snd.Una
            || (_phase is RecoveryPhase.Loss && _retransmits <= 1);
        bool fresh = _phase is RecoveryPhase.Open || _retransmits > 1;
        if (Profile.LossDetection is LossDetection.DupThresh) first = _retransmits <= 1;
        if (first) NoteBeforeReduction();
        if (Has(ConnectionFlags.Sack) && flight.SackedSegments >= InitialReordering && _phase is RecoveryPhase.Open)
            _reordering = (ushort)Math.Min((int)_reordering, InitialReordering);
        // With RACK what is sacked stays so, unless SND.UNA itself is: then the peer has reneged (RFC 2018 8).
        bool reneged = !Racks || flight[0].Is(SentMarks.Sacked);
        Timestamp recent = Racks ? Now - flight.RackRoundTrip : Timestamp.Never;
        flight.LoseAll(reneged, recent);
        _congestion.TimedOut(FlightSize, Snd.Mss, first);
        if (Racks) _congestion.Window = Pipe() + Snd.Mss;
        _phase = RecoveryPhase.Loss;
        _recoveryPoint = Snd.Nxt;
        flight.DuplicateOctets = 0;
        flight.DuplicateAcks = 0;
        flight.Probing = false;
        flight.Forward = ForwardStep.None;
        flight.ForwardRto = Profile.ForwardRto && fresh;
        _deadlines.LossProbe = Timestamp.Never;
        Clear(ConnectionFlags.Timing | ConnectionFlags.ProbeTail | ConnectionFlags.ReorderingTimer | ConnectionFlags.Resending);
        Clear(ConnectionFlags.Reducing);
        AnnounceReduction();
        Set(ConnectionFlags.ForceRetransmit | ConnectionFlags.WindowLimited); // a window of one segment limits
    }
}
