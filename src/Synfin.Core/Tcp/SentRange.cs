using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>What became of a range that was sent.</summary>
[Flags]
internal enum SentMarks : byte
{
    None = 0,

    /// <summary>The peer told by SACK that it has it (RFC 2018).</summary>
    Sacked = 1,

    /// <summary>It is taken for lost.</summary>
    Lost = 2,

    /// <summary>It was sent again, and that is believed to be in the network.</summary>
    Retransmitted = 4,

    /// <summary>It was ever sent again: what acknowledges it is ambiguous (Karn).</summary>
    SentAgain = 8,
}

/// <summary>One or more segments that were sent at one time and share their fate. It begins where the one before it ends.</summary>
internal struct SentRange
{
    /// <summary>The number after its last octet.</summary>
    public SequenceNumber Right;

    /// <summary>How many segments it was sent as.</summary>
    public ushort Segments;

    /// <summary>What became of it.</summary>
    public SentMarks Marks;

    /// <summary>When it was sent last.</summary>
    public Timestamp At;

    public readonly bool Is(SentMarks mark) => (Marks & mark) != 0;

    /// <summary>RFC 8985 6.2 step 2, RACK_sent_after: by time, at the same time by number.</summary>
    public static bool After(Timestamp at, SequenceNumber right, Timestamp otherAt, SequenceNumber otherRight) =>
        at > otherAt || (at == otherAt && right > otherRight);
}
