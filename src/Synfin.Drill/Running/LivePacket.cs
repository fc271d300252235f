using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Synfin.Drill.Language;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Running;

/// <summary>A packet that the stack under test sent, read octet by octet: what is wrong with it is a finding, not an accident.</summary>
internal sealed class LivePacket
{
    private LivePacket(CapturedPacket captured)
    {
        Octets = captured.Octets;
        Time = captured.Time;
    }

    /// <summary>The packet.</summary>
    public byte[] Octets { get; }

    /// <summary>When it was sent.</summary>
    public Timestamp Time { get; }

    /// <summary>The upper layer's protocol; see <see cref="IpProtocol"/>.</summary>
    public byte Protocol { get; private init; }

    /// <summary>Both ends, from the stack under test; ports are 0 for ICMP.</summary>
    public FourTuple Tuple { get; private init; }

    /// <summary>The traffic class or TOS octet.</summary>
    public int TrafficClass { get; private init; }

    /// <summary>TTL or hop limit.</summary>
    public int TimeToLive { get; private init; }

    /// <summary>The flow label; 0 for IPv4.</summary>
    public int FlowLabel { get; private init; }

    /// <summary>
    /// The numbers and flags of a segment as on the wire, or null. Its text is <see cref="PacketText"/> only after mapping.
    /// </summary>
    public ScriptSegment? Segment { get; private init; }

    /// <summary>The three bits between data offset and control bits.</summary>
    public int ReservedBits { get; private init; }

    /// <summary>Octets of a datagram's data, of a UDP packet.</summary>
    public int DataLength { get; private init; }

    /// <summary>Type and code of an ICMP message.</summary>
    public (byte Type, byte Code) Icmp { get; private init; }

    /// <summary>The MTU field of an ICMP message.</summary>
    public int IcmpMtu { get; private init; }

    /// <summary>What is wrong with it by itself, such as a checksum; null if nothing is.</summary>
    public string? Flaw { get; private init; }

    /// <summary>The flow that it belongs to; the runner finds it.</summary>
    public Flow? Flow { get; set; }

    /// <summary>Whether this is a SYN, of either kind.</summary>
    public bool IsSyn => Segment is { } segment && (segment.Flags & (int)TcpFlags.Syn) != 0;

    /// <summary>Whether this is the SYN of an active open.</summary>
    public bool IsOpeningSyn => IsSyn && (Segment!.Flags & (int)TcpFlags.Ack) == 0;

    /// <summary>Reads a packet. One that cannot be read at all has a flaw and protocol 0.</summary>
    public static LivePacket Read(CapturedPacket captured)
    {
        WireError error = IpHeader.TryParse(captured.Octets, out IpHeader ip);
        if (error is not WireError.None) return new LivePacket(captured) { Flaw = $"its IP header is wrong ({error})" };
        ReadOnlySpan<byte> payload = ip.Payload(captured.Octets);
        return ip.Protocol switch
        {
            IpProtocol.Tcp when payload.Length >= TcpHeader.MinimumLength => ReadSegment(captured, in ip, payload),
            IpProtocol.Udp when payload.Length >= UdpHeader.HeaderLength => ReadDatagram(captured, in ip, payload),
            IpProtocol.Icmp or IpProtocol.Icmpv6 when payload.Length >= IcmpMessage.HeaderLength => ReadIcmp(captured, in ip, payload),
            _ => new LivePacket(captured) { Flaw = $"it is neither TCP, UDP nor ICMP (protocol {ip.Protocol}), or cut off" },
        };
    }

