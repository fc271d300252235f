using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>Makes the packet that was decided on and hands it to the link.</summary>
public sealed partial class TcpConnection
{
    private bool Transmit(in TransmitDecision decision, ILink link)
    {
        var options = default(TcpOptions);
        TcpFlags flags = FlagsOf(in decision);
        ushort window = decision.Kind is Transmission.Synchronize ? SynOptions(ref options) : CommonOptions(ref options);
        ushort urgent = 0;
        if (Has(ConnectionFlags.UrgentToSend) && decision.Kind is not Transmission.Synchronize && Snd.Up > decision.Seq)
        {
            flags |= TcpFlags.Urg;
            urgent = (ushort)Math.Min(Snd.Up - decision.Seq, ushort.MaxValue);
        }
        int segmentSize = CurrentMss;
        int wireSegments = decision.Text <= segmentSize ? 1 : (decision.Text + segmentSize - 1) / segmentSize;
        var outgoing = new OutgoingSegment
        {
            Tuple = Key,
            Seq = decision.Seq,
            Ack = (flags & TcpFlags.Ack) != 0 ? Rcv.Nxt : default,
            Flags = flags,
            Wnd = window,
            Up = urgent,
            Text = decision.Text == 0 ? default : SendText.Slice(decision.Seq - (SendTextEnd - SendText.Length), decision.Text),
            TrafficClass = (byte)(Options.Dscp << 2 | EcnFieldOf(in decision)),
            TimeToLive = Options.TimeToLive,
            SegmentSize = segmentSize,
            WireSegments = wireSegments,
            State = _state,
            Retransmission = decision.Kind is Transmission.Retransmission
                || (decision.Kind is Transmission.Probe && decision.Seq < Snd.Nxt)
                || (decision.Kind is Transmission.Synchronize && _retransmits > 0),
        };
        if (!_stack.TransmitSegment(link, in outgoing, in options)) return false;
        if ((flags & (TcpFlags.Cwr | TcpFlags.Syn)) == TcpFlags.Cwr) Clear(ConnectionFlags.CwrPending);
        _segmentsSent += wireSegments;
        if (outgoing.Retransmission)
        {
            _totalRetransmits += wireSegments;
            _stack.Counters.SegmentsRetransmitted += wireSegments;
        }
        if ((flags & TcpFlags.Ack) != 0) Acknowledged(decision.Kind is Transmission.Synchronize ? Rcv.Nxt + window : PromisedEdge(window));
        if (decision.Text > 0) _linux?.Acknowledgment.TextSent(Now);
        return true;
    }

    private TcpFlags FlagsOf(in TransmitDecision decision)
    {
        TcpFlags flags = _state is TcpState.SynSent ? TcpFlags.None : TcpFlags.Ack;
        if (decision.Kind is Transmission.Synchronize) flags |= TcpFlags.Syn;
        if (decision.Fin) flags |= TcpFlags.Fin;
        // MUST-61: the last of what was written
        if (decision.Text > 0 && IsPushed(in decision)) flags |= TcpFlags.Psh;
        return flags | EcnFlagsOf(in decision);
    }

    /// <summary>MUST-61: the last of what was written; <see cref="PushRule"/> tells which writes count.</summary>
    private bool IsPushed(in TransmitDecision decision)
    {
        SequenceNumber end = decision.Seq + decision.Text;
        if (_linux is not { } linux || Profile.PushRule is PushRule.LastQueued) return end == SendTextEnd;
        bool burst = decision.Kind switch
        {
            Transmission.New => EndsBurst(linux, decision.Seq, end),
            Transmission.Retransmission => EndsRepeatedBurst(linux, decision.Seq, end),
            _ => false,
        };
        return burst || linux.Pushes.Contains(end) || decision.Kind is Transmission.Probe;
    }

    /// <summary>What a SYN offers, a SYN,ACK only if the SYN offered it; the window of either is never scaled.</summary>
    private ushort SynOptions(ref TcpOptions options)
    {
        bool answer = _state is TcpState.SynReceived;
        options.SetMaximumSegmentSize(Rcv.Mss); // SHLD-5, MAY-3
        if (answer ? Has(ConnectionFlags.WindowScaling) : Profile.WindowScaling)
            options.SetWindowScale(Options.WindowScale(Profile.WindowRule));
        if (answer ? Has(ConnectionFlags.Sack) : Profile.Sack) options.Present |= TcpOptionKinds.SackPermitted;
        if (answer ? Has(ConnectionFlags.Timestamps) : Profile.Timestamps)
            options.SetTimestamps(TimestampNow, answer ? TimestampRecent : 0);
        if (_state is TcpState.SynSent && !Has(ConnectionFlags.SynRetransmitted) && _retransmits == 0)
        {
            Set(ConnectionFlags.Timing);
            _timedEnd = Snd.Iss + 1;
            _timedAt = Now;
        }
        if (answer) return (ushort)Rcv.Wnd; // text of a crossing SYN has taken its part
        return (ushort)ReceiveWindow.InSyn(Options.ReceiveBuffer, Rcv.Mss, Profile.WindowRule);
    }

    private ushort CommonOptions(ref TcpOptions options)
    {
        if (Has(ConnectionFlags.Timestamps)) options.SetTimestamps(TimestampNow, TimestampRecent);
        if (Has(ConnectionFlags.Sack) && (OutOfOrder.Count > 0 || Has(ConnectionFlags.DsackPending))) WriteSack(ref options);
        return WindowField();
    }

    /// <summary>The text of a full segment now: SACK blocks that must go along take room from it (RFC 6691).</summary>
    private int CurrentMss
    {
        get
        {
            int blocks = OutOfOrder.Count + (Has(ConnectionFlags.DsackPending) ? 1 : 0);
            return blocks == 0 || !Has(ConnectionFlags.Sack) ? Snd.Mss : Math.Max(1, Snd.Mss - 4 - 8 * Math.Min(blocks, MaxSackBlocks));
        }
    }

    private int MaxSackBlocks => Has(ConnectionFlags.Timestamps) ? TcpOptions.MaxSackBlocks - 1 : TcpOptions.MaxSackBlocks;

    /// <summary>An ACK went out: nothing is owed any more.</summary>
    private void Acknowledged(SequenceNumber edge)
    {
        _linux?.Acknowledgment.AckSent(wasOwed: Rcv.LastAck != Rcv.Nxt || Has(ConnectionFlags.AckNow));
        Clear(ConnectionFlags.AckNow | ConnectionFlags.DsackPending);
        if (_duplicatesOwed > 0 && --_duplicatesOwed > 0) Set(ConnectionFlags.AckNow);
        _unacknowledged = 0;
        _deadlines.DelayedAck = Timestamp.Never;
        Rcv.LastAck = Rcv.Nxt;
        Rcv.Edge = SequenceNumber.Max(Rcv.Edge, edge);
    }
}
