using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>A segment's header, kept: the numbers are those of the wire.</summary>
public sealed class LadderSegment
{
    /// <summary>The sender's address.</summary>
    public required InternetAddress Source { get; init; }

    /// <summary>The sender's port.</summary>
    public required ushort SourcePort { get; init; }

    /// <summary>The receiver's address.</summary>
    public required InternetAddress Destination { get; init; }

    /// <summary>The receiver's port.</summary>
    public required ushort DestinationPort { get; init; }

    /// <summary>SEG.SEQ.</summary>
    public required SequenceNumber Seq { get; init; }

    /// <summary>SEG.ACK; only meaningful with <see cref="TcpFlags.Ack"/>.</summary>
    public SequenceNumber Ack { get; init; }

    /// <summary>The control bits.</summary>
    public required TcpFlags Flags { get; init; }

    /// <summary>SEG.WND, not scaled.</summary>
    public ushort Wnd { get; init; }

    /// <summary>SEG.UP; only meaningful with <see cref="TcpFlags.Urg"/>.</summary>
    public ushort Up { get; init; }

    /// <summary>Octets of text.</summary>
    public int TextLength { get; init; }

    /// <summary>The options.</summary>
    public TcpOptions Options { get; init; }

    /// <summary>SEG.LEN: the sequence space that the segment takes, SYN and FIN included.</summary>
    public int Len => TextLength + (Has(TcpFlags.Syn) ? 1 : 0) + (Has(TcpFlags.Fin) ? 1 : 0);

    /// <summary>The sequence number after the segment's last.</summary>
    public SequenceNumber End => Seq + Len;

    /// <summary>The connection, seen from the sender.</summary>
    public FourTuple Tuple => new(Source, SourcePort, Destination, DestinationPort);

    /// <summary>Whether <paramref name="flag"/> is set.</summary>
    public bool Has(TcpFlags flag) => (Flags & flag) != 0;
}
