namespace Synfin.Captures.Ladders;

/// <summary>What can be told of a segment from those before it.</summary>
[Flags]
public enum LadderMarks : ushort
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>Its sender has no room at all (SEG.WND = 0).</summary>
    ZeroWindow = 1,

    /// <summary>Text sent into a closed window (RFC 9293 3.8.6.1).</summary>
    ZeroWindowProbe = 2,

    /// <summary>A segment just below SND.NXT that asks whether the peer is there (RFC 9293 3.8.4).</summary>
    KeepAlive = 4,

    /// <summary>Only the window is new, and it is larger; or a closed window opens.</summary>
    WindowUpdate = 8,

    /// <summary>Nothing is new, and the peer has text outstanding (RFC 5681 2).</summary>
    DuplicateAck = 16,

    /// <summary>An answer to a SYN or RST that was not believed (RFC 5961 3.2, 4.2).</summary>
    ChallengeAck = 32,

    /// <summary>Below what its sender had sent, yet never seen before: overtaken on the way.</summary>
    OutOfOrder = 64,

    /// <summary>The network delivered this packet before.</summary>
    Duplicate = 128,

    /// <summary>The receiver had acknowledged all of it before, and only acknowledges it again.</summary>
    ReceivedBefore = 256,
}
