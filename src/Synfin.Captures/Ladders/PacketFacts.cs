using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>What a ladder keeps of a packet: a segment, or an ICMP message in words.</summary>
internal readonly record struct PacketFacts(
    InternetAddress Source, InternetAddress Destination, LadderSegment? Segment, string Icmp, FourTuple? Quoted);
