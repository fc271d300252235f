using Synfin.Simulation.Packets;
using Synfin.Wire;

namespace Synfin.Simulation.PathElements;

/// <summary>
/// Overwrites TCP options with NOP, as firewalls do. Put on one direction only, it makes the two ends disagree on what was agreed: with
/// <see cref="TcpOptionKinds.WindowScale"/> stripped from the SYN,ACK alone, for example, neither may scale (RFC 7323 2.2).
/// </summary>
/// <param name="kinds">Which options; <see cref="TcpOptionKinds.Unknown"/> means all kinds that Synfin does not know.</param>
/// <param name="onlySyn">Only in segments with SYN.</param>
public sealed class OptionStripper(TcpOptionKinds kinds, bool onlySyn = false) : IPathElement
{
    /// <summary>Segments altered.</summary>
    public long Altered { get; private set; }

    /// <inheritdoc/>
    public void Process(SimulatedPacket packet, IPathContext context)
    {
        ArgumentNullException.ThrowIfNull(packet);
        ArgumentNullException.ThrowIfNull(context);
        SimulatedPacket result = TcpRewriter.EditOptions(packet, Strip);
        if (result != packet) Altered++;
        context.Forward(result);
    }

    private bool Strip(in PacketView segment, Span<byte> options)
    {
        if (onlySyn && !segment.Has(TcpFlags.Syn)) return false;
        bool changed = false;
        int at = 0;
        while (TcpRewriter.TryNextOption(options, ref at, out Range option))
        {
            if ((KindOf(options[option][0]) & kinds) == 0) continue;
            options[option].Fill(TcpRewriter.NoOperation);
            changed = true;
        }
        return changed;
    }

    private static TcpOptionKinds KindOf(byte number) => number switch
    {
        2 => TcpOptionKinds.MaximumSegmentSize,
        3 => TcpOptionKinds.WindowScale,
        4 => TcpOptionKinds.SackPermitted,
        5 => TcpOptionKinds.Sack,
        8 => TcpOptionKinds.Timestamps,
        28 => TcpOptionKinds.UserTimeout,
        34 => TcpOptionKinds.FastOpen,
        172 or 174 => TcpOptionKinds.AccurateEcn,
        _ => TcpOptionKinds.Unknown,
    };
}
