using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>What a connection remembers only in order to behave as Linux does in detail; other profiles do not pay for it.</summary>
internal sealed class LinuxDetails
{
    /// <summary>When text is acknowledged.</summary>
    public LinuxAcknowledgment Acknowledgment;

    /// <summary>Where PSH goes.</summary>
    public PushMarks Pushes;

    /// <summary>Where the segments end that were handed to segmentation offload as one: its last carries PSH.</summary>
    public SequenceNumber BurstEnd;

    /// <summary>How many segments end there; of one alone nothing is marked.</summary>
    public int BurstSegments;

    /// <summary>How much of the free buffer is offered at most: it grows with what arrives (Linux's rcv_ssthresh), in octets.</summary>
    public int OfferLimit;

    /// <summary>ACKs sent at once for segments out of order since RCV.NXT last moved; after three of them they are compressed.</summary>
    public int DuplicatesSent;
}
