namespace Synfin.Stack;

/// <summary>What a link knows about a packet that it hands in.</summary>
/// <param name="ChecksumVerified">Whether the TCP or UDP checksum is known to be right (MUST-3: then this is the verification).</param>
/// <param name="WireSegments">How many wire segments were joined; 0 means 1.</param>
/// <param name="SegmentSize">The octets of text or data in each but the last of the joined segments; 0 if nothing was joined.</param>
public readonly record struct ReceiveMetadata(bool ChecksumVerified = false, int WireSegments = 0, int SegmentSize = 0);
