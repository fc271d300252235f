using Synfin.Stack;

namespace Synfin.Core.Tests.Engine;

/// <summary>A link that keeps what it takes, as long as it has room.</summary>
internal sealed class RecordingLink : ILink
{
    public List<byte[]> Packets { get; } = [];

    public int Room { get; set; } = int.MaxValue;

    public int Mtu => 1500;

    public LinkOffloads Offloads { get; init; }

    public int MaxSuperSegment { get; init; }

    public bool Transmit(in OutboundPacket packet)
    {
        if (Room == 0) return false;
        Room--;
        byte[] copy = new byte[packet.Length];
        packet.CopyTo(copy);
        Packets.Add(copy);
        return true;
    }
}
