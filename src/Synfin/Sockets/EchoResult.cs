using Synfin.Wire;

namespace Synfin.Sockets;

/// <summary>What <see cref="EchoSocket.PingAsync"/> gives.</summary>
/// <param name="Kind"><see cref="IcmpKind.EchoReply"/>, or what an ICMP error about the request says.</param>
/// <param name="Source">Who answered: of an error perhaps a router on the way.</param>
/// <param name="RoundTripTime">From the request to the answer.</param>
/// <param name="TimeToLive">What was left of the answer's time to live, or hop limit.</param>
/// <param name="Mtu">What would fit, in octets, if <paramref name="Kind"/> is <see cref="IcmpKind.PacketTooBig"/>.</param>
public readonly record struct EchoResult(IcmpKind Kind, InternetAddress Source, TimeSpan RoundTripTime, byte TimeToLive, int Mtu)
{
    /// <summary>Whether the host that was asked has answered.</summary>
    public bool IsReply => Kind == IcmpKind.EchoReply;
}
