using Synfin.Stack;
using Synfin.Tcp.CongestionControl;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// Loss recovery: RFC 6675 over the SACK scoreboard, RFC 6582 without SACK, and the time after an RTO, as one rule. All that is not sacked
/// below the loss edge is lost; what was retransmitted lies below the high-retransmitted mark. RACK-TLP (RFC 8985) will move the loss edge
/// by time, PRR (RFC 9937) will say how much goes out: neither changes this shape.
/// </summary>
public sealed partial class TcpConnection
{
    /// <summary>RFC 6675 2: DupThresh.</summary>
    private const int DuplicateThreshold = 3;

    private SequenceNumber _lossEdge;
    private SequenceNumber _entryEdge;
    private SequenceNumber _highRetransmitted;
    private SequenceNumber _recoveryPoint;

    /// <summary>Without SACK: the octets that duplicate ACKs say have left the network.</summary>
    private int _left;
    private int _duplicateAcks;
    private int _flightBeforeDuplicates;
    private int _pathMss;

    private void ResetRecovery()
    {
        _phase = RecoveryPhase.Open;
        _lossEdge = Snd.Una;
        _highRetransmitted = Snd.Una;
        _recoveryPoint = Snd.Iss;
        _left = 0;
        _duplicateAcks = 0;
    }

    /// <summary>RFC 6675 4, pipe: what is believed to be in the network, in octets.</summary>
    private int Pipe()
    {
        SequenceNumber lost = SequenceNumber.Max(_lossEdge, Snd.Una);
        int notLost = Snd.Nxt - lost - Sacked.OctetsAbove(lost);
        SequenceNumber again = SequenceNumber.Max(_highRetransmitted, Snd.Una);
        int retransmitted = again - Snd.Una - (Sacked.Octets - Sacked.OctetsAbove(again));
        return Math.Max(0, notLost + retransmitted - _left);
    }

    /// <summary>Takes the SACK blocks into the scoreboard. True if they say something new (RFC 2018, RFC 2883, RFC 6675 2).</summary>
    private bool ProcessSack(in Segment seg)
    {
        if (!Has(ConnectionFlags.Sack) || seg.Options.SackCount == 0) return false;
        bool news = false;
        SequenceNumber una = SequenceNumber.Max(Snd.Una, seg.Ack);
        for (int i = 0; i < seg.Options.SackCount; i++)
        {
            SackBlock block = seg.Options.SackBlocks[i];
            if (block.Length <= 0 || block.Right > Snd.Nxt) continue; // inverted, or of what was never sent
            if (block.Right <= una || block.Left < una) continue; // a DSACK, or an old block
            int before = Sacked.Octets;
            Sacked.TryAdd(block.Left, block.Right, _stack.Options.MaxSackRanges, out _);
            news |= Sacked.Octets > before;
        }
        return news;
    }

    private void NoteDuplicateAck()
    {
        if (_duplicateAcks++ == 0) _flightBeforeDuplicates = FlightSize;
        if (!Has(ConnectionFlags.Sack) && _phase is not RecoveryPhase.Loss) // after an RTO all is taken for lost: nothing can leave
            _left = Math.Min(_left + Snd.Mss, Math.Max(0, FlightSize - Snd.Mss)); // bounded: no inflation by spoofed ACKs
        if (_phase is RecoveryPhase.Open)
        {
            bool lost = _duplicateAcks >= DuplicateThreshold || SackedLossEdge() > Snd.Una;
            bool careful = Has(ConnectionFlags.Sack) || Snd.Una > _recoveryPoint; // RFC 6582 4.1
            if (lost && careful) EnterRecovery();
        }
        else
        {
            UpdateLossEdge();
        }
    }

    private void EnterRecovery()
    {
        _stack.Counters.FastRecoveries++;
        _congestion.EnterRecovery(_flightBeforeDuplicates, Snd.Mss); // without limited transmit (RFC 5681 3.2 (2))
        _phase = RecoveryPhase.FastRecovery;
        _recoveryPoint = Snd.Nxt;
        _highRetransmitted = Snd.Una;
        _entryEdge = SequenceNumber.Min(Snd.Una + Snd.Mss, Snd.Nxt);
        Clear(ConnectionFlags.Rescued);
        Set(ConnectionFlags.ForceRetransmit);
        UpdateLossEdge();
    }

