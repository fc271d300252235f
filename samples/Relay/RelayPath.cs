using Synfin.Linux;
using Synfin.Simulation;
using Synfin.Stack;
using Synfin.Timers;

namespace Relay;

/// <summary>One direction of a relay: packets from one queue wait here until the wire delivers them to the other.</summary>
internal sealed class RelayPath(TunQueue from, TunQueue to, SimulatedLinkOptions options, DeterministicRandom random)
{
    /// <summary>The most packets on the wire: what a long delay could grow to is bounded by this alone.</summary>
    private const int MaxUnderWay = 65_536;

    private const int MaxSpares = 1_024;

    // The second part of the priority keeps the order of what arrives at the same time.
    private readonly PriorityQueue<(byte[] Octets, int Length), (long Time, long Order)> _underWay = new();
    private readonly Stack<byte[]> _spares = new();
    private readonly WireModel _wire = new(options, random);
    private long _order;

    /// <summary>What happened here so far.</summary>
    public LinkStatistics Statistics => _wire.Statistics;

    /// <summary>Packets that came, and packets that were delivered.</summary>
    public (long In, long Out) Packets { get; private set; }

    /// <summary>Whether the other device takes no more at present.</summary>
    public bool IsFull { get; private set; }

    /// <summary>When the next packet arrives.</summary>
    public Timestamp Next => _underWay.TryPeek(out _, out (long Time, long Order) next) ? new Timestamp(next.Time) : Timestamp.Never;

    /// <summary>Puts all that waits in the queue on the wire.</summary>
    public void Take(Timestamp now)
    {
        while (_underWay.Count < MaxUnderWay && from.TryRead(out ReadOnlySpan<byte> packet, out _))
        {
            Packets = (Packets.In + 1, Packets.Out);
            WirePassage passage = _wire.Send(packet.Length, now);
            if (passage.LostBecause is not null) continue;
            Schedule(packet, passage.Arrival);
            if (passage.ArrivesTwice) Schedule(packet, passage.Arrival);
        }
    }

    /// <summary>Delivers what is due.</summary>
    public void Deliver(Timestamp now)
    {
        IsFull = false;
        while (_underWay.TryPeek(out (byte[] Octets, int Length) packet, out (long Time, long Order) due) && due.Time <= now.Nanoseconds)
        {
            var whole = new OutboundPacket { Header = packet.Octets.AsSpan(0, packet.Length), TransportOffset = 0, WireSegments = 1 };
            IsFull = !to.Transmit(whole);
            if (IsFull) return;
            _underWay.Dequeue();
            Packets = (Packets.In, Packets.Out + 1);
            if (_spares.Count < MaxSpares) _spares.Push(packet.Octets);
        }
    }

    private void Schedule(ReadOnlySpan<byte> packet, Timestamp arrival)
    {
        bool fits = _spares.TryPop(out byte[]? spare) && spare.Length >= packet.Length;
        byte[] octets = fits ? spare! : new byte[Math.Max(2_048, packet.Length)];
        packet.CopyTo(octets);
        _underWay.Enqueue((octets, packet.Length), (arrival.Nanoseconds, _order++));
    }
}
