using Synfin.Buffers;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>A copy of a packet that waits for its next hop's Ethernet address, with room for the Ethernet header in front.</summary>
internal sealed class WaitingPacket
{
    private byte[] _header = [];
    private int _headerLength;
    private int _transportOffset;
    private int _segmentSize;
    private int _wireSegments;
    private bool _checksumPartial;
    private int _textLength;

    /// <summary>The text in pages, so that the link sees it as it sees any connection's; the length is a power of two.</summary>
    public byte[]?[] Pages { get; private set; } = new byte[]?[1];

    /// <summary>The next one that waits for the same neighbour.</summary>
    public WaitingPacket? Next { get; set; }

    /// <summary>The octets that it counts for.</summary>
    public int Octets => _header.Length + PageCount * PagePool.PageSize;

    public int PageCount => PagesFor(_textLength);

    /// <summary>The IP packet, or as much of it as was in the packet's header.</summary>
    public ReadOnlySpan<byte> IpHeader => _header.AsSpan(EthernetHeader.Length, _headerLength);

    public static int PagesFor(int text) => (text + PagePool.PageSize - 1) >> PagePool.PageShift;

    /// <summary>Takes a copy of the packet.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="takePage">Gives a page.</param>
    public void Fill(in OutboundPacket packet, Func<byte[]> takePage)
    {
        _header = new byte[EthernetHeader.Length + packet.Header.Length];
        packet.Header.CopyTo(_header.AsSpan(EthernetHeader.Length));
        _headerLength = packet.Header.Length;
        _transportOffset = packet.TransportOffset;
        _segmentSize = packet.SegmentSize;
        _wireSegments = packet.WireSegments;
        _checksumPartial = packet.ChecksumPartial;
        _textLength = packet.Text.Length;
        int pages = PageCount;
        if (pages > Pages.Length) Pages = new byte[]?[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)pages)];
        for (int i = 0; i < pages; i++) Pages[i] = takePage();
        int at = 0;
        foreach (ReadOnlySpan<byte> part in packet.Text)
        {
            ReadOnlySpan<byte> rest = part;
            while (!rest.IsEmpty)
            {
                int inPage = at & (PagePool.PageSize - 1);
                int length = Math.Min(rest.Length, PagePool.PageSize - inPage);
                rest[..length].CopyTo(Pages[at >> PagePool.PageShift].AsSpan(inPage));
                rest = rest[length..];
                at += length;
            }
        }
    }

    /// <summary>Where it goes and where it comes from are known.</summary>
    public void Address(MacAddress destination, MacAddress source)
    {
        ushort type = _header[EthernetHeader.Length] >> 4 == 4 ? EtherType.Ipv4 : EtherType.Ipv6;
        new EthernetHeader(destination, source, type).WriteTo(_header);
    }

    /// <summary>The frame as the link wants it.</summary>
    public OutboundPacket Frame() => new()
    {
        Header = _header,
        Text = new TextSlices(null, Pages, head: 0, start: 0, _textLength),
        TransportOffset = EthernetHeader.Length + _transportOffset,
        SegmentSize = _segmentSize,
        WireSegments = _wireSegments,
        ChecksumPartial = _checksumPartial,
    };
}