    private static LivePacket ReadSegment(CapturedPacket captured, in IpHeader ip, ReadOnlySpan<byte> tcp)
    {
        int offset = (tcp[12] >> 4) * 4;
        bool sane = offset >= TcpHeader.MinimumLength && offset <= tcp.Length;
        if (!sane) offset = TcpHeader.MinimumLength;
        ReadOnlySpan<byte> text = tcp[offset..];
        int flags = BinaryPrimitives.ReadUInt16BigEndian(tcp[12..]) & 0x1FF;
        string? flaw = null;
        if (!sane) flaw = $"its data offset is {tcp[12] >> 4} words";
        else if (!InternetChecksum.Verify(ip.Source, ip.Destination, IpProtocol.Tcp, tcp)) flaw = "its TCP checksum is wrong";
        else if (text.ContainsAnyExcept((byte)0)) flaw = $"its text is not zeros (octet {text.IndexOfAnyExcept((byte)0)})";
        List<ScriptOption> options = OptionCodec.Read(tcp[TcpHeader.MinimumLength..offset]);
        return new LivePacket(captured)
        {
            Protocol = IpProtocol.Tcp,
            Tuple = TupleOf(in ip, tcp),
            TrafficClass = ip.TrafficClass,
            TimeToLive = ip.TimeToLive,
            FlowLabel = (int)ip.FlowLabel,
            ReservedBits = tcp[12] >> 1 & 7,
            Flaw = flaw,
            Segment = new ScriptSegment
            {
                Text = "",
                Flags = flags,
                Seq = BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]),
                Ack = (flags & (int)TcpFlags.Ack) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(tcp[8..]) : null,
                Window = BinaryPrimitives.ReadUInt16BigEndian(tcp[14..]),
                Urgent = BinaryPrimitives.ReadUInt16BigEndian(tcp[18..]),
                Length = text.Length,
                Options = options,
            },
        };
    }

    private static LivePacket ReadDatagram(CapturedPacket captured, in IpHeader ip, ReadOnlySpan<byte> udp)
    {
        WireError error = UdpHeader.TryParse(udp, ip.Source, ip.Destination, checksumVerified: false, out UdpHeader header);
        return new LivePacket(captured)
        {
            Protocol = IpProtocol.Udp,
            Tuple = TupleOf(in ip, udp),
            TrafficClass = ip.TrafficClass,
            TimeToLive = ip.TimeToLive,
            FlowLabel = (int)ip.FlowLabel,
            DataLength = header.Data.Length,
            Flaw = error is WireError.None ? null : $"its UDP header is wrong ({error})",
        };
    }

    private static LivePacket ReadIcmp(CapturedPacket captured, in IpHeader ip, ReadOnlySpan<byte> icmp)
    {
        bool v6 = ip.Version == 6;
        WireError error = IcmpMessage.TryParse(icmp, v6, ip.Source, ip.Destination, out IcmpMessage _);
        return new LivePacket(captured)
        {
            Protocol = ip.Protocol,
            Tuple = new FourTuple(ip.Source, 0, ip.Destination, 0),
            TrafficClass = ip.TrafficClass,
            TimeToLive = ip.TimeToLive,
            FlowLabel = (int)ip.FlowLabel,
            Icmp = (icmp[0], icmp[1]),
            IcmpMtu = v6 ? (int)BinaryPrimitives.ReadUInt32BigEndian(icmp[4..]) : BinaryPrimitives.ReadUInt16BigEndian(icmp[6..]),
            Flaw = error is WireError.None ? null : $"its ICMP message is wrong ({error})",
        };
    }

    private static FourTuple TupleOf(in IpHeader ip, ReadOnlySpan<byte> ports) => new(
        ip.Source, BinaryPrimitives.ReadUInt16BigEndian(ports), ip.Destination, BinaryPrimitives.ReadUInt16BigEndian(ports[2..]));

    /// <summary>The segment in the script's numbers, with ports if the script names them.</summary>
    public ScriptSegment InScript()
    {
        ScriptSegment live = Segment!;
        if (Flow is not { } flow) return live with { Text = PacketText.Of(live) };
        // <SEQ=0><CTL=RST,ACK> (RFC 9293 3.10.7.1) is from no connection: its zero is no number of the flow.
        bool outside = (live.Flags & (int)TcpFlags.Rst) != 0 && live.Seq == 0;
        ScriptSegment mapped = live with
        {
            SourcePort = flow.ScriptLocalPort,
            DestinationPort = flow.ScriptRemotePort,
            Seq = outside ? 0 : flow.Sent.ToScript((uint)live.Seq),
            Options = [.. live.Options
                .Select(o => o is ScriptOption.Timestamps t ? t with { Value = flow.Timestamps.ToScript(t.Value) } : o)],
        };
        return mapped with { Text = PacketText.Of(mapped) };
    }

    /// <summary>The packet in the script's notation and numbers.</summary>
    public override string ToString() => Protocol switch
    {
        IpProtocol.Tcp => InScript().Text,
        IpProtocol.Udp => $"udp ({DataLength})",
        IpProtocol.Icmp or IpProtocol.Icmpv6 => $"icmp type {Icmp.Type} code {Icmp.Code}" + (IcmpMtu > 0 ? $" mtu {IcmpMtu}" : ""),
        _ => $"a packet of {Octets.Length} octets",
    };
}
