using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>The receive sequence variables (RFC 9293 3.3.1) and what belongs to them.</summary>
internal struct ReceiveVariables
{
    /// <summary>RCV.NXT: the next number expected.</summary>
    public SequenceNumber Nxt;

    /// <summary>The right edge that we promised: RCV.NXT + RCV.WND at its largest. It never moves left (SHLD-14).</summary>
    public SequenceNumber Edge;

    /// <summary>RCV.UP: the end of the urgent data that the peer announced.</summary>
    public SequenceNumber Up;

    /// <summary>IRS: the peer's initial sequence number.</summary>
    public SequenceNumber Irs;

    /// <summary>The sequence number of the first octet that the application has not read.</summary>
    public SequenceNumber Read;

    /// <summary>The last acknowledgment number that we sent (Last.ACK.sent of RFC 7323 4.3).</summary>
    public SequenceNumber LastAck;

    /// <summary>The sequence number of the peer's FIN, once one was seen.</summary>
    public SequenceNumber Fin;

    /// <summary>The MSS that we announced.</summary>
    public ushort Mss;

    /// <summary>Rcv.Wind.Shift (RFC 7323 2.2).</summary>
    public byte Scale;

    /// <summary>RCV.WND: what may still arrive.</summary>
    public readonly int Wnd => Math.Max(0, Edge - Nxt);
}
