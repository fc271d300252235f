using Synfin.Simulation.Packets;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.PathElements;

/// <summary>
/// Joins a data segment with the next one of its connection if they are contiguous and fit one packet of the link, as proxies do. A segment
/// waits for the next one for a short time. Put one on each direction: it holds one segment at a time.
/// </summary>
/// <param name="hold">How long a segment waits; 1 ms if zero.</param>
public sealed class SegmentJoiner(Duration hold = default) : IPathElement
{
    private SimulatedPacket? _held;
    private IPathContext? _heldContext;

    /// <summary>Pairs joined.</summary>
    public long Joined { get; private set; }

    /// <inheritdoc/>
    public void Process(SimulatedPacket packet, IPathContext context)
    {
        ArgumentNullException.ThrowIfNull(packet);
        ArgumentNullException.ThrowIfNull(context);
        if (_held is { } held)
        {
            _held = null;
            if (_heldContext == context && TryJoin(held, packet, context.Mtu) is { } joined)
            {
                Joined++;
                context.Lose(packet, "joined with the one before");
                context.Forward(joined);
                return;
            }
            _heldContext!.Forward(held);
        }
        if (!CanHold(packet))
        {
            context.Forward(packet);
            return;
        }
        _held = packet;
        _heldContext = context;
        context.After(hold == Duration.Zero ? Duration.FromMilliseconds(1) : hold, Release);

        void Release()
        {
            if (_held != packet) return;
            _held = null;
            context.Forward(packet);
        }
    }

    private static bool CanHold(SimulatedPacket packet) =>
        TcpRewriter.TryRead(packet, out PacketView view) && packet.WireSegments == 1 && !view.Text.IsEmpty
        && (view.Flags & ~TcpFlags.Psh) == TcpFlags.Ack;

    private static SimulatedPacket? TryJoin(SimulatedPacket first, SimulatedPacket second, int mtu)
    {
        if (!TcpRewriter.TryRead(first, out PacketView a) || !TcpRewriter.TryRead(second, out PacketView b)) return null;
        const TcpFlags Joinable = TcpFlags.Ack | TcpFlags.Psh | TcpFlags.Fin;
        bool isNext = b.FromSender == a.FromSender && b.Seq == a.Seq + a.Text.Length && !b.Text.IsEmpty && (b.Flags & ~Joinable) == 0;
        if (!isNext || second.WireSegments != 1 || b.TextOffset + a.Text.Length + b.Text.Length > mtu) return null;

        // The later segment's header is the fresher one: its acknowledgment, window and timestamps hold for both.
        return TcpRewriter.WithText(first, in b, a.Seq, b.Flags, a.Text, b.Text);
    }
}
