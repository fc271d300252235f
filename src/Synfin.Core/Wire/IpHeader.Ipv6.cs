using System.Buffers.Binary;

namespace Synfin.Wire;

public readonly partial struct IpHeader
{
    private const byte HopByHopOptions = 0;
    private const byte Routing = 43;
    private const byte Fragment = 44;
    private const byte Authentication = 51;
    private const byte DestinationOptions = 60;

    private static WireError TryParseIpv6(ReadOnlySpan<byte> packet, bool quoted, out IpHeader header)
    {
        header = default;
        if (packet.Length < Ipv6Length) return WireError.TruncatedIpHeader;
        int end = packet.Length;
        if (!quoted)
        {
            end = Ipv6Length + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
            if (end > packet.Length) return WireError.TruncatedPacket;
        }
        InternetAddress source = InternetAddress.FromBytes(packet.Slice(8, 16));
        InternetAddress destination = InternetAddress.FromBytes(packet.Slice(24, 16));
        if (source.IsIpv4 || destination.IsIpv4) return WireError.MappedAddress;
        var chain = new ExtensionHeaders { NextHeader = packet[6], Offset = Ipv6Length, Quoted = quoted };
        WireError error = chain.Walk(packet[..end]);
        if (error != WireError.None) return error;
        uint first = BinaryPrimitives.ReadUInt32BigEndian(packet);
        header = new IpHeader
        {
            Source = source,
            Destination = destination,
            Version = 6,
            Protocol = chain.NextHeader,
            TimeToLive = packet[7],
            TrafficClass = (byte)(first >> 20),
            FlowLabel = first & IpHeaderWriter.FlowLabelMask,
            PayloadOffset = chain.Offset,
            PayloadLength = end - chain.Offset,
            FragmentOffset = chain.FragmentOffset,
            IsFragment = chain.IsFragment,
        };
        return WireError.None;
    }

    /// <summary>The walk along a chain of extension headers (RFC 8200 4), to the upper layer or to a fragment's payload.</summary>
    private ref struct ExtensionHeaders
    {
        public byte NextHeader;
        public int Offset;
        public int FragmentOffset;
        public bool IsFragment;
        public bool Quoted;
        private bool _fragmentSeen;

        public WireError Walk(ReadOnlySpan<byte> packet)
        {
            // What follows the header of a real fragment is a piece of something: only reassembly can make headers of it.
            for (int count = 0; IsExtension(NextHeader) && !IsFragment; count++)
            {
                if (count == MaxExtensionHeaders) return WireError.ExtensionHeaderChain;
                if (NextHeader == HopByHopOptions && count != 0) return WireError.MisplacedHopByHop;
                ReadOnlySpan<byte> rest = packet[Offset..];
                if (rest.Length < 8) return WireError.TruncatedExtensionHeader;
                int length = NextHeader switch
                {
                    Fragment => 8,
                    Authentication => (rest[1] + 2) * 4,
                    _ => (rest[1] + 1) * 8,
                };
                if (length > rest.Length) return WireError.TruncatedExtensionHeader;
                WireError error = Inspect(rest[..length], rest.Length - length);
                if (error != WireError.None) return error;
                NextHeader = rest[0];
                Offset += length;
            }
            return WireError.None;
        }

        private static bool IsExtension(byte nextHeader) =>
            nextHeader is HopByHopOptions or Routing or Fragment or Authentication or DestinationOptions;

        private WireError Inspect(ReadOnlySpan<byte> header, int lengthBehind)
        {
            switch (NextHeader)
            {
                case HopByHopOptions or DestinationOptions:
                    return OptionsAreHarmless(header[2..]) ? WireError.None : WireError.BadExtensionOption;
                case Routing:
                    return header[2] == 0 || header[3] != 0 ? WireError.RoutingHeader : WireError.None;
                case Fragment:
                    return InspectFragment(BinaryPrimitives.ReadUInt16BigEndian(header[2..]), lengthBehind);
                default:
                    return WireError.None; // an authentication header proves nothing here, and harms nothing
            }
        }

        private WireError InspectFragment(int field, int length)
        {
            if (_fragmentSeen) return WireError.BadFragment;
            _fragmentSeen = true;
            FragmentOffset = field & 0xFFF8;
            bool more = (field & 1) != 0;
            IsFragment = more || FragmentOffset != 0;
            // The part that is not fragmented counts towards the payload length of the whole (RFC 8200 4.5).
            int most = ushort.MaxValue - (Offset - Ipv6Length);
            return Quoted || IsLegalFragment(FragmentOffset, length, more, most) ? WireError.None : WireError.BadFragment;
        }

        /// <summary>Only padding is known here; of other options the type's two highest bits say: skip it, or discard the packet.</summary>
        private static bool OptionsAreHarmless(ReadOnlySpan<byte> options)
        {
            const byte Pad1 = 0;
            for (int i = 0; i < options.Length;)
            {
                byte type = options[i];
                if (type == Pad1)
                {
                    i++;
                    continue;
                }
                if (type >> 6 != 0 || i + 1 == options.Length) return false;
                i += 2 + options[i + 1];
                if (i > options.Length) return false;
            }
            return true;
        }
    }
}
