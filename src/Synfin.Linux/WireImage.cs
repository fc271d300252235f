using System.Buffers.Binary;
using Synfin.Links;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Linux;

/// <summary>
/// Packets as a wire would show them, for captures: with offloads, the packets of a device are super-segments without checksums. Copies;
/// for one thread.
/// </summary>
/// <param name="ethernet">Whether packets begin with an Ethernet header.</param>
public sealed class WireImage(bool ethernet = false)
{
    private readonly byte[] _packet = new byte[TunDevice.MaxFrame];
    private readonly byte[] _frame = new byte[TunDevice.MaxFrame];

    /// <summary>Sums a packet with an unfinished checksum, and writes the checksum.</summary>
    /// <param name="packet">The packet; the checksum field holds the folded sum of the pseudo-header.</param>
    /// <param name="start">Where what is summed starts.</param>
    /// <param name="at">Where the checksum is.</param>
    public static void CompleteChecksum(Span<byte> packet, int start, int at)
    {
        ushort checksum = InternetChecksum.Finish(InternetChecksum.Sum(packet[start..]));
        BinaryPrimitives.WriteUInt16BigEndian(packet[at..], checksum);
    }

    /// <summary>The frames that an outbound packet becomes.</summary>
    /// <param name="packet">The packet as it was handed to the link.</param>
    /// <returns>Frames which are borrowed until the next is asked for.</returns>
    public Frames Of(in OutboundPacket packet)
    {
        int length = packet.CopyTo(_packet);
        int size = packet.WireSegments > 1 ? packet.SegmentSize : 0;
        return new(_packet.AsSpan(0, length), _frame, IpOffset, size, complete: packet.ChecksumPartial || size != 0);
    }

    /// <summary>The frames that a packet from a link may have come in.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="metadata">What the link said about it.</param>
    /// <returns>Frames which are borrowed until the next is asked for.</returns>
    public Frames Of(ReadOnlySpan<byte> packet, ReceiveMetadata metadata)
    {
        // A packet that cannot be, should it ever come, is shown as far as there is room.
        packet = packet[..Math.Min(packet.Length, _packet.Length)];
        packet.CopyTo(_packet);
        int size = metadata.WireSegments > 1 ? metadata.SegmentSize : 0;
        bool complete = metadata.ChecksumVerified || size != 0;
        return new(_packet.AsSpan(0, packet.Length), _frame, IpOffset, size, complete);
    }

    private int IpOffset => ethernet ? PacketLayout.EthernetLength : 0;

    /// <summary>Walks the frames.</summary>
    public ref struct Frames
    {
        private readonly Span<byte> _packet;
        private readonly Span<byte> _frame;
        private readonly SegmentTemplate _template;
        private readonly int _headers;
        private readonly int _size;
        private int _next;

        internal Frames(Span<byte> packet, Span<byte> frame, int ipOffset, int segmentSize, bool complete)
        {
            _packet = packet;
            _frame = frame;
            Current = default;
            if (!complete || !PacketLayout.TryFindTransport(packet, ipOffset, out int transport, out byte protocol)) return;
            bool isUdp = protocol == IpProtocol.Udp;
            _headers = transport + PacketLayout.TransportHeaderLength(packet[transport..], isUdp);
            // A UDP datagram may have no checksum (RFC 768); then it stays without.
            bool without = isUdp && BinaryPrimitives.ReadUInt16BigEndian(packet[(transport + UdpHeader.ChecksumOffset)..]) == 0;
            if (_headers > packet.Length || without)
            {
                _headers = 0;
                return;
            }
            _template = new SegmentTemplate(packet[.._headers], ipOffset, transport, protocol);
            _size = segmentSize == 0 ? Math.Max(1, packet.Length - _headers) : segmentSize;
        }

        /// <summary>The frame that was reached.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>For a foreach statement.</summary>
        public readonly Frames GetEnumerator() => this;

        /// <summary>Goes to the next frame.</summary>
        public bool MoveNext()
        {
            int total = _packet.Length - _headers;
            if (_next != 0 && (_headers == 0 || _next >= total)) return false;
            if (_headers == 0)
            {
                _next = 1;
                Current = _packet;
                return true;
            }
            int length = Math.Min(_size, total - _next);
            Span<byte> frame = _frame[..(_headers + length)];
            _packet[.._headers].CopyTo(frame);
            _packet.Slice(_headers + _next, length).CopyTo(frame[_headers..]);
            _template.Patch(frame, _next, isLast: _next + length == total);
            ulong sum = InternetChecksum.Sum(frame[_headers..], _template.HeaderSum(frame, _headers));
            _template.WriteChecksum(frame, InternetChecksum.Finish(sum));
            // A packet without text is one frame too.
            _next += Math.Max(1, length);
            Current = frame;
            return true;
        }
    }
}
