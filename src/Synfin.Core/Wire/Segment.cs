namespace Synfin.Wire;

/// <summary>
/// A TCP segment over borrowed octets, in the RFC's names (RFC 9293 3.3.1: SEG.SEQ, SEG.ACK, SEG.LEN, SEG.WND, SEG.UP). It never outlives
/// the call that it is handed to. A super-segment (several wire segments joined by an offload) is one value with a wire-segment count.
/// </summary>
public ref struct Segment
{
    /// <summary>The sender's address.</summary>
    public InternetAddress Source;

    /// <summary>The receiver's address.</summary>
    public InternetAddress Destination;

    /// <summary>The sender's port.</summary>
    public ushort SourcePort;

    /// <summary>The receiver's port.</summary>
    public ushort DestinationPort;

    /// <summary>SEG.SEQ.</summary>
    public SequenceNumber Seq;

    /// <summary>SEG.ACK; only meaningful with <see cref="TcpFlags.Ack"/>.</summary>
    public SequenceNumber Ack;

    /// <summary>SEG.WND as it stands on the wire, unsigned and not scaled (MUST-1).</summary>
    public ushort Wnd;

    /// <summary>SEG.UP; only meaningful with <see cref="TcpFlags.Urg"/>.</summary>
    public ushort Up;

    /// <summary>The control bits.</summary>
    public TcpFlags Flags;

    /// <summary>
    /// The ECN field of the packet's IP header, 0 to 3 (<see cref="IpHeader.Ecn"/>); an offload joins only what is alike in it.
    /// </summary>
    public byte Ecn;

    /// <summary>How many segments on the wire this one stands for; at least 1.</summary>
    public int WireSegments;

    /// <summary>The options.</summary>
    public TcpOptions Options;

    /// <summary>The octets of the stream.</summary>
    public ReadOnlySpan<byte> Text;

    /// <summary>Whether <paramref name="flag"/> is set.</summary>
    public readonly bool Has(TcpFlags flag) => (Flags & flag) != 0;

    /// <summary>SEG.LEN: the sequence space that the segment takes, SYN and FIN included.</summary>
    public readonly int Len => Text.Length + (Has(TcpFlags.Syn) ? 1 : 0) + (Has(TcpFlags.Fin) ? 1 : 0);

    /// <summary>The sequence number after the segment's last.</summary>
    public readonly SequenceNumber End => Seq + Len;

    /// <summary>The connection, seen from the receiver.</summary>
    public readonly FourTuple Tuple => new(Destination, DestinationPort, Source, SourcePort);
}
