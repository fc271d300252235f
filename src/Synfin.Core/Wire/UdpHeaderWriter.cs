using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>Writes UDP headers; see <see cref="UdpHeader"/> for the layout.</summary>
public static class UdpHeaderWriter
{
    /// <summary>The most data that a length field of 16 bits can count, in octets.</summary>
    public const int MaxData = ushort.MaxValue - UdpHeader.HeaderLength;

    /// <summary>Writes a header. The checksum field is zero, and the data is the caller's to put behind it.</summary>
    /// <param name="destination">At least <see cref="UdpHeader.HeaderLength"/> octets.</param>
    /// <param name="sourcePort">The sender's port.</param>
    /// <param name="destinationPort">The receiver's port.</param>
    /// <param name="dataLength">The octets behind the header, 0 to <see cref="MaxData"/>.</param>
    /// <returns>The octets of the header: 8.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dataLength"/> does not fit the length field.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static int Write(Span<byte> destination, ushort sourcePort, ushort destinationPort, int dataLength)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)dataLength, (uint)MaxData, nameof(dataLength));
        Span<byte> header = destination[..UdpHeader.HeaderLength];
        BinaryPrimitives.WriteUInt16BigEndian(header, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)(UdpHeader.HeaderLength + dataLength));
        BinaryPrimitives.WriteUInt16BigEndian(header[UdpHeader.ChecksumOffset..], 0);
        return UdpHeader.HeaderLength;
    }

    /// <summary>Computes the checksum of a whole datagram and puts it in its place. Whatever the field held is ignored.</summary>
    /// <exception cref="ArgumentException"><paramref name="datagram"/> is shorter than a header.</exception>
    public static void WriteChecksum(Span<byte> datagram, InternetAddress source, InternetAddress destination)
    {
        datagram.Slice(UdpHeader.ChecksumOffset, sizeof(ushort)).Clear();
        var checksum = new ChecksumAccumulator(InternetChecksum.PseudoHeader(source, destination, IpProtocol.Udp, datagram.Length));
        checksum.Add(datagram);
        WriteChecksum(datagram, in checksum);
    }

    /// <summary>A sum that comes out as zero is sent as all ones, which is the same number: zero means "none" (RFC 768).</summary>
    internal static void WriteChecksum(Span<byte> header, in ChecksumAccumulator sum)
    {
        ushort checksum = sum.Finish();
        if (checksum == 0) checksum = ushort.MaxValue;
        BinaryPrimitives.WriteUInt16BigEndian(header[UdpHeader.ChecksumOffset..], checksum);
    }
}
