using Synfin.Core.Tests.Engine;
using Synfin.Wire;

namespace Synfin.Core.Tests.Ip;

/// <summary>Fragments made by hand, and put together again by the simplest means.</summary>
internal static class Fragments
{
    /// <summary>One fragment.</summary>
    public static byte[] One(
        InternetAddress from,
        InternetAddress to,
        byte protocol,
        ReadOnlySpan<byte> payload,
        int offset,
        bool more,
        uint id = 7,
        byte trafficClass = 0)
    {
        byte[] packet = new byte[48 + payload.Length];
        int header = IpHeaderWriter.WriteFragment(packet, from, to, protocol, payload.Length, trafficClass, 64, id, offset, more);
        payload.CopyTo(packet.AsSpan(header));
        return packet[..(header + payload.Length)];
    }

    /// <summary>A packet in fragments of so many octets each.</summary>
    public static List<byte[]> Of(byte[] packet, int size, uint id = 7)
    {
        IpHeader ip = Packets.Ip(packet);
        ReadOnlySpan<byte> payload = ip.Payload(packet);
        List<byte[]> fragments = [];
        for (int offset = 0; offset < payload.Length; offset += size)
        {
            int length = Math.Min(size, payload.Length - offset);
            bool more = offset + length < payload.Length;
            fragments.Add(One(ip.Source, ip.Destination, ip.Protocol, payload.Slice(offset, length), offset, more, id));
        }
        return fragments;
    }

    /// <summary>Where a fragment belongs, and which datagram it is of.</summary>
    public static (int Offset, int Length, bool More, uint Id) Read(byte[] fragment)
    {
        IpHeader ip = Packets.Ip(fragment);
        bool v6 = ip.Version == 6;
        bool more = v6 ? (fragment[43] & 1) != 0 : (fragment[6] & 0x20) != 0;
        uint id = v6
            ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(fragment.AsSpan(44))
            : System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(fragment.AsSpan(4));
        return (ip.FragmentOffset, ip.PayloadLength, more, id);
    }

    /// <summary>The payload of fragments that come in order and leave no gap.</summary>
    public static byte[] Joined(IReadOnlyList<byte[]> fragments)
    {
        List<byte> payload = [];
        for (int i = 0; i < fragments.Count; i++)
        {
            (int offset, _, bool more, uint id) = Read(fragments[i]);
            if (offset != payload.Count || more != i < fragments.Count - 1 || id != Read(fragments[0]).Id)
                throw new InvalidOperationException($"fragment {i} does not follow the others");
            payload.AddRange(Packets.Ip(fragments[i]).Payload(fragments[i]));
        }
        return [.. payload];
    }
}
