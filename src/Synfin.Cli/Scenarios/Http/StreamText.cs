using System.Buffers.Binary;
using Synfin.Captures.Ladders;
using Synfin.Simulation;
using Synfin.Wire;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>What one end of a connection sent, put together from its packets.</summary>
/// <param name="Connection">The connection's number in the ladder.</param>
/// <param name="Side">Who sent it.</param>
/// <param name="Octets">The stream from its first octet, SYN and FIN left out.</param>
internal sealed record StreamText(int Connection, LadderSide Side, byte[] Octets)
{
    /// <summary>Both directions of all connections of a ladder.</summary>
    public static IReadOnlyList<StreamText> Of(SimulatedNetwork network, Ladder ladder)
    {
        List<StreamText> streams = [];
        foreach (LadderConnection connection in ladder.Connections)
        {
            streams.Add(Of(network, connection.Number, LadderSide.Left, connection.Tuple, connection.LeftBase));
            streams.Add(Of(network, connection.Number, LadderSide.Right, connection.Tuple.Reversed, connection.RightBase));
        }
        return streams;
    }

    private static StreamText Of(SimulatedNetwork network, int number, LadderSide side, FourTuple tuple, SequenceNumber? initial)
    {
        byte[] octets = [];
        foreach (PacketRecord packet in network.Packets)
        {
            if (packet.Fate is not PacketFate.Sent || initial is not { } iss) continue;
            if (!TryRead(packet.Packet.Octets.Span, tuple, out SequenceNumber seq, out ReadOnlySpan<byte> text) || text.IsEmpty) continue;
            int at = seq - (iss + 1);
            if (at < 0) continue;
            if (at + text.Length > octets.Length) Array.Resize(ref octets, at + text.Length);
            text.CopyTo(octets.AsSpan(at));
        }
        return new StreamText(number, side, octets);
    }

    private static bool TryRead(ReadOnlySpan<byte> packet, in FourTuple tuple, out SequenceNumber seq, out ReadOnlySpan<byte> text)
    {
        seq = default;
        text = default;
        if (IpHeader.TryParse(packet, out IpHeader ip) is not WireError.None || ip.Protocol != IpProtocol.Tcp) return false;
        ReadOnlySpan<byte> tcp = ip.Payload(packet);
        FourTuple found = new(
            ip.Source, BinaryPrimitives.ReadUInt16BigEndian(tcp), ip.Destination, BinaryPrimitives.ReadUInt16BigEndian(tcp[2..]));
        seq = new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]));
        text = tcp[((tcp[12] >> 4) * 4)..];
        return found == tuple;
    }
}
