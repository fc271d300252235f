using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>
/// Reads a TCP header (RFC 9293 3.1, Figure 1):
/// <code>
///  0  source port | destination port
///  4  sequence number
///  8  acknowledgment number
/// 12  data offset (4 bits), reserved (3), AE CWR ECE URG ACK PSH RST SYN FIN | window
/// 16  checksum | urgent pointer
/// 20  options, to the data offset
/// </code>
/// </summary>
public static class TcpHeader
{
    /// <summary>The octets of a header without options.</summary>
    public const int MinimumLength = 20;

    /// <summary>The octets of a header with all the options that the data offset can span.</summary>
    public const int MaximumLength = 60;

    /// <summary>Where the checksum field starts.</summary>
    public const int ChecksumOffset = 16;

    /// <summary>The control bits that are defined; the other three of the twelve are reserved and ignored.</summary>
    internal const int FlagMask = 0x1FF;

    /// <summary>
    /// Fills ports, sequence numbers, flags, window, urgent pointer, options and text. The addresses and the count of wire segments are the
    /// caller's to set, and the checksum is the caller's to verify.
    /// </summary>
    /// <param name="tcp">The whole segment.</param>
    /// <param name="segment">Only to be used if the return value is <see cref="WireError.None"/>.</param>
    public static WireError TryParse(ReadOnlySpan<byte> tcp, ref Segment segment)
    {
        if (tcp.Length < MinimumLength) return WireError.TruncatedTcpHeader;
        int offset = (tcp[12] >> 4) * 4;
        if (offset < MinimumLength || offset > tcp.Length) return WireError.BadDataOffset;
        segment.SourcePort = BinaryPrimitives.ReadUInt16BigEndian(tcp);
        segment.DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(tcp[2..]);
        segment.Seq = new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]));
        segment.Ack = new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(tcp[8..]));
        segment.Flags = (TcpFlags)(BinaryPrimitives.ReadUInt16BigEndian(tcp[12..]) & FlagMask);
        segment.Wnd = BinaryPrimitives.ReadUInt16BigEndian(tcp[14..]);
        segment.Up = BinaryPrimitives.ReadUInt16BigEndian(tcp[18..]);
        segment.Text = tcp[offset..];
        return TcpOptionParser.Parse(tcp[MinimumLength..offset], ref segment.Options);
    }
}
