using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>
/// What lies below IP on one interface of a host, without clock or descriptor. Its owner hands in frames and the time, and lets it send
/// in each turn, as with <see cref="NetworkStack"/>.
/// </summary>
public interface IIpInterface
{
    /// <summary>The largest IP packet in octets, 576 to 65,535.</summary>
    int Mtu { get; }

    /// <summary>What the link does for the engine.</summary>
    LinkOffloads Offloads { get; }

    /// <summary>The most TCP text in one super-segment, in octets.</summary>
    int MaxSuperSegment { get; }

    /// <summary>When <see cref="OnTime"/> has something to do; <see cref="Timestamp.Never"/> if nothing is pending.</summary>
    Timestamp NextDeadline { get; }

    /// <summary>Whether <see cref="Output"/> has something of its own to send.</summary>
    bool HasOutput { get; }

    /// <summary>A frame arrived. It is borrowed until the call returns; IP packets in it go on to the stack.</summary>
    void Input(ReadOnlySpan<byte> frame, ReceiveMetadata metadata, NetworkStack stack, Timestamp now);

    /// <summary>Sends an IP packet, or keeps it until the neighbour's link-layer address is known.</summary>
    /// <param name="packet">The packet, borrowed until the call returns.</param>
    /// <param name="nextHop">The neighbour that it goes to: the destination, or a gateway.</param>
    /// <param name="now">The time.</param>
    /// <returns>False if the link is full: the packet is offered again.</returns>
    bool Transmit(in OutboundPacket packet, InternetAddress nextHop, Timestamp now);

    /// <summary>Acts on deadlines that passed.</summary>
    void OnTime(Timestamp now);

    /// <summary>Sends what is its own: requests for and replies about neighbours, packets that waited for them.</summary>
    /// <returns>False if the link was full.</returns>
    bool Output(Timestamp now);
}
