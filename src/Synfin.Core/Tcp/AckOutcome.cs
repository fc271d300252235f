using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>What one acknowledgment told: gathered while its numbers are taken in, judged afterwards.</summary>
internal struct AckOutcome
{
    /// <summary>SND.UNA before it.</summary>
    public SequenceNumber Una;

    /// <summary>The right edge of the highest SACK block before it.</summary>
    public SequenceNumber Fack;

    /// <summary>Octets acknowledged for the first time by SEG.ACK.</summary>
    public int Acknowledged;

    /// <summary>Octets acknowledged for the first time by SACK blocks.</summary>
    public int Sacked;

    /// <summary>Octets delivered, of those that were not known to be (RFC 9937 6).</summary>
    public int Delivered;

    /// <summary>Octets that were found lost meanwhile.</summary>
    public int Lost;

    /// <summary>When the first and the last of the segments left that it acknowledges and that were sent once; or never.</summary>
    public Timestamp FirstSent;

    /// <inheritdoc cref="FirstSent"/>
    public Timestamp LastSent;

    /// <summary>Whether SEG.ACK acknowledges something that was sent again.</summary>
    public bool OfRetransmitted;

    /// <summary>Whether it tells of something sent once, before the recovery point (RFC 5682 3.1).</summary>
    public bool OfOriginal;

    /// <summary>Whether it is a duplicate in the sense of RFC 5681 2, or of RFC 6675 2 where SACK is used.</summary>
    public bool Duplicate;

    /// <summary>Whether it carries a DSACK (RFC 2883).</summary>
    public bool Dsack;

    /// <summary>Whether that DSACK is of a tail loss probe.</summary>
    public bool DsackOfProbe;

    /// <summary>Whether a retransmission was found lost.</summary>
    public bool RetransmissionLost;

    /// <summary>The lowest number of what arrived after something sent later; valid with <see cref="Late"/>.</summary>
    public SequenceNumber LateFrom;

    /// <summary>Whether something sent once arrived after something sent later.</summary>
    public bool Late;

    /// <summary>Whether it says that the network is congested (RFC 3168 6.1.2).</summary>
    public bool Congested;

    public readonly bool Advances => Acknowledged > 0;

    /// <summary>Notes an arrival of what was sent once.</summary>
    public void Arrived(SequenceNumber left, SequenceNumber right, Timestamp at, SequenceNumber recoveryPoint)
    {
        if (left < Fack && (!Late || left < LateFrom))
        {
            Late = true;
            LateFrom = left;
        }
        if (right <= recoveryPoint) OfOriginal = true;
        if (FirstSent == Timestamp.Never) FirstSent = at;
        LastSent = at;
    }
}