    /// <summary>SND.UNA moved by so many octets.</summary>
    private void AdvanceRecovery(int octets)
    {
        _duplicateAcks = 0;
        _highRetransmitted = SequenceNumber.Max(_highRetransmitted, Snd.Una);
        RecoveryPhase before = _phase;
        if (_phase is not RecoveryPhase.Open && Snd.Una >= _recoveryPoint) _phase = RecoveryPhase.Open;
        switch (_phase)
        {
            case RecoveryPhase.Open:
                _left = 0;
                _lossEdge = Snd.Una;
                _highRetransmitted = Snd.Una;
                if (Snd.Una > _recoveryPoint) _recoveryPoint = Snd.Una - 1; // left behind, after 2^31 octets it would lie ahead
                if (before is RecoveryPhase.FastRecovery) _congestion.LeaveRecovery(FlightSize, Snd.Mss);
                else ReportAcknowledged(octets, afterTimeout: before is RecoveryPhase.Loss);
                break;
            case RecoveryPhase.FastRecovery:
                _left = Math.Max(0, _left - Math.Max(0, octets - Snd.Mss));
                if (!Has(ConnectionFlags.Sack))
                {
                    // A partial ACK: the next segment is lost too (RFC 6582 3.2 (3)).
                    _entryEdge = SequenceNumber.Min(Snd.Una + Snd.Mss, Snd.Nxt);
                    _highRetransmitted = Snd.Una;
                    Set(ConnectionFlags.ForceRetransmit);
                }
                UpdateLossEdge();
                break;
            case RecoveryPhase.Loss:
                _left = 0;
                ReportAcknowledged(octets, afterTimeout: true);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void ReportAcknowledged(int octets, bool afterTimeout) => _congestion.Acknowledged(new AckSample(
        Now, octets, Snd.Mss, _rtt.Srtt, Has(ConnectionFlags.WindowLimited), afterTimeout));

    private void UpdateLossEdge()
    {
        _lossEdge = _phase switch
        {
            RecoveryPhase.Open => Snd.Una,
            RecoveryPhase.FastRecovery => SequenceNumber.Max(_entryEdge, SackedLossEdge()),
            RecoveryPhase.Loss => _recoveryPoint,
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>
    /// RFC 6675 4, IsLost, for all octets at once: below the result, three ranges or more than two segments' worth of octets are sacked
    /// above.
    /// </summary>
    private SequenceNumber SackedLossEdge()
    {
        int octets = 0;
        for (int i = Sacked.Count - 1; i >= 0; i--)
        {
            octets += Sacked[i].Length;
            if (Sacked.Count - i >= DuplicateThreshold || octets > (DuplicateThreshold - 1) * Snd.Mss) return Sacked[i].Left;
        }
        return Snd.Una;
    }

    /// <summary>RFC 5681 3.1 and RFC 6675 5.1: the timer expired, so all that is outstanding is taken for lost.</summary>
    private void EnterLoss()
    {
        _congestion.TimedOut(FlightSize, Snd.Mss, first: _retransmits <= 1);
        _phase = RecoveryPhase.Loss;
        Sacked.Clear(); // the peer may have reneged (RFC 2018 8)
        _recoveryPoint = Snd.Nxt;
        _lossEdge = Snd.Nxt;
        _highRetransmitted = Snd.Una;
        _left = 0;
        _duplicateAcks = 0;
        Clear(ConnectionFlags.Timing);
        Set(ConnectionFlags.ForceRetransmit | ConnectionFlags.WindowLimited); // a window of one segment limits
    }

    /// <summary>What is lost and was not sent again yet: the next part of it, or an empty block (RFC 6675 4, NextSeg (1)).</summary>
    private SackBlock NextLost()
    {
        SequenceNumber from = SequenceNumber.Max(_highRetransmitted, Snd.Una);
        SequenceNumber end = SequenceNumber.Min(_lossEdge, Snd.Nxt);
        return from >= end ? default : Sacked.FirstGap(from, end);
    }
}
