namespace Synfin.Stack;

/// <summary>What tells a sender that a segment is lost, beside the retransmission timer.</summary>
public enum LossDetection : byte
{
    /// <summary>Three duplicate ACKs, or their like in SACK blocks (RFC 5681 3.2, RFC 6675).</summary>
    DupThresh,

    /// <summary>Time: something that was sent later has arrived (RFC 8985). Without SACK it is <see cref="DupThresh"/>.</summary>
    Rack,
}
