using System;
using System.Buffers.Binary;
using Synfin.Drill.Language;
using Synfin.Wire;

namespace Synfin.Drill.Running;

/// <summary>Builds the packets that a script sends to the stack under test, with right checksums.</summary>
/// <param name="addresses">The addresses of the run.</param>
internal sealed class PacketBuilder(DrillAddresses addresses)
{
    private const int MaxOptions = TcpHeader.MaximumLength - TcpHeader.MinimumLength;

    /// <summary>What packets from the network have: they came over no router.</summary>
    private const byte DefaultTimeToLive = 255;

    /// <summary>
    /// What a router quotes of a segment at least: enough for ports, SEQ and, with the whole header, nothing of the text.
    /// </summary>
    private const int QuotedTcp = TcpHeader.MinimumLength;

    private int IpHeaderLength => addresses.IsIpv6OnWire ? IpHeader.Ipv6Length : IpHeader.Ipv4Length;

    /// <summary>A segment of a flow.</summary>
    /// <exception cref="ScriptSkippedException">No header can have such options.</exception>
    public byte[] Segment(ScriptSegment line, Flow flow, int lineNumber)
    {
        byte[] options = OptionCodec.Write([.. line.Options.Select(o => ToLive(o, flow))]);
        if (options.Length % 4 != 0 || options.Length > MaxOptions)
        {
            throw new ScriptSkippedException(
                lineNumber,
                $"the options take {options.Length} octets; a header has room for 0 to {MaxOptions} in steps of 4: add nop or eol");
        }
        int header = TcpHeader.MinimumLength + options.Length;
        int most = ushort.MaxValue - IpHeader.Ipv4Length - header;
        if (line.Length > most) throw new ScriptSkippedException(lineNumber, $"{line.Length} octets do not fit a packet: {most} would");
        byte[] packet = IpPacket(line.Ip, IpProtocol.Tcp, header + line.Length);
        Span<byte> tcp = packet.AsSpan(IpHeaderLength);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, flow.Tuple.RemotePort);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], flow.Tuple.LocalPort);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], unchecked((uint)line.Seq));
        bool acknowledges = (line.Flags & (int)TcpFlags.Ack) != 0;
        uint ack = acknowledges ? flow.Sent.ToLive(line.Ack ?? 0) : unchecked((uint)(line.Ack ?? 0));
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], ack);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[12..], (ushort)(header / 4 << 12 | FlagsOf(line)));
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], (ushort)(line.Window ?? 0));
        BinaryPrimitives.WriteUInt16BigEndian(tcp[18..], (ushort)(line.Urgent ?? 0));
        options.CopyTo(tcp[TcpHeader.MinimumLength..]);
        TcpHeaderWriter.WriteChecksum(tcp, addresses.Remote, addresses.Local);
        return packet;
    }

    /// <summary>A UDP datagram of a flow.</summary>
    public byte[] Datagram(ScriptDatagram line, Flow flow)
    {
        byte[] packet = IpPacket(line.Ip, IpProtocol.Udp, UdpHeader.HeaderLength + line.Length);
        Span<byte> udp = packet.AsSpan(IpHeaderLength);
        UdpHeaderWriter.Write(udp, flow.Tuple.RemotePort, flow.Tuple.LocalPort, line.Length);
        UdpHeaderWriter.WriteChecksum(udp, addresses.Remote, addresses.Local);
        return packet;
    }

    /// <summary>An ICMP error about a segment of a flow: what the line names, or what the stack sent last.</summary>
    /// <exception cref="ScriptSkippedException">The family has no such message, or there is nothing to quote.</exception>
    public byte[] Icmp(ScriptIcmp line, Flow? flow, int lineNumber)
    {
        bool v6 = addresses.IsIpv6OnWire;
        if (!IcmpNames.TryFind(line, v6, out byte type, out byte code))
        {
            throw new ScriptSkippedException(
                lineNumber, $"there is no ICMP message '{line.Type} {line.Code}' in {(v6 ? "IPv6" : "IPv4")}");
        }
        byte[] quote = flow is null ? [] : QuoteFor(line, flow);
        if (quote.Length == 0)
            throw new ScriptSkippedException(lineNumber, "there is no segment of the stack's yet that the ICMP message could quote");
        byte[] packet = IpPacket(line.Ip, v6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp, IcmpMessage.HeaderLength + quote.Length);
        Span<byte> icmp = packet.AsSpan(IpHeaderLength);
        icmp[0] = type;
        icmp[1] = code;
        if (v6) BinaryPrimitives.WriteUInt32BigEndian(icmp[4..], (uint)(line.Mtu ?? 0));
        else BinaryPrimitives.WriteUInt16BigEndian(icmp[6..], (ushort)(line.Mtu ?? 0));
        quote.CopyTo(icmp[IcmpMessage.HeaderLength..]);
        ulong sum = v6 ? InternetChecksum.PseudoHeader(addresses.Remote, addresses.Local, IpProtocol.Icmpv6, icmp.Length) : 0;
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], InternetChecksum.Finish(InternetChecksum.Sum(icmp, sum)));
        return packet;
    }

    private byte[] QuoteFor(ScriptIcmp line, Flow flow)
    {
        if (line.QuotesDatagram) return QuoteDatagram(flow, line.QuotedLength);
        return line.QuotedSeq is { } seq ? Quote(flow, seq, line.QuotedLength) : QuoteLast(flow);
    }

    private byte[] Quote(Flow flow, long seq, int length)
    {
        byte[] quote = new byte[IpHeaderLength + QuotedTcp];
        IpHeaderWriter.Write(quote, addresses.Local, addresses.Remote, flow.Protocol, TcpHeader.MinimumLength + length, 0, 64, 0);
        Span<byte> tcp = quote.AsSpan(IpHeaderLength);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, flow.Tuple.LocalPort);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], flow.Tuple.RemotePort);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], flow.Sent.ToLive(seq));
        BinaryPrimitives.WriteUInt16BigEndian(tcp[12..], (TcpHeader.MinimumLength / 4 << 12) | (int)TcpFlags.Ack);
        return quote;
    }

    private byte[] QuoteDatagram(Flow flow, int length)
    {
        byte[] quote = new byte[IpHeaderLength + UdpHeader.HeaderLength];
        IpHeaderWriter.Write(quote, addresses.Local, addresses.Remote, IpProtocol.Udp, UdpHeader.HeaderLength + length, 0, 64, 0);
        UdpHeaderWriter.Write(quote.AsSpan(IpHeaderLength), flow.Tuple.LocalPort, flow.Tuple.RemotePort, length);
        return quote;
    }

    private byte[] QuoteLast(Flow flow)
    {
        if (flow.LastSent is not { } sent) return [];
        return sent[..Math.Min(sent.Length, IpHeaderLength + QuotedTcp)];
    }

    private byte[] IpPacket(IpFields fields, byte protocol, int payload)
    {
        byte[] packet = new byte[IpHeaderLength + payload];
        byte trafficClass = (byte)(fields.TrafficClass ?? fields.Ecn ?? 0);
        IpHeaderWriter.Write(
            packet, addresses.Remote, addresses.Local, protocol, payload, trafficClass,
            (byte)(fields.TimeToLive ?? DefaultTimeToLive), (uint)(fields.FlowLabel ?? 0));
        return packet;
    }

    private static int FlagsOf(ScriptSegment line) =>
        line.Ace is { } ace ? line.Flags & ~(int)SegmentMatcher.AceFlags | AceBits(ace) : line.Flags;

    private static int AceBits(int ace) =>
        ((ace & 4) != 0 ? (int)TcpFlags.Ae : 0) | ((ace & 2) != 0 ? (int)TcpFlags.Cwr : 0) | ((ace & 1) != 0 ? (int)TcpFlags.Ece : 0);

    /// <summary>What acknowledges, or echoes, what the stack under test sent is in its own numbers.</summary>
    private static ScriptOption ToLive(ScriptOption option, Flow flow) => option switch
    {
        ScriptOption.Sack sack =>
            new ScriptOption.Sack([.. sack.Blocks.Select(b => ((long)flow.Sent.ToLive(b.Left), (long)flow.Sent.ToLive(b.Right)))]),
        ScriptOption.Timestamps timestamps => timestamps with { Echo = flow.Timestamps.ToLive(timestamps.Echo) },
        _ => option,
    };
}
