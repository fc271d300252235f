using System.Buffers.Binary;
using Synfin.Wire;

namespace Synfin.Links;

/// <summary>
/// What the headers of a super-segment's pieces have in common, and how they differ. Any Ethernet header before them stays as it is.
/// </summary>
internal readonly ref struct SegmentTemplate
{
    private readonly int _ip;
    private readonly int _transport;
    private readonly bool _isIpv4;
    private readonly byte _protocol;
    private readonly uint _seq;
    private readonly byte _flags;
    private readonly ushort _up;
    private readonly InternetAddress _source;
    private readonly InternetAddress _destination;

    /// <summary>Takes what the pieces have in common from the headers of the whole.</summary>
    /// <param name="header">All headers.</param>
    /// <param name="ip">Where the IP header starts.</param>
    /// <param name="transport">Where the TCP or UDP header starts.</param>
    /// <param name="protocol">Which of the two it is.</param>
    public SegmentTemplate(ReadOnlySpan<byte> header, int ip, int transport, byte protocol)
    {
        _ip = ip;
        _transport = transport;
        _protocol = protocol;
        _isIpv4 = header[ip] >> 4 == 4;
        int address = ip + (_isIpv4 ? 12 : 8);
        int addressLength = _isIpv4 ? 4 : 16;
        _source = InternetAddress.FromBytes(header.Slice(address, addressLength));
        _destination = InternetAddress.FromBytes(header.Slice(address + addressLength, addressLength));
        if (protocol != IpProtocol.Tcp) return;
        ReadOnlySpan<byte> tcp = header[transport..];
        _seq = BinaryPrimitives.ReadUInt32BigEndian(tcp[TcpField.Seq..]);
        _flags = tcp[TcpField.Flags];
        _up = BinaryPrimitives.ReadUInt16BigEndian(tcp[TcpField.UrgentPointer..]);
    }

    private int ChecksumAt => _transport + (_protocol == IpProtocol.Udp ? UdpField.Checksum : TcpField.Checksum);

    /// <summary>Turns a copy of the headers into those of the piece at <paramref name="offset"/> of the text.</summary>
    public void Patch(Span<byte> frame, int offset, bool isLast)
    {
        if (_protocol == IpProtocol.Tcp) PatchTcp(frame[_transport..], offset, isLast);
        else BinaryPrimitives.WriteUInt16BigEndian(frame[(_transport + UdpField.Length)..], (ushort)(frame.Length - _transport));
        PatchLength(frame[_ip..]);
    }

    /// <summary>The sum of the pseudo-header and of the patched TCP or UDP header.</summary>
    public ulong HeaderSum(Span<byte> frame, int headerLength)
    {
        BinaryPrimitives.WriteUInt16BigEndian(frame[ChecksumAt..], 0);
        ulong pseudo = InternetChecksum.PseudoHeader(_source, _destination, _protocol, frame.Length - _transport);
        return InternetChecksum.Sum(frame[_transport..headerLength], pseudo);
    }

    /// <summary>Writes the checksum. In UDP one that is zero is sent as all ones: zero says that there is none (RFC 768).</summary>
    public void WriteChecksum(Span<byte> frame, ushort checksum)
    {
        if (checksum == 0 && _protocol == IpProtocol.Udp) checksum = 0xFFFF;
        BinaryPrimitives.WriteUInt16BigEndian(frame[ChecksumAt..], checksum);
    }

    private void PatchTcp(Span<byte> tcp, int offset, bool isLast)
    {
        BinaryPrimitives.WriteUInt32BigEndian(tcp[TcpField.Seq..], unchecked(_seq + (uint)offset));
        int flags = _flags;
        if (offset != 0) flags &= ~(int)TcpFlags.Cwr;
        if (!isLast) flags &= ~(int)(TcpFlags.Fin | TcpFlags.Psh);
        if ((flags & (int)TcpFlags.Urg) != 0) flags = PatchUrgent(tcp, flags, offset);
        tcp[TcpField.Flags] = (byte)flags;
    }

    /// <summary>The pointer counts from the piece's own SEG.SEQ; a piece behind the urgent data has none (RFC 9293 3.8.5).</summary>
    private int PatchUrgent(Span<byte> tcp, int flags, int offset)
    {
        int left = Math.Max(0, _up - offset);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[TcpField.UrgentPointer..], (ushort)left);
        return left == 0 ? flags & ~(int)TcpFlags.Urg : flags;
    }

    private void PatchLength(Span<byte> packet)
    {
        if (!_isIpv4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - IpHeader.Ipv6Length));
            return;
        }
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], 0);
        ReadOnlySpan<byte> header = packet[..(_transport - _ip)];
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], InternetChecksum.Finish(InternetChecksum.Sum(header)));
    }

    /// <summary>Offsets in a TCP header (RFC 9293 3.1).</summary>
    private static class TcpField
    {
        public const int Seq = 4;
        public const int Flags = 13;
        public const int Checksum = TcpHeader.ChecksumOffset;
        public const int UrgentPointer = 18;
    }

    /// <summary>Offsets in a UDP header (RFC 768).</summary>
    private static class UdpField
    {
        public const int Length = 4;
        public const int Checksum = UdpHeader.ChecksumOffset;
    }
}
