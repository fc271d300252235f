using System.Buffers.Binary;
using System.Diagnostics;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Links;

/// <summary>
/// Puts a link without offloads behind the engine's super-segments: cuts them into wire segments and completes their checksums, while
/// copying. Each text octet is touched once.
/// </summary>
/// <remarks>The IPv4 identification is the same in all pieces: what is not to be fragmented needs no unique one (RFC 6864 4.1).</remarks>
/// <param name="sink">Takes the frames.</param>
public sealed class SoftwareSegmentation(IFrameSink sink) : ILink
{
    /// <summary>The most text in one super-segment, in octets.</summary>
    public const int MaxText = 65_536;

    /// <summary>The least text that a wire segment of a super-segment carries: the smallest MSS (48) less all option octets (40).</summary>
    public const int MinimumSegmentText = 8;

    /// <summary>The most frames that one packet can become.</summary>
    public const int MaxFrames = MaxText / MinimumSegmentText;

    /// <inheritdoc/>
    public int Mtu => sink.Mtu;

    /// <inheritdoc/>
    public LinkOffloads Offloads => LinkOffloads.TransmitChecksum | LinkOffloads.Segmentation;

    /// <inheritdoc/>
    public int MaxSuperSegment => MaxText;

    /// <inheritdoc/>
    public bool Transmit(in OutboundPacket packet)
    {
        Debug.Assert(packet.WireSegments >= 1);
        // All or nothing: the engine offers a refused packet again as a whole.
        if (!sink.HasRoom(packet.WireSegments)) return false;
        if (packet.WireSegments > 1) Cut(in packet);
        else if (packet.ChecksumPartial) SendWithChecksum(in packet);
        else SendAsItIs(in packet);
        return true;
    }

    private void SendAsItIs(in OutboundPacket packet)
    {
        Debug.Assert(packet.Length <= Mtu);
        packet.CopyTo(sink.GetFrame(packet.Length));
        sink.Commit();
    }

    /// <summary>The pseudo-header's sum stands in the checksum field, so it is part of what is summed.</summary>
    private void SendWithChecksum(in OutboundPacket packet)
    {
        Debug.Assert(packet.Length <= Mtu);
        ReadOnlySpan<byte> header = packet.Header;
        Span<byte> frame = sink.GetFrame(packet.Length);
        header.CopyTo(frame);
        ChecksumAccumulator checksum = new(InternetChecksum.Sum(header[packet.TransportOffset..]));
        int at = header.Length;
        foreach (ReadOnlySpan<byte> part in packet.Text)
        {
            checksum.CopyAndAdd(part, frame[at..]);
            at += part.Length;
        }
        BinaryPrimitives.WriteUInt16BigEndian(frame[(packet.TransportOffset + TcpHeader.ChecksumOffset)..], checksum.Finish());
        sink.Commit();
    }

    private void Cut(in OutboundPacket packet)
    {
        ReadOnlySpan<byte> header = packet.Header;
        Debug.Assert(header[0] >> 4 != 4 || header[9] == IpProtocol.Tcp, "only TCP is cut");
        SegmentTemplate template = new(header, ip: 0, packet.TransportOffset, IpProtocol.Tcp);
        int total = packet.Text.Length;
        int size = packet.SegmentSize;
        Debug.Assert(packet.WireSegments == (total + size - 1) / size);
        Debug.Assert(header.Length + size <= Mtu);
        for (int offset = 0; offset < total; offset += size)
        {
            int length = Math.Min(size, total - offset);
            Span<byte> frame = sink.GetFrame(header.Length + length);
            header.CopyTo(frame);
            template.Patch(frame, offset, isLast: offset + length == total);
            ChecksumAccumulator checksum = new(template.HeaderSum(frame, header.Length));
            int at = header.Length;
            foreach (ReadOnlySpan<byte> part in packet.Text.Slice(offset, length))
            {
                checksum.CopyAndAdd(part, frame[at..]);
                at += part.Length;
            }
            template.WriteChecksum(frame, checksum.Finish());
            sink.Commit();
        }
    }
}
