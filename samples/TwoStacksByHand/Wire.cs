using Synfin.Captures.Ladders;
using Synfin.Stack;
using Synfin.Timers;

namespace TwoStacksByHand;

/// <summary>One way of a cable: what a stack sends is in the other one's hands 10 ms later, and in the ladder.</summary>
internal sealed class Wire(string from, string to, LadderRecorder ladder) : ILink
{
    private static readonly Duration s_delay = Duration.FromMilliseconds(10);

    private readonly Queue<(Timestamp Arrival, int Number, byte[] Packet)> _underWay = [];
    private Timestamp _now;

    public int Mtu => 1500;

    public LinkOffloads Offloads => LinkOffloads.None;

    public int MaxSuperSegment => 0;

    public Timestamp NextArrival => _underWay.TryPeek(out var first) ? first.Arrival : Timestamp.Never;

    public bool Transmit(in OutboundPacket packet)
    {
        byte[] octets = new byte[packet.Length]; // the packet is lent for the length of this call only
        packet.CopyTo(octets);
        _underWay.Enqueue((_now + s_delay, ladder.PacketSent(from, octets, _now), octets));
        return true;
    }

    public void Deliver(NetworkStack stack, Timestamp now)
    {
        _now = now;
        while (NextArrival <= now)
        {
            (_, int number, byte[] packet) = _underWay.Dequeue();
            ladder.PacketDelivered(number, to, now);
            stack.Input(packet, new ReceiveMetadata(), now);
        }
    }
}
