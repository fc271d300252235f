namespace Synfin.Wire;

/// <summary>A block of octets that arrived (RFC 2018 3): [Left, Right).</summary>
/// <param name="Left">The first sequence number of the block.</param>
/// <param name="Right">The number after its last.</param>
public readonly record struct SackBlock(SequenceNumber Left, SequenceNumber Right)
{
    /// <summary>How many octets the block spans; negative if it is inverted.</summary>
    public int Length => Right - Left;
}
