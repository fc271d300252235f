namespace Synfin.Stack;

/// <summary>What a link knows about a packet that it hands in.</summary>
/// <param name="ChecksumVerified">Whether the TCP or UDP checksum is known to be right (MUST-3: then this is the verification).</param>
/// <param name="WireSegments">How many wire segments were joined; 0 means 1.</param>
public readonly record struct ReceiveMetadata(bool ChecksumVerified = false, int WireSegments = 0);
