using System.Diagnostics;
using Synfin.Simulation.Packets;
using Synfin.Wire;

namespace Synfin.Simulation;

/// <summary>
/// Joins several hosts, each by its own link, and forwards by destination address. It takes no time and has no queue of its own: the links
/// have both. It does not touch hop limits; as a router would, it tells senders about packets that are too large for the next link.
/// </summary>
public sealed class SimulatedSwitch : SimulatedNode
{
    private const byte TimeToLive = 64;

    private readonly InternetAddress _ipv4;
    private readonly InternetAddress _ipv6;

    internal SimulatedSwitch(SimulatedNetwork network, string name, int number)
        : base(network, name)
    {
        _ipv4 = InternetAddress.FromIpv4(0x0AFF_0000 | (uint)number);
        _ipv6 = new InternetAddress(0xFD00_FFFF_0000_0000, (ulong)number);
    }

    /// <summary>Packets forwarded.</summary>
    public long Forwarded { get; private set; }

    /// <summary>Packets to addresses that nobody has; they were lost.</summary>
    public long UnknownAddress { get; private set; }

    internal override bool Reaches(InternetAddress address, SimulatedNode from)
    {
        foreach (LinkPath path in Paths)
        {
            if (path.To != from && path.To.Reaches(address, this)) return true;
        }
        return false;
    }

    internal override void Receive(SimulatedPacket packet)
    {
        if (RouteTo(packet.Destination) is not { } path)
        {
            UnknownAddress++;
            Network.Lose(packet, "unknown address");
            return;
        }
        Forwarded++;
        path.Enter(packet);
    }

    /// <summary>Tells the sender of a packet what would have fitted (RFC 1191, RFC 8201).</summary>
    internal void AnswerTooBig(SimulatedPacket packet, int mtu)
    {
        bool isIp = PacketView.TryParse(packet.Octets.Span, out PacketView view);
        Debug.Assert(isIp, "what is forwarded has a destination");
        if (view.IsIcmp || RouteTo(view.Source) is not { } path) return;

        bool isIpv4 = view.Source.IsIpv4;
        InternetAddress own = isIpv4 ? _ipv4 : _ipv6;
        int ipLength = isIpv4 ? IpHeader.Ipv4Length : IpHeader.Ipv6Length;
        Span<byte> answer = stackalloc byte[isIpv4 ? IcmpWriter.MaxErrorPacketIpv4 : IcmpWriter.MaxErrorPacketIpv6];
        int icmpLength = IcmpWriter.WritePacketTooBig(answer[ipLength..], view.Packet, mtu, own);
        byte protocol = isIpv4 ? IpProtocol.Icmp : IpProtocol.Icmpv6;
        IpHeaderWriter.Write(answer, own, view.Source, protocol, icmpLength, trafficClass: 0, TimeToLive, flowLabel: 0);
        byte[] octets = answer[..(ipLength + icmpLength)].ToArray();
        Network.Emit(new SimulatedPacket(Name, view.Source, octets, wireSegments: 1), path);
    }
}
