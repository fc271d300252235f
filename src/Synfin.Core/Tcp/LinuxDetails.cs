using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>What a connection remembers only in order to behave as Linux does in detail; other profiles do not pay for it.</summary>
internal sealed class LinuxDetails
{
    /// <summary>When text is acknowledged.</summary>
    public LinuxAcknowledgment Acknowledgment;

    /// <summary>Where PSH goes.</summary>
    public PushMarks Pushes;

    /// <summary>Where the bursts end that were handed to the link at once; each is sent again as one, as far as it may go.</summary>
    public PushMarks Bursts;

    /// <summary>Where the last burst begins.</summary>
    public SequenceNumber BurstStart;

    /// <summary>Where the last burst ends.</summary>
    public SequenceNumber BurstEnd;

    /// <summary>What was sent again last, if it goes on in the same burst, ends there.</summary>
    public SequenceNumber AgainEnd;

    /// <summary>How much of the free buffer is offered at most: it grows with what arrives (Linux's rcv_ssthresh), in octets.</summary>
    public int OfferLimit;

    /// <summary>ACKs sent at once for segments out of order since RCV.NXT last moved; after three of them they are compressed.</summary>
    public int DuplicatesSent;
}
