using Synfin.Stack;

namespace Synfin.Core.Tests.Engine;

/// <summary>A link without offloads that takes everything and keeps nothing.</summary>
internal sealed class CountingLink : ILink
{
    /// <summary>How many packets it took.</summary>
    public int Count { get; private set; }

    public int Mtu => 1_500;

    public LinkOffloads Offloads => LinkOffloads.None;

    public int MaxSuperSegment => 0;

    public bool Transmit(in OutboundPacket packet)
    {
        Count++;
        return true;
    }
}
