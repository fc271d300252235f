namespace Synfin.Stack;

/// <summary>What the engine sends through. The engine calls it only from <see cref="NetworkStack.Output"/>.</summary>
public interface ILink
{
    /// <summary>The largest IP packet in octets, 576 to 65,535.</summary>
    int Mtu { get; }

    /// <summary>What the link does for the engine.</summary>
    LinkOffloads Offloads { get; }

    /// <summary>The most TCP text in one super-segment, in octets; only used with <see cref="LinkOffloads.Segmentation"/>.</summary>
    int MaxSuperSegment { get; }

    /// <summary>Takes a packet. Its parts are borrowed until the call returns.</summary>
    /// <returns>False if the link is full: the engine keeps the packet's place and tries again at the next turn.</returns>
    bool Transmit(in OutboundPacket packet);
}
