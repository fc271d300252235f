using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>What came back for an echo request: a reply, or an ICMP error that quotes it.</summary>
/// <param name="Kind"><see cref="IcmpKind.EchoReply"/>, or what the error says.</param>
/// <param name="Source">Who sent it: of an error perhaps a router on the way.</param>
/// <param name="Destination">Where the request went: of an error as it quotes it, of a reply the same as <paramref name="Source"/>.</param>
/// <param name="Sequence">The request's sequence number.</param>
/// <param name="TimeToLive">What was left of the time to live, or hop limit, when it arrived.</param>
/// <param name="Time">When it arrived.</param>
/// <param name="Length">The octets of data in the reply; 0 for an error.</param>
/// <param name="Mtu">What would fit, in octets, if <paramref name="Kind"/> is <see cref="IcmpKind.PacketTooBig"/>.</param>
public readonly record struct ReceivedEcho(
    IcmpKind Kind,
    InternetAddress Source,
    InternetAddress Destination,
    ushort Sequence,
    byte TimeToLive,
    Timestamp Time,
    int Length,
    int Mtu);
