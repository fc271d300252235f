using System.Collections.Generic;

namespace Synfin.Drill.Language;

/// <summary>A packet as a script writes it. Fields that it leaves out are null.</summary>
internal abstract record ScriptPacket
{
    public IpFields Ip { get; init; } = new();

    /// <summary>As written, for messages.</summary>
    public required string Text { get; init; }
}

/// <summary>What stands before the packet: <c>[ect0]</c>, <c>[tos 0x10]</c>, <c>[ttl 5]</c>.</summary>
internal sealed record IpFields
{
    /// <summary>0 to 3: not ECT, ECT(1), ECT(0), CE; null: not compared, and not ECT in what is sent.</summary>
    public int? Ecn { get; init; }

    /// <summary><c>ect01</c>: either ECT(0) or ECT(1); then <see cref="Ecn"/> is null.</summary>
    public bool EitherEct { get; init; }

    /// <summary>The whole octet: traffic class or TOS.</summary>
    public int? TrafficClass { get; init; }

    public int? TimeToLive { get; init; }

    public int? FlowLabel { get; init; }
}

/// <summary>A TCP segment.</summary>
internal sealed record ScriptSegment : ScriptPacket
{
    public int? SourcePort { get; init; }

    public int? DestinationPort { get; init; }

    /// <summary>FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128, AE 256 as in the header.</summary>
    public required int Flags { get; init; }

    /// <summary>ACE as one number 0 to 7 (AccECN's digit form), or null.</summary>
    public int? Ace { get; init; }

    /// <summary>As written, in script space: 64 bits, modulo 2^32 on the wire.</summary>
    public required long Seq { get; init; }

    /// <summary>Octets of text.</summary>
    public required int Length { get; init; }

    public long? Ack { get; init; }

    /// <summary>As on the wire, not scaled.</summary>
    public int? Window { get; init; }

    public int? Urgent { get; init; }

    /// <summary><c>&lt;...&gt;</c>: any options.</summary>
    public bool AnyOptions { get; init; }

    /// <summary>The options in order, NOPs too; empty: none.</summary>
    public IReadOnlyList<ScriptOption> Options { get; init; } = [];
}

/// <summary>An ICMP or ICMPv6 message.</summary>
internal sealed record ScriptIcmp : ScriptPacket
{
    /// <summary>The names as written: <c>unreachable</c>, <c>frag_needed</c>.</summary>
    public required string Type { get; init; }

    public required string Code { get; init; }

    public int? Mtu { get; init; }

    /// <summary>The quoted segment's first number (<c>[1:1461(1460)]</c>); null: the last that was sent.</summary>
    public long? QuotedSeq { get; init; }

    public int QuotedLength { get; init; }

    /// <summary>What is quoted is a UDP datagram of <see cref="QuotedLength"/> octets: <c>[udp (100)]</c>.</summary>
    public bool QuotesDatagram { get; init; }
}

/// <summary>A UDP datagram: <c>udp (1000)</c>.</summary>
internal sealed record ScriptDatagram : ScriptPacket
{
    public int? SourcePort { get; init; }

    public int? DestinationPort { get; init; }

    public required int Length { get; init; }
}
