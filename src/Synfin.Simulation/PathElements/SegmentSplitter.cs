using Synfin.Simulation.Packets;
using Synfin.Wire;

namespace Synfin.Simulation.PathElements;

/// <summary>
/// Cuts data segments in two, as proxies and some drivers do. FIN and PSH go with the second half. SYN, urgent data and super-segments are
/// left whole.
/// </summary>
public sealed class SegmentSplitter : IPathElement
{
    /// <summary>Segments cut.</summary>
    public long Split { get; private set; }

    /// <inheritdoc/>
    public void Process(SimulatedPacket packet, IPathContext context)
    {
        ArgumentNullException.ThrowIfNull(packet);
        ArgumentNullException.ThrowIfNull(context);
        if (!TcpRewriter.TryRead(packet, out PacketView view) || !CanSplit(packet, in view))
        {
            context.Forward(packet);
            return;
        }
        Split++;
        int half = view.Text.Length / 2;
        TcpFlags first = view.Flags & ~(TcpFlags.Fin | TcpFlags.Psh);
        TcpFlags second = view.Flags & ~TcpFlags.Cwr;
        context.Forward(TcpRewriter.WithText(packet, in view, view.Seq, first, view.Text[..half]));
        context.Forward(TcpRewriter.WithText(packet, in view, view.Seq + half, second, view.Text[half..]));
    }

    private static bool CanSplit(SimulatedPacket packet, in PacketView view) =>
        view.Text.Length >= 2 && packet.WireSegments == 1 && !view.Has(TcpFlags.Syn) && !view.Has(TcpFlags.Rst) && !view.Has(TcpFlags.Urg);
}
