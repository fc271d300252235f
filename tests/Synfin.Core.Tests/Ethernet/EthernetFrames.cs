using System.Buffers.Binary;
using Synfin.Stack;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ethernet;

/// <summary>Frames in words, and words as frames.</summary>
internal static class EthernetFrames
{
    public static MacAddress MacOf(byte number) => new(0x0200_0000_0000ul | number);

    public static byte[] Frame(MacAddress to, MacAddress from, ushort type, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[EthernetHeader.Length + payload.Length];
        new EthernetHeader(to, from, type).WriteTo(frame);
        payload.CopyTo(frame.AsSpan(EthernetHeader.Length));
        return frame;
    }

    public static byte[] Arp(
        ArpOperation operation, byte from, string sender, string target, MacAddress? to = null, MacAddress? targetMac = null)
    {
        byte[] packet = new byte[ArpPacket.Length];
        InternetAddress a = InternetAddress.Parse(sender), b = InternetAddress.Parse(target);
        new ArpPacket(operation, MacOf(from), a, targetMac ?? default, b).WriteTo(packet);
        return Frame(to ?? MacAddress.Broadcast, MacOf(from), EtherType.Arp, packet);
    }

    /// <summary>An ICMPv6 message of any kind with a right checksum, to the group's or a host's Ethernet address.</summary>
    public static byte[] Icmpv6(
        byte from, string source, string destination, ReadOnlySpan<byte> message, byte hopLimit = 255, MacAddress? to = null)
    {
        InternetAddress a = InternetAddress.Parse(source), b = InternetAddress.Parse(destination);
        byte[] packet = new byte[IpHeader.Ipv6Length + message.Length];
        IpHeaderWriter.Write(packet, a, b, IpProtocol.Icmpv6, message.Length, 0, hopLimit, 0);
        Span<byte> icmp = packet.AsSpan(IpHeader.Ipv6Length);
        message.CopyTo(icmp);
        icmp[2] = icmp[3] = 0;
        ulong pseudo = InternetChecksum.PseudoHeader(a, b, IpProtocol.Icmpv6, message.Length);
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], InternetChecksum.Finish(InternetChecksum.Sum(icmp, pseudo)));
        return Frame(to ?? (b.IsMulticast ? MacAddress.ForGroup(b) : MacAddress.Broadcast), MacOf(from), EtherType.Ipv6, packet);
    }

    public static byte[] Solicitation(byte from, string source, string target, MacAddress to)
    {
        byte[] packet = new byte[NeighborDiscoveryWriter.MaxLength];
        InternetAddress about = InternetAddress.Parse(target);
        int length = NeighborDiscoveryWriter.WriteNeighborSolicitation(
            packet, InternetAddress.Parse(source), to.IsGroup ? about.SolicitedNode : about, about, MacOf(from));
        return Frame(to, MacOf(from), EtherType.Ipv6, packet.AsSpan(0, length));
    }

    public static byte[] Advertisement(
        byte from, string target, string destination, MacAddress to, bool solicited, bool overrides, bool router = false, byte? at = null)
    {
        byte[] packet = new byte[NeighborDiscoveryWriter.MaxLength];
        InternetAddress about = InternetAddress.Parse(target);
        int length = NeighborDiscoveryWriter.WriteNeighborAdvertisement(
            packet, about, InternetAddress.Parse(destination), about, MacOf(at ?? from), solicited, overrides, router);
        return Frame(to, MacOf(from), EtherType.Ipv6, packet.AsSpan(0, length));
    }

    /// <summary>A router advertisement to all nodes, with options as they stand.</summary>
    public static byte[] Router(byte from, string source, int lifetime, byte preference = 0, params byte[][] options)
    {
        byte[] message = [134, 0, 0, 0, 64, (byte)(preference << 3), (byte)(lifetime >> 8), (byte)lifetime, 0, 0, 0, 0, 0, 0, 0, 0,
            .. options.SelectMany(option => option)];
        return Icmpv6(from, source, "ff02::1", message);
    }

    public static byte[] Prefix(string prefix, int length, uint valid, uint preferred, bool onLink = true, bool autonomous = true)
    {
        byte[] option = new byte[32];
        option[0] = 3;
        option[1] = 4;
        option[2] = (byte)length;
        option[3] = (byte)((onLink ? 0x80 : 0) | (autonomous ? 0x40 : 0));
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(4), valid);
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(8), preferred);
        InternetAddress.Parse(prefix).WriteTo(option.AsSpan(16));
        return option;
    }

    public static byte[] MtuOption(uint mtu) => [5, 1, 0, 0, (byte)(mtu >> 24), (byte)(mtu >> 16), (byte)(mtu >> 8), (byte)mtu];

    public static byte[] SourceMac(byte number) => [1, 1, 2, 0, 0, 0, 0, number];

    public static byte[] DnsServers(uint lifetime, params string[] servers)
    {
        byte[] option = new byte[8 + 16 * servers.Length];
        option[0] = 25;
        option[1] = (byte)(option.Length / 8);
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(4), lifetime);
        for (int i = 0; i < servers.Length; i++) InternetAddress.Parse(servers[i]).WriteTo(option.AsSpan(8 + 16 * i));
        return option;
    }

    /// <summary>What a frame says.</summary>
    public static string Describe(byte[] frame)
    {
        Assert.Equal(WireError.None, EthernetHeader.TryParse(frame, out EthernetHeader header));
        ReadOnlySpan<byte> payload = frame.AsSpan(EthernetHeader.Length);
        string to = header.Destination == MacAddress.Broadcast ? "all"
            : header.Destination.IsGroup ? "group" : $"{header.Destination.Value & 0xFF}";
        string text = header.Type == EtherType.Arp ? DescribeArp(payload) : DescribeIp(payload);
        return $"{header.Source.Value & 0xFF} to {to}: {text}";
    }

    /// <summary>The metadata of a frame on its way out fits the frame, whatever was put in front of it.</summary>
    public static void CheckOutbound(in OutboundPacket packet, byte[] frame)
    {
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12));
        if (type == EtherType.Arp) return;
        int ip = type == EtherType.Ipv4 ? IpHeader.Ipv4Length : IpHeader.Ipv6Length;
        int extensions = type == EtherType.Ipv6 && frame[20] == 0 ? 8 : 0;
        if (frame[14 + (ip == 20 ? 9 : 6)] == IpProtocol.Tcp)
        {
            Assert.Equal(EthernetHeader.Length + ip, packet.TransportOffset);
            if (packet.WireSegments > 1) Assert.True(packet.Text.Length > packet.SegmentSize, "text is where the link cuts it");
        }
        int length = type == EtherType.Ipv4
            ? BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(16))
            : IpHeader.Ipv6Length + BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(18));
        Assert.Equal(frame.Length - EthernetHeader.Length, length);
        Assert.InRange(extensions, 0, 8);
    }

    private static string DescribeArp(ReadOnlySpan<byte> payload)
    {
        Assert.Equal(WireError.None, ArpPacket.TryParse(payload, out ArpPacket arp));
        if (arp.Operation is ArpOperation.Reply) return $"{arp.SenderAddress} is at {arp.SenderMac.Value & 0xFF}";
        if (arp.SenderAddress == arp.TargetAddress) return $"{arp.SenderAddress} is mine";
        return arp.SenderAddress.IsUnspecified
            ? $"may I have {arp.TargetAddress}?"
            : $"who has {arp.TargetAddress}? tell {arp.SenderAddress}";
    }

    private static string DescribeIp(ReadOnlySpan<byte> packet)
    {
        Assert.Equal(WireError.None, IpHeader.TryParse(packet, out IpHeader ip));
        ReadOnlySpan<byte> payload = ip.Payload(packet);
        if (ip.Protocol != IpProtocol.Icmpv6) return $"{(ip.Protocol == IpProtocol.Tcp ? "tcp" : "udp")} to {ip.Destination}";
        if (payload[0] is 131 or 143)
        {
            InternetAddress group = InternetAddress.FromBytes(payload.Slice(payload[0] == 131 ? 8 : 12, 16));
            string words = payload[0] == 131 ? "v1" : ((ListenerRecord)payload[8]).ToString();
            return $"{(ip.Source.IsUnspecified ? "nobody " : "")}{words} {group}";
        }
        if (NeighborDiscoveryMessage.TryParse(payload, in ip, out NeighborDiscoveryMessage message) is not WireError.None)
            return $"icmp {payload[0]} to {ip.Destination}";
        ulong at = message.TryFindMac(out MacAddress mac) ? mac.Value & 0xFF : 0;
        return message.Type switch
        {
            NeighborDiscoveryType.NeighborSolicitation when ip.Source.IsUnspecified => $"may I have {message.Target}?",
            NeighborDiscoveryType.NeighborSolicitation => $"who has {message.Target}? tell {ip.Source}",
            NeighborDiscoveryType.NeighborAdvertisement when !message.IsSolicited => $"{message.Target} is mine",
            NeighborDiscoveryType.NeighborAdvertisement => $"{message.Target} is at {at}",
            NeighborDiscoveryType.RouterSolicitation => "routers?",
            _ => message.Type.ToString(),
        };
    }
}
