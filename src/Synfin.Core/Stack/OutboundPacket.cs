using Synfin.Buffers;

namespace Synfin.Stack;

/// <summary>One IP packet on its way out: headers in scratch memory, text in the connection's pages.</summary>
public readonly ref struct OutboundPacket
{
    /// <summary>IP and TCP (or ICMP) headers, and for packets without pages all of the packet.</summary>
    public required ReadOnlySpan<byte> Header { get; init; }

    /// <summary>The text behind the headers.</summary>
    public TextSlices Text { get; init; }

    /// <summary>Where the IP payload starts in <see cref="Header"/>.</summary>
    public required int TransportOffset { get; init; }

    /// <summary>
    /// The most text a wire segment may carry, in octets; more text than this is a super-segment, which the link cuts (the header is the
    /// first segment's with the flags of the whole: FIN and PSH belong on the last).
    /// </summary>
    public int SegmentSize { get; init; }

    /// <summary>How many wire segments this stands for; at least 1.</summary>
    public required int WireSegments { get; init; }

    /// <summary>Whether the TCP checksum field holds only the folded pseudo-header sum, which the link completes.</summary>
    public bool ChecksumPartial { get; init; }

    /// <summary>The octets of the whole packet.</summary>
    public int Length => Header.Length + Text.Length;

    /// <summary>Writes the whole packet, as it is, to the start of <paramref name="destination"/> and returns its length.</summary>
    public int CopyTo(Span<byte> destination)
    {
        Header.CopyTo(destination);
        Text.CopyTo(destination[Header.Length..]);
        return Length;
    }
}
