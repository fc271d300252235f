namespace Synfin.Oracle.Tests.Ends;

/// <summary>Where a segment lay when it was sent, in octets from the peer's ISN, and its ACK field from the host's.</summary>
/// <param name="Seq">SEG.SEQ.</param>
/// <param name="End">SEG.SEQ + SEG.LEN.</param>
/// <param name="Rcv">The host's RCV.NXT, as it told it.</param>
/// <param name="Edge">The right edge of its window, as it told it.</param>
/// <param name="Ack">SEG.ACK; 0 without ACK.</param>
internal sealed record Place(int Seq, int End, int Rcv, int Edge, int Ack);
