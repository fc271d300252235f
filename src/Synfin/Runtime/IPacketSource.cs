using Synfin.Stack;

namespace Synfin.Runtime;

/// <summary>Where a shard's packets come from.</summary>
public interface IPacketSource
{
    /// <summary>Takes the next IP packet without waiting.</summary>
    /// <param name="packet">The packet, borrowed until the next call.</param>
    /// <param name="metadata">What the link knows about it.</param>
    /// <returns>False if there is none now.</returns>
    bool TryRead(out ReadOnlySpan<byte> packet, out ReceiveMetadata metadata);
}
