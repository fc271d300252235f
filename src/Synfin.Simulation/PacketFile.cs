using System.Globalization;
using Synfin.Captures.Pcapng;
using Synfin.Simulation.Faults;

namespace Synfin.Simulation;

/// <summary>Writes what was recorded to a file for Wireshark.</summary>
internal static class PacketFile
{
    /// <summary>One interface a host, which shows what that host sent and got; lost packets say so in a comment.</summary>
    public static void Write(SimulatedNetwork net, Stream stream, string? host)
    {
        PcapngOptions options = new() { Epoch = VirtualTimeProvider.Epoch, Comment = CommentOn(net) };
        using PcapngWriter writer = new(stream, options);
        Dictionary<string, int> interfaces = [];
        Dictionary<SimulatedPacket, string> losses = new(ReferenceEqualityComparer.Instance);
        foreach (PacketRecord record in net.Packets)
        {
            if (record.Fate == PacketFate.Lost) losses.TryAdd(record.Packet, record.Reason);
            else if ((host is null || host == record.Host) && !interfaces.ContainsKey(record.Host))
                interfaces.Add(record.Host, writer.AddInterface(record.Host));
        }
        foreach (PacketRecord record in net.Packets)
        {
            if (record.Fate == PacketFate.Lost || !interfaces.TryGetValue(record.Host, out int at)) continue;
            string? comment = record.Fate == PacketFate.Sent ? losses.GetValueOrDefault(record.Packet) : null;
            writer.Write(at, record.Packet.Octets.Span, record.Time, comment);
        }
    }

    private static string CommentOn(SimulatedNetwork net)
    {
        string comment = string.Create(CultureInfo.InvariantCulture, $"seed {net.Options.Seed}");
        foreach (IFault fault in net.AllFaults) comment += $"; {fault.Tally}";
        if (net.PacketsMissing > 0)
            comment += string.Create(CultureInfo.InvariantCulture, $"; {net.PacketsMissing} later packets are missing (MaxRecordedOctets)");
        return comment;
    }
}
