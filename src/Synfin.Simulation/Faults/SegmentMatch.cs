using System.Globalization;
using System.Text;

namespace Synfin.Simulation.Faults;

/// <summary>Names segments. Everything that is set must hold.</summary>
public sealed record SegmentMatch
{
    /// <summary>What kind of segment.</summary>
    public SegmentKind Kind { get; init; }

    /// <summary>Sent for the first time, or again.</summary>
    public SegmentAge Age { get; init; }

    /// <summary>The host that sends it; null for any.</summary>
    public string? From { get; init; }

    /// <summary>The host that it goes to; null for any.</summary>
    public string? To { get; init; }

    /// <summary>The port on either side; null for any.</summary>
    public ushort? Port { get; init; }

    /// <summary>
    /// The octet of the sender's stream that it carries, from 0: the octet after the sender's ISN. Null for any. The connection's SYN must
    /// have been seen.
    /// </summary>
    public long? CarriesByte { get; init; }

    /// <summary>A test of the caller's own, asked last; null for none.</summary>
    public SegmentPredicate? Predicate { get; init; }

    /// <summary>Which one of all that match, from 1; null for every one.</summary>
    public int? Ordinal { get; init; } = 1;

    /// <summary>Whether a segment is one of those named; <see cref="Ordinal"/> is the rule's business.</summary>
    public bool Matches(in SegmentInfo segment) =>
        (From is null || From == segment.From)
        && (To is null || To == segment.To)
        && MatchesKind(segment)
        && MatchesAge(segment)
        && (Port is not { } port || (segment.IsTcp && (segment.SourcePort == port || segment.DestinationPort == port)))
        && MatchesByte(segment)
        && (Predicate is null || Predicate(segment));

    /// <summary>The name in the grammar of <see cref="RuleGrammar"/>; a predicate is told as <c>(own test)</c>.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        if (Ordinal is null) text.Append("every ");
        if (Ordinal is > 1) text.Append(RuleGrammar.FormatOrdinal(Ordinal.Value)).Append(' ');
        if (Age != SegmentAge.Any) text.Append(Age == SegmentAge.Original ? "original " : "retransmitted ");
        if (CarriesByte is { } offset && Kind == SegmentKind.Any) text.Append(CultureInfo.InvariantCulture, $"byte {offset}");
        else text.Append(RuleGrammar.NameOf(Kind));
        if (From is not null) text.Append(" from ").Append(From);
        if (To is not null) text.Append(" to ").Append(To);
        if (Port is { } port) text.Append(CultureInfo.InvariantCulture, $" port {port}");
        if (CarriesByte is { } carried && Kind != SegmentKind.Any) text.Append(CultureInfo.InvariantCulture, $" with byte {carried}");
        if (Predicate is not null) text.Append(" (own test)");
        return text.ToString();
    }

    private bool MatchesKind(in SegmentInfo segment)
    {
        if (Kind == SegmentKind.Icmp) return segment.IsIcmp;
        if (!segment.IsTcp) return false;
        return Kind switch
        {
            SegmentKind.Any => true,
            SegmentKind.Syn => segment.Has(Wire.TcpFlags.Syn) && !segment.Has(Wire.TcpFlags.Ack),
            SegmentKind.SynAck => segment.Has(Wire.TcpFlags.Syn) && segment.Has(Wire.TcpFlags.Ack),
            SegmentKind.Ack => segment.IsPureAck,
            SegmentKind.HandshakeAck => segment.IsHandshakeAck,
            SegmentKind.AckOfFin => segment.IsPureAck && segment.AcknowledgesFin,
            SegmentKind.Fin => segment.Has(Wire.TcpFlags.Fin),
            SegmentKind.Rst => segment.Has(Wire.TcpFlags.Rst),
            SegmentKind.Data => !segment.Text.IsEmpty,
            SegmentKind.Urgent => segment.Has(Wire.TcpFlags.Urg),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private bool MatchesAge(in SegmentInfo segment) => Age switch
    {
        SegmentAge.Any => true,
        SegmentAge.Original => !segment.IsRetransmission,
        SegmentAge.Retransmitted => segment.IsRetransmission,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private bool MatchesByte(in SegmentInfo segment)
    {
        if (CarriesByte is not { } offset) return true;
        return segment.IsTcp && segment.StreamOffset >= 0
            && offset >= segment.StreamOffset && offset < segment.StreamOffset + segment.Text.Length;
    }
}
