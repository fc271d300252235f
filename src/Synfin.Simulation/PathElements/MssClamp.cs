using System.Buffers.Binary;
using Synfin.Simulation.Packets;
using Synfin.Wire;

namespace Synfin.Simulation.PathElements;

/// <summary>Lowers the MSS option of SYNs that ask for more, as routers in front of tunnels do.</summary>
/// <param name="most">The largest MSS that passes, in octets.</param>
public sealed class MssClamp(ushort most) : IPathElement
{
    private const byte MssKind = 2;
    private const int MssLength = 4;

    /// <summary>SYNs altered.</summary>
    public long Altered { get; private set; }

    /// <inheritdoc/>
    public void Process(SimulatedPacket packet, IPathContext context)
    {
        ArgumentNullException.ThrowIfNull(packet);
        ArgumentNullException.ThrowIfNull(context);
        SimulatedPacket result = TcpRewriter.EditOptions(packet, Clamp);
        if (result != packet) Altered++;
        context.Forward(result);
    }

    private bool Clamp(in PacketView segment, Span<byte> options)
    {
        if (!segment.Has(TcpFlags.Syn)) return false;
        int at = 0;
        while (TcpRewriter.TryNextOption(options, ref at, out Range range))
        {
            Span<byte> option = options[range];
            if (option[0] != MssKind || option.Length != MssLength) continue;
            if (BinaryPrimitives.ReadUInt16BigEndian(option[2..]) <= most) return false;
            BinaryPrimitives.WriteUInt16BigEndian(option[2..], most);
            return true;
        }
        return false;
    }
}
