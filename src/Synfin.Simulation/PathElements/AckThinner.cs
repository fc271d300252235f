using Synfin.Simulation.Packets;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.PathElements;

/// <summary>
/// Lets only some pure ACKs through, as cable modems and wireless links do: of several that acknowledge more and more, only the newest.
/// A duplicate ACK, anything that is more than an ACK, and the end of a short wait let the held one go. Put one on each direction.
/// </summary>
/// <param name="oneOf">One of how many passes, at least 1.</param>
/// <param name="hold">The longest that an ACK is held; 5 ms if zero.</param>
public sealed class AckThinner(int oneOf, Duration hold = default) : IPathElement
{
    private SimulatedPacket? _held;
    private SequenceNumber _heldAck;
    private FourTuple _heldTuple;
    private int _swallowed;

    /// <summary>ACKs swallowed.</summary>
    public long Swallowed { get; private set; }

    /// <inheritdoc/>
    public void Process(SimulatedPacket packet, IPathContext context)
    {
        ArgumentNullException.ThrowIfNull(packet);
        ArgumentNullException.ThrowIfNull(context);
        if (!TcpRewriter.TryRead(packet, out PacketView view) || !view.IsPureAck)
        {
            Release(context);
            context.Forward(packet);
            return;
        }
        if (_held is { } held)
        {
            if (view.FromSender == _heldTuple && view.Ack > _heldAck)
            {
                context.Lose(held, "thinned");
                Swallowed++;
                _swallowed++;
            }
            else
            {
                Release(context);
            }
        }
        Hold(packet, in view);
        if (_swallowed >= oneOf - 1) Release(context);
        else context.After(hold == Duration.Zero ? Duration.FromMilliseconds(5) : hold, ReleaseIfStillHeld);

        void ReleaseIfStillHeld()
        {
            if (_held == packet) Release(context);
        }
    }

    private void Hold(SimulatedPacket packet, in PacketView view)
    {
        _held = packet;
        _heldAck = view.Ack;
        _heldTuple = view.FromSender;
    }

    private void Release(IPathContext context)
    {
        if (_held is not { } held) return;
        _held = null;
        _swallowed = 0;
        context.Forward(held);
    }
}
