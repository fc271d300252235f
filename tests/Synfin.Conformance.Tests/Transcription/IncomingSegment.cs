namespace Synfin.Conformance.Tests.Transcription;

/// <summary>The variables of the current segment (RFC 9293 3.3.1).</summary>
/// <param name="Bits">The control bits.</param>
/// <param name="Seq">SEG.SEQ.</param>
/// <param name="Ack">SEG.ACK; 0 without the ACK bit.</param>
/// <param name="Text">Octets of text.</param>
/// <param name="Wnd">SEG.WND.</param>
/// <param name="Up">SEG.UP, as it stands in the header.</param>
/// <param name="TsVal">TSval of the Timestamps option (RFC 7323), or null if there is none.</param>
/// <param name="WindowSeq">SEG.SEQ as the window's update in the fifth step has it, if that is not the trimmed segment's.</param>
/// <param name="FinDoesNotCount">The FIN takes its number, but is not processed.</param>
public readonly record struct IncomingSegment(
    ControlBits Bits,
    uint Seq,
    uint Ack,
    int Text,
    uint Wnd,
    uint Up,
    uint? TsVal = null,
    uint? WindowSeq = null,
    bool FinDoesNotCount = false)
{
    /// <summary>SEG.LEN: "the amount of sequence number space occupied by a segment, including any controls".</summary>
    public uint Len => (uint)Text + (Has(ControlBits.Syn) ? 1u : 0) + (Has(ControlBits.Fin) ? 1u : 0);

    /// <summary>Whether the bit is set.</summary>
    public bool Has(ControlBits bit) => (Bits & bit) != 0;
}
