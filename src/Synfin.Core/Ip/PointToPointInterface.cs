using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>An interface with nothing between IP and the link, such as TUN: whatever is sent arrives at the one neighbour.</summary>
/// <param name="link">The link.</param>
public sealed class PointToPointInterface(ILink link) : IIpInterface
{
    /// <inheritdoc/>
    public int Mtu => link.Mtu;

    /// <inheritdoc/>
    public LinkOffloads Offloads => link.Offloads;

    /// <inheritdoc/>
    public int MaxSuperSegment => link.MaxSuperSegment;

    /// <inheritdoc/>
    public Timestamp NextDeadline => Timestamp.Never;

    /// <inheritdoc/>
    public bool HasOutput => false;

    /// <inheritdoc/>
    public void Input(ReadOnlySpan<byte> frame, ReceiveMetadata metadata, NetworkStack stack, Timestamp now) =>
        stack.Input(frame, metadata, now);

    /// <inheritdoc/>
    public bool Transmit(in OutboundPacket packet, InternetAddress nextHop, Timestamp now) => link.Transmit(in packet);

    /// <inheritdoc/>
    public void OnTime(Timestamp now)
    {
    }

    /// <inheritdoc/>
    public bool Output(Timestamp now) => true;
}
