using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>Writes TCP headers; see <see cref="TcpHeader"/> for the layout.</summary>
public static class TcpHeaderWriter
{
    /// <summary>Writes a header with its options. The checksum field is zero, and the text is the caller's to put behind it.</summary>
    /// <param name="destination">At least <see cref="TcpHeader.MinimumLength"/> and <see cref="TcpOptionWriter.Length"/> octets.</param>
    /// <param name="sourcePort">The sender's port.</param>
    /// <param name="destinationPort">The receiver's port.</param>
    /// <param name="seq">SEG.SEQ.</param>
    /// <param name="ack">SEG.ACK.</param>
    /// <param name="flags">The control bits.</param>
    /// <param name="wnd">SEG.WND, shifted already.</param>
    /// <param name="up">SEG.UP.</param>
    /// <param name="options">The options; that MSS, scale and SACK permitted go in a SYN only (MUST-65) is the caller's to see to.</param>
    /// <param name="layout">The options' order and padding.</param>
    /// <returns>The octets of the header.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static int Write(
        Span<byte> destination,
        ushort sourcePort,
        ushort destinationPort,
        SequenceNumber seq,
        SequenceNumber ack,
        TcpFlags flags,
        ushort wnd,
        ushort up,
        in TcpOptions options,
        TcpOptionLayout layout = TcpOptionLayout.Linux)
    {
        int length = TcpHeader.MinimumLength;
        Span<byte> behind = destination[TcpHeader.MinimumLength..];
        if (options.Present != TcpOptionKinds.None) length += TcpOptionWriter.Write(behind, in options, layout);
        Debug.Assert(length % 4 == 0 && length <= TcpHeader.MaximumLength, "the data offset counts words");
        BinaryPrimitives.WriteUInt16BigEndian(destination, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], destinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], seq.Value);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], ack.Value);
        BinaryPrimitives.WriteUInt16BigEndian(destination[12..], (ushort)(length / 4 << 12 | (int)flags & TcpHeader.FlagMask));
        BinaryPrimitives.WriteUInt16BigEndian(destination[14..], wnd);
        BinaryPrimitives.WriteUInt16BigEndian(destination[16..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(destination[18..], up);
        return length;
    }

    /// <summary>Computes the checksum of a whole segment and puts it in its place (MUST-2). Whatever the field held is ignored.</summary>
    /// <exception cref="ArgumentException"><paramref name="segment"/> is shorter than a header.</exception>
    public static void WriteChecksum(Span<byte> segment, InternetAddress source, InternetAddress destination)
    {
        Span<byte> field = segment.Slice(TcpHeader.ChecksumOffset, sizeof(ushort));
        field.Clear();
        ulong sum = InternetChecksum.PseudoHeader(source, destination, IpProtocol.Tcp, segment.Length);
        BinaryPrimitives.WriteUInt16BigEndian(field, InternetChecksum.Finish(InternetChecksum.Sum(segment, sum)));
    }
}
