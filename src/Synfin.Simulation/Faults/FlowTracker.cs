using Synfin.Simulation.Packets;
using Synfin.Wire;

namespace Synfin.Simulation.Faults;

/// <summary>
/// Follows all connections from the outside, so that rules can speak of streams, retransmissions and acknowledgments of FIN.
/// </summary>
internal sealed class FlowTracker
{
    /// <summary>Flows up to which none is forgotten; beyond it, those that have ended are, the oldest first.</summary>
    private const int KeptFlows = 4_096;

    private readonly Dictionary<FourTuple, Flow> _flows = [];

    // Every flow once, in the order in which they came; those that go on are put at the end again.
    private readonly Queue<FourTuple> _order = new();

    /// <summary>Takes note of a segment, in the order in which hosts send.</summary>
    public FlowFacts Observe(in PacketView segment)
    {
        if (!segment.IsTcp) return FlowFacts.Unknown;
        FourTuple key = segment.FromSender;
        if (!_flows.TryGetValue(key, out Flow? flow))
        {
            if (!segment.Has(TcpFlags.Syn)) return FlowFacts.Unknown;
            flow = Add(key);
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
        if (segment.Has(TcpFlags.Rst) || (flow.FinEnd is not null && peer?.FinEnd is not null)) flow.End(peer);
        return facts;
    }

    private Flow Add(FourTuple key)
    {
        if (_flows.Count >= KeptFlows)
        {
            // Two for each that comes: so they become fewer again.
            for (int i = 0; i < 2; i++)
            {
                FourTuple oldest = _order.Dequeue();
                if (_flows[oldest].HasEnded) _flows.Remove(oldest);
                else _order.Enqueue(oldest);
            }
        }
        Flow flow = new();
        _flows.Add(key, flow);
        _order.Enqueue(key);
        return flow;
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

        /// <summary>Whether both FINs were sent, or a reset: what still comes is sent again.</summary>
        public bool HasEnded { get; private set; }

        public void Start(SequenceNumber iss, bool isInitiator)
        {
            IsStarted = true;
            HasEnded = false;
            IsInitiator = isInitiator;
            Iss = iss;
            Max = iss + 1;
            FinEnd = null;
            _maxOffset = 0;
        }

        public void End(Flow? peer)
        {
            HasEnded = true;
            if (peer is not null) peer.HasEnded = true;
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
