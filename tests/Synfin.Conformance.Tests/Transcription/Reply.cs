namespace Synfin.Conformance.Tests.Transcription;

/// <summary>A segment that is sent.</summary>
/// <param name="Bits">CTL.</param>
/// <param name="Seq">SEQ.</param>
/// <param name="Ack">ACK; 0 if CTL does not have it.</param>
/// <param name="Text">Octets of text.</param>
/// <param name="Wnd">The window; 0 in a RST.</param>
public readonly record struct Reply(ControlBits Bits, uint Seq, uint Ack, int Text, uint Wnd);
