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

    private const byte Tcp = 6;

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
        BinaryPrimitives.WriteUInt16BigEndian(frame[(packet.TransportOffset + TcpField.Checksum)..], checksum.Finish());
        sink.Commit();
    }

    private void Cut(in OutboundPacket packet)
    {
        ReadOnlySpan<byte> header = packet.Header;
        Template template = new(header, packet.TransportOffset);
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
            BinaryPrimitives.WriteUInt16BigEndian(frame[(packet.TransportOffset + TcpField.Checksum)..], checksum.Finish());
            sink.Commit();
        }
    }

    /// <summary>Offsets in a TCP header (RFC 9293 3.1).</summary>
    private static class TcpField
    {
        public const int Seq = 4;
        public const int Flags = 13;
        public const int Checksum = 16;
        public const int UrgentPointer = 18;
    }

    /// <summary>What the headers of a super-segment's pieces have in common, and how they differ.</summary>
    private readonly ref struct Template
    {
        private const int Ipv6HeaderLength = 40;

        private readonly int _transport;
        private readonly bool _isIpv4;
        private readonly uint _seq;
        private readonly byte _flags;
        private readonly ushort _up;
        private readonly InternetAddress _source;
        private readonly InternetAddress _destination;

        public Template(ReadOnlySpan<byte> header, int transport)
        {
            _transport = transport;
            _isIpv4 = header[0] >> 4 == 4;
            int address = _isIpv4 ? 12 : 8;
            int addressLength = _isIpv4 ? 4 : 16;
            Debug.Assert(!_isIpv4 || header[9] == Tcp, "only TCP is cut");
            _source = InternetAddress.FromBytes(header.Slice(address, addressLength));
            _destination = InternetAddress.FromBytes(header.Slice(address + addressLength, addressLength));
            ReadOnlySpan<byte> tcp = header[transport..];
            _seq = BinaryPrimitives.ReadUInt32BigEndian(tcp[TcpField.Seq..]);
            _flags = tcp[TcpField.Flags];
            _up = BinaryPrimitives.ReadUInt16BigEndian(tcp[TcpField.UrgentPointer..]);
        }

        /// <summary>Turns a copy of the headers into those of the piece at <paramref name="offset"/> of the text.</summary>
        public void Patch(Span<byte> frame, int offset, bool isLast)
        {
            Span<byte> tcp = frame[_transport..];
            BinaryPrimitives.WriteUInt32BigEndian(tcp[TcpField.Seq..], unchecked(_seq + (uint)offset));
            int flags = _flags;
            if (offset != 0) flags &= ~(int)TcpFlags.Cwr;
            if (!isLast) flags &= ~(int)(TcpFlags.Fin | TcpFlags.Psh);
            if ((flags & (int)TcpFlags.Urg) != 0) flags = PatchUrgent(tcp, flags, offset);
            tcp[TcpField.Flags] = (byte)flags;
            PatchLength(frame);
        }

        /// <summary>The sum of the pseudo-header and of the patched TCP header.</summary>
        public ulong HeaderSum(Span<byte> frame, int headerLength)
        {
            Span<byte> tcp = frame[_transport..headerLength];
            BinaryPrimitives.WriteUInt16BigEndian(tcp[TcpField.Checksum..], 0);
            return InternetChecksum.Sum(tcp, InternetChecksum.PseudoHeader(_source, _destination, Tcp, frame.Length - _transport));
        }

        /// <summary>The pointer counts from the piece's own SEG.SEQ; a piece behind the urgent data has none (RFC 9293 3.8.5).</summary>
        private int PatchUrgent(Span<byte> tcp, int flags, int offset)
        {
            int left = Math.Max(0, _up - offset);
            BinaryPrimitives.WriteUInt16BigEndian(tcp[TcpField.UrgentPointer..], (ushort)left);
            return left == 0 ? flags & ~(int)TcpFlags.Urg : flags;
        }

        private void PatchLength(Span<byte> frame)
        {
            if (!_isIpv4)
            {
                BinaryPrimitives.WriteUInt16BigEndian(frame[4..], (ushort)(frame.Length - Ipv6HeaderLength));
                return;
            }
            BinaryPrimitives.WriteUInt16BigEndian(frame[2..], (ushort)frame.Length);
            BinaryPrimitives.WriteUInt16BigEndian(frame[10..], 0);
            BinaryPrimitives.WriteUInt16BigEndian(frame[10..], InternetChecksum.Finish(InternetChecksum.Sum(frame[.._transport])));
        }
    }
}
