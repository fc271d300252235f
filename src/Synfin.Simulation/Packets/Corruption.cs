namespace Synfin.Simulation.Packets;

/// <summary>Bit errors.</summary>
internal static class Corruption
{
    /// <summary>
    /// A copy with one bit of the IP payload flipped. The TCP checksum sees every single bit; the IPv6 header has none of its own, so
    /// that it is left alone. A packet is damaged only once: a second error could hide the first from the checksum.
    /// </summary>
    public static SimulatedPacket FlipBit(SimulatedPacket packet, DeterministicRandom random)
    {
        if (packet.IsDamaged) return packet;
        byte[] octets = packet.Octets.ToArray();
        int first = PacketView.TryParse(octets, out PacketView view) && !view.Transport.IsEmpty ? view.TransportOffset : 0;
        long bit = random.Next((octets.Length - first) * 8L);
        octets[first + (int)(bit / 8)] ^= (byte)(1 << (int)(bit % 8));
        return new SimulatedPacket(packet.Sender, packet.Destination, octets, packet.WireSegments)
        {
            LadderId = packet.LadderId,
            IsDamaged = true,
        };
    }
}
