using Synfin.Simulation.Packets;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.PathElements;

/// <summary>Every SYN,ACK arrives twice; the second must only be acknowledged again (RFC 5961 4).</summary>
/// <param name="after">How much later the second comes.</param>
public sealed class SynAckDuplicator(Duration after) : IPathElement
{
    /// <summary>SYN,ACKs duplicated.</summary>
    public long Duplicated { get; private set; }

    /// <inheritdoc/>
    public void Process(SimulatedPacket packet, IPathContext context)
    {
        ArgumentNullException.ThrowIfNull(packet);
        ArgumentNullException.ThrowIfNull(context);
        context.Forward(packet);
        if (!PacketView.TryParse(packet.Octets.Span, out PacketView view) || !view.IsTcp) return;
        if (!view.Has(TcpFlags.Syn) || !view.Has(TcpFlags.Ack)) return;
        Duplicated++;
        context.After(after, () => context.Forward(packet));
    }
}
