using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Synfin.Buffers;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Runtime.Tests;

/// <summary>Makes outbound packets octet by octet, as the engine would hand them to a link with offloads.</summary>
internal sealed class HandMadePacket
{
    private const int TcpHeaderLength = 32;

    public static readonly InternetAddress Source4 = InternetAddress.FromIpv4(192, 0, 2, 1);
    public static readonly InternetAddress Destination4 = InternetAddress.FromIpv4(198, 51, 100, 2);
    public static readonly InternetAddress Source6 = new(0x2001_0DB8_0000_0000, 1);
    public static readonly InternetAddress Destination6 = new(0x2001_0DB8_0000_FFFF, 0xFEDC_BA98_7654_3210);

    public bool Ipv6 { get; init; }

    public uint Seq { get; init; } = 1_000;

    public TcpFlags Flags { get; init; } = TcpFlags.Ack;

    public ushort UrgentPointer { get; init; }

    public int SegmentSize { get; init; } = 1_448;

    /// <summary>Where the text begins in its first page.</summary>
    public int PageOffset { get; init; }

    public int TextLength { get; init; }

    public int TransportOffset => Ipv6 ? 40 : 20;

    /// <summary>Octet i of the text.</summary>
    public static byte TextAt(int i) => (byte)((i * 7) ^ (i >> 8));

    public int WireSegments => Math.Max(1, (TextLength + SegmentSize - 1) / SegmentSize);

    public byte[] Header()
    {
        byte[] header = new byte[TransportOffset + TcpHeaderLength];
        if (Ipv6) WriteIpv6(header);
        else WriteIpv4(header);
        Span<byte> tcp = header.AsSpan(TransportOffset);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, 443);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], 50_000);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], Seq);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], 0xABCD_EF01);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[12..], (ushort)((TcpHeaderLength / 4 << 12) | (int)Flags));
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 502);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[18..], UrgentPointer);
        ReadOnlySpan<byte> timestamps = [1, 1, 8, 10, 0, 0, 0x12, 0x34, 0, 0, 0x56, 0x78];
        timestamps.CopyTo(tcp[20..]);
        long pseudoHeader = PlainChecksum.PseudoHeader(header, TcpHeaderLength + TextLength);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], PlainChecksum.Fold(pseudoHeader));
        return header;
    }

    public OutboundPacket Packet() => new()
    {
        Header = Header(),
        Text = Text(),
        TransportOffset = TransportOffset,
        SegmentSize = SegmentSize,
        WireSegments = WireSegments,
        ChecksumPartial = true,
    };

    private void WriteIpv4(Span<byte> ip)
    {
        ip[0] = 0x45;
        ip[1] = 0x28;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)Math.Min(ushort.MaxValue, 20 + TcpHeaderLength + TextLength));
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], 0x1D1D);
        ip[6] = 0x40;
        ip[8] = 64;
        ip[9] = 6;
        Source4.WriteTo(ip[12..]);
        Destination4.WriteTo(ip[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], (ushort)~PlainChecksum.Fold(PlainChecksum.Sum(ip[..20])));
    }

    private void WriteIpv6(Span<byte> ip)
    {
        ip[0] = 0x60;
        ip[1] = 0x12;
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(TcpHeaderLength + TextLength));
        ip[6] = 6;
        ip[7] = 64;
        Source6.WriteTo(ip[8..]);
        Destination6.WriteTo(ip[24..]);
    }

    private TextSlices Text()
    {
        if (TextLength == 0) return default;
        byte[]?[] ring = new byte[32][];
        // The ring is entered near its end, so that it wraps.
        const int Head = 30;
        for (int i = 0; i < TextLength; i++)
        {
            int position = PageOffset + i;
            byte[] page = ring[(Head + (position >> PagePool.PageShift)) & 31] ??= new byte[PagePool.PageSize];
            page[position & (PagePool.PageSize - 1)] = TextAt(i);
        }
        return NewSlices(null, ring, Head, PageOffset, TextLength);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern TextSlices NewSlices(byte[]? single, byte[]?[]? ring, int head, int start, int length);
}
