using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>What goes out now.</summary>
internal enum Transmission : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>SYN or SYN,ACK.</summary>
    Synchronize,

    /// <summary>What was sent before.</summary>
    Retransmission,

    /// <summary>What was not sent before.</summary>
    New,

    /// <summary>One octet into a closed window, or a silly segment after long waiting.</summary>
    Probe,

    /// <summary>An empty segment before the window: does the peer still know us?</summary>
    KeepAlive,

    /// <summary>A pure ACK.</summary>
    Acknowledgment,
}

/// <summary>The answer to "what, if anything, goes out now?".</summary>
/// <param name="Kind">What.</param>
/// <param name="Seq">SEG.SEQ.</param>
/// <param name="Text">Octets of text.</param>
/// <param name="Fin">Whether FIN goes along.</param>
internal readonly record struct TransmitDecision(Transmission Kind, SequenceNumber Seq = default, int Text = 0, bool Fin = false);
