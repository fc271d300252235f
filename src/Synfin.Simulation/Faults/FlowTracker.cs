using Synfin.Simulation.Packets;
using Synfin.Wire;

namespace Synfin.Simulation.Faults;

/// <summary>
/// Follows all connections from the outside, so that rules can speak of streams, retransmissions and acknowledgments of FIN.
/// </summary>
internal sealed class FlowTracker
{
    private readonly Dictionary<FourTuple, Flow> _flows = [];

    /// <summary>Takes note of a segment, in the order in which hosts send.</summary>
    public FlowFacts Observe(in PacketView segment)
    {
        if (!segment.IsTcp) return FlowFacts.Unknown;
        FourTuple key = segment.FromSender;
        if (!_flows.TryGetValue(key, out Flow? flow))
        {
            if (!segment.Has(TcpFlags.Syn)) return FlowFacts.Unknown;
            _flows.Add(key, flow = new Flow());
        }
        _flows.TryGetValue(key.Reversed, out Flow? peer);

        bool isNewConnection = segment.Has(TcpFlags.Syn) && (!flow.IsStarted || segment.Seq != flow.Iss);
        if (isNewConnection) flow.Start(segment.Seq, isInitiator: !segment.Has(TcpFlags.Ack));

        FlowFacts facts = new(
            flow.OffsetOfText(segment),
            !isNewConnection && segment.Len > 0 && segment.Seq < flow.Max,
            peer is { FinEnd: { } finEnd } && segment.Has(TcpFlags.Ack) && segment.Ack == finEnd,
            flow.IsInitiator && segment.IsPureAck && segment.Seq == flow.Iss + 1 && peer is not null && segment.Ack == peer.Iss + 1);
        flow.Advance(segment);
        return facts;
    }

    /// <summary>One direction of a connection.</summary>
    private sealed class Flow
    {
        private long _maxOffset;

        public bool IsStarted { get; private set; }

        public bool IsInitiator { get; private set; }

        public SequenceNumber Iss { get; private set; }

        /// <summary>SND.MAX: the number after the last that was ever sent.</summary>
        public SequenceNumber Max { get; private set; }

        /// <summary>The number after the FIN.</summary>
        public SequenceNumber? FinEnd { get; private set; }

        public void Start(SequenceNumber iss, bool isInitiator)
        {
            IsStarted = true;
            IsInitiator = isInitiator;
            Iss = iss;
            Max = iss + 1;
            FinEnd = null;
            _maxOffset = 0;
        }

        public long OffsetOfText(in PacketView segment)
        {
            SequenceNumber first = segment.Has(TcpFlags.Syn) ? segment.Seq + 1 : segment.Seq;
            return _maxOffset + (first - Max);
        }

        public void Advance(in PacketView segment)
        {
            SequenceNumber end = segment.Seq + segment.Len;
            if (segment.Has(TcpFlags.Fin)) FinEnd = end;
            if (end <= Max) return;
            _maxOffset += end - Max;
            Max = end;
        }
    }
}
