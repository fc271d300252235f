namespace Synfin.Captures.Ladders;

/// <summary>How a connection went.</summary>
public enum LadderVerdictKind : byte
{
    /// <summary>Open at the end of the recording.</summary>
    StillOpen,

    /// <summary>One side closed, the other has not.</summary>
    HalfClosed,

    /// <summary>Both sides sent FIN, but not both FINs are known to be acknowledged.</summary>
    Closing,

    /// <summary>Both sides closed, one after the other.</summary>
    OrderlyClose,

    /// <summary>Both sides closed, and their FINs crossed.</summary>
    SimultaneousClose,

    /// <summary>RST in answer to SYN.</summary>
    Refused,

    /// <summary>SYN was never answered.</summary>
    NoAnswer,

    /// <summary>SYN,ACK was never answered.</summary>
    HandshakeIncomplete,

    /// <summary>RST.</summary>
    Reset,

    /// <summary>RST because an application asked for it.</summary>
    Aborted,

    /// <summary>One side gave up: retransmissions or probes went unanswered.</summary>
    TimedOut,

    /// <summary>ICMP ended it before it was open.</summary>
    Unreachable,
}
