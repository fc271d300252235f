using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>A half-open connection in SYN-RECEIVED: a SYN came, our SYN,ACK went out, the ACK is due (RFC 4987 3.5).</summary>
internal struct SynEntry : ISlabEntry
{
    /// <summary>The value of <see cref="WindowScale"/> if the SYN had no such option.</summary>
    public const byte NoWindowScale = 255;

    /// <summary>The connection's name; does not change while the entry is in the queue.</summary>
    public FourTuple Tuple;

    /// <summary>When the SYN,ACK is due again; set by <see cref="SynQueue.Schedule"/>.</summary>
    public Timestamp Deadline { get; internal set; }

    /// <summary>When an invalid segment was last answered (RFC 5961 7).</summary>
    public Timestamp LastChallenge;

    /// <summary>The listener that the SYN was for, as a number that its owner chose.</summary>
    public int ListenerId;

    /// <summary>The peer's initial sequence number.</summary>
    public SequenceNumber Irs;

    /// <summary>Ours.</summary>
    public SequenceNumber Iss;

    /// <summary>TSval of the SYN.</summary>
    public uint TsRecent;

    /// <summary>The offset of our timestamps.</summary>
    public uint TsOffset;

    /// <summary>SEG.WND of the SYN, which is never scaled.</summary>
    public ushort SndWnd;

    /// <summary>RCV.WND of our SYN,ACK, which is never scaled.</summary>
    public ushort RcvWnd;

    /// <summary>The MSS option of the SYN, or the default if there was none.</summary>
    public ushort Mss;

    /// <summary>The window scale of the SYN, or <see cref="NoWindowScale"/>.</summary>
    public byte WindowScale;

    /// <summary>What else is to be known.</summary>
    public SynEntryFlags Flags;

    /// <summary>How often the SYN,ACK was sent again, 0 to <see cref="SynQueue.MaxRetries"/>.</summary>
    public byte Retries;

    /// <summary>The FIFO that it stands in, plus one; 0 if it stands in none.</summary>
    internal byte Level;

    /// <inheritdoc/>
    int ISlabEntry.NextInBucket { get; set; }

    /// <inheritdoc/>
    int ISlabEntry.Earlier { get; set; }

    /// <inheritdoc/>
    int ISlabEntry.Later { get; set; }
}

/// <summary>What is to be known of a half-open connection.</summary>
[Flags]
internal enum SynEntryFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The SYN permits SACK (RFC 2018 2).</summary>
    SackPermitted = 1,

    /// <summary>The SYN had timestamps (RFC 7323 3.2).</summary>
    Timestamps = 2,

    /// <summary>The ACK was there, but the accept queue was full: the next ACK or the next time-out tries again.</summary>
    AckDeferred = 4,

    /// <summary>The SYN came again and was answered again: an ACK does not tell which answer it is for (RFC 6298 3).</summary>
    AnsweredAgain = 8,

    /// <summary>ICMP said that the peer cannot be reached.</summary>
    Unreachable = 16,

    /// <summary>The SYN asked for ECN, and our SYN,ACK agrees (RFC 3168 6.1.1).</summary>
    Ecn = 32,
}
