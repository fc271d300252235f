using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// Explicit congestion notification (RFC 3168, as updated by RFC 8311): how the ends agree on it, what new text and ACKs carry, and what
/// an ACK with ECE does to the window.
/// </summary>
public sealed partial class TcpConnection
{
    private const byte CongestionExperienced = 3;
    private const byte EctZero = 2;

    /// <summary>Linux: so many ACKs do not wait after the first CE, for the sender's window may be small.</summary>
    private const int QuickAcksOfCongestion = 2;

    /// <summary>
    /// Whether a SYN asks for ECN and we agree (RFC 3168 6.1.1). One with ECT, which SYNs must not have, came over a path that changes
    /// the bits, as in Linux; unless it comes from an end that knows better (RFC 9768 3.1.2: AE).
    /// </summary>
    internal static bool AgreesToEcn(TcpProfile profile, in Segment syn) => profile.Ecn is not EcnMode.Off
        && (syn.Flags & (TcpFlags.Ece | TcpFlags.Cwr)) == (TcpFlags.Ece | TcpFlags.Cwr) && (syn.Ecn == 0 || syn.Has(TcpFlags.Ae));

    /// <summary>A SYN,ACK agrees by ECE alone: with CWR it only sends back what it got (RFC 3168 6.1.1).</summary>
    private static bool AcceptsEcn(in Segment seg) => seg.Has(TcpFlags.Ece) && !seg.Has(TcpFlags.Cwr);

    /// <summary>Whether the SYN that goes out asks for ECN: not any more after so many were not answered (RFC 3168 6.1.1.1).</summary>
    private bool RequestsEcn => Profile.Ecn is EcnMode.Request && _retransmits <= Profile.EcnSynRetries;

    /// <summary>The answer to our SYN, or a SYN that crossed it.</summary>
    private void NegotiateEcn(in Segment seg)
    {
        bool asked = Profile.Ecn is EcnMode.Request && (RequestsEcn || Profile.EcnAfterFallback);
        bool agrees = seg.Has(TcpFlags.Ack) ? AcceptsEcn(in seg) : AgreesToEcn(Profile, in seg);
        if (!asked || !agrees) return;
        Set(ConnectionFlags.Ecn);
        if (_retransmits > 0) AnnounceReduction(); // the initial window is one segment then (RFC 5681 3.1); Linux says so, too
    }

    /// <summary>What a segment's flags say of congestion; nothing at all unless both ends agreed.</summary>
    private TcpFlags EcnFlagsOf(in TransmitDecision decision)
    {
        if (decision.Kind is Transmission.Synchronize)
        {
            if (_state is TcpState.SynSent) return RequestsEcn ? TcpFlags.Ece | TcpFlags.Cwr : TcpFlags.None;
            return Has(ConnectionFlags.Ecn) ? TcpFlags.Ece : TcpFlags.None;
        }
        TcpFlags flags = Has(ConnectionFlags.EcnEcho) ? TcpFlags.Ece : TcpFlags.None;
        return Has(ConnectionFlags.CwrPending) && EcnFieldOf(in decision) != 0 ? flags | TcpFlags.Cwr : flags;
    }

    /// <summary>
    /// ECT(0) on new text alone: a router's mark on something else might not be noticed (RFC 3168 6.1.1, 6.1.4 to 6.1.6).
    /// </summary>
    private byte EcnFieldOf(in TransmitDecision decision) =>
        Has(ConnectionFlags.Ecn) && decision is { Kind: Transmission.New, Text: > 0 } ? EctZero : (byte)0;

    /// <summary>
    /// RFC 3168 6.1.3: text that is taken, so inside the window (6.1.5), came through congestion. Linux has some ACKs not wait, now and
    /// when
    /// text comes without ECT, for that is a retransmission.
    /// </summary>
    private void NoteEcnField(in Segment seg)
    {
        if (!Has(ConnectionFlags.Ecn)) return;
        bool unusual = seg.Ecn == CongestionExperienced ? !Has(ConnectionFlags.EcnEcho) : seg.Ecn == 0 && Has(ConnectionFlags.EcnSeen);
        if (unusual) _linux?.Acknowledgment.BeQuickAtOnce(Rcv.Edge - Rcv.LastAck, QuickAcksOfCongestion);
        if (seg.Ecn != 0) Set(ConnectionFlags.EcnSeen);
        if (seg.Ecn == CongestionExperienced) Set(ConnectionFlags.EcnEcho);
    }

    /// <summary>RFC 3168 6.1.3: the peer knows. Its window may be a single segment, so it does not wait for the ACK, as in Linux.</summary>
    private void CongestionWindowWasReduced()
    {
        Clear(ConnectionFlags.EcnEcho);
        AcknowledgeNow();
    }

    private bool SaysCongested(in Segment seg) =>
        Has(ConnectionFlags.Ecn) && seg.Has(TcpFlags.Ece) && _flight is not null && FlightSize > 0;

    /// <summary>
    /// RFC 3168 6.1.2: ECE reduces the window as a loss does, once a round trip, and never below what ssthresh may be. In fast recovery or
    /// after a time-out it is reduced already, and for the window that was in flight then. How fast it shrinks, proportional rate
    /// reduction says (RFC 9937 4).
    /// </summary>
    private void Reduce(in AckOutcome outcome)
    {
        if (outcome.Congested)
        {
            KeepReduction();
            bool reduced = _phase is not RecoveryPhase.Open || Has(ConnectionFlags.Reducing) || Snd.Una <= _recoveryPoint;
            if (!reduced) StartReducing(in outcome);
        }
        if (Has(ConnectionFlags.Reducing)) ReduceProportionally(in outcome);
    }

    private void StartReducing(in AckOutcome outcome)
    {
        Flight flight = _flight!;
        flight.MayUndo = false;
        flight.Probing = false;
        StartReduction(FlightSize + outcome.Acknowledged, in outcome);
        _recoveryPoint = Snd.Nxt;
        Set(ConnectionFlags.Reducing);
        AnnounceReduction();
    }

    /// <summary>Something is acknowledged that left after the reduction, and CWR with it.</summary>
    private void EndReducing()
    {
        Clear(ConnectionFlags.Reducing);
        _congestion.Window = _congestion.SlowStartThreshold;
    }

    /// <summary>The next new text carries CWR, for whatever reason the window was reduced (RFC 3168 6.1.2).</summary>
    private void AnnounceReduction()
    {
        if (Has(ConnectionFlags.Ecn)) Set(ConnectionFlags.CwrPending);
    }

    /// <summary>Congestion was told of, so an undo of what was taken for a loss gives nothing back.</summary>
    private void KeepReduction()
    {
        if (_flight is not { } flight) return;
        flight.PriorWindow = 0;
        flight.PriorThreshold = 0;
    }

    /// <summary>A loss while ECE reduces the window: the same round trip is not punished twice (RFC 3168 6.1.2).</summary>
    private bool ContinuesReducing()
    {
        if (!Has(ConnectionFlags.Reducing)) return false;
        Clear(ConnectionFlags.Reducing);
        if (Snd.Una >= _recoveryPoint) return false;
        NoteBeforeReduction();
        KeepReduction();
        return true;
    }
}
