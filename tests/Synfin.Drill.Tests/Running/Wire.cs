using Synfin.Drill.Language;
using Synfin.Drill.Running;
using Synfin.Wire;

namespace Synfin.Drill.Tests.Running;

/// <summary>Segments in the script's notation, as lines and as packets of the stack under test.</summary>
internal static class Wire
{
    /// <summary>The addresses of IPv4.</summary>
    public static DrillAddresses Addresses { get; } = new(IpVersion.Ipv4, new ScriptOptions());

    /// <summary>A line's segment.</summary>
    public static ScriptSegment Line(string text) =>
        (ScriptSegment)((PacketEvent)ScriptParser.Parse("x.pkt", $"0 > {text}\n", new Dictionary<string, string>()).Events[0]).Packet;

    /// <summary>A packet from the stack under test; its numbers are as written.</summary>
    public static byte[] Segment(string text, ushort localPort = 8080, ushort remotePort = 49_152, byte trafficClass = 0)
    {
        ScriptSegment line = Line(text);
        byte[] options = OptionCodec.Write(line.Options);
        int header = TcpHeader.MinimumLength + options.Length;
        byte[] packet = new byte[IpHeader.Ipv4Length + header + line.Length];
        IpHeaderWriter.Write(packet, Addresses.Local, Addresses.Remote, IpProtocol.Tcp, header + line.Length, trafficClass, 64, 0);
        Span<byte> tcp = packet.AsSpan(IpHeader.Ipv4Length);
        TcpOptions none = default;
        TcpHeaderWriter.Write(
            tcp, localPort, remotePort, new SequenceNumber((uint)line.Seq), new SequenceNumber((uint)(line.Ack ?? 0)), (TcpFlags)line.Flags,
            (ushort)(line.Window ?? 0), (ushort)(line.Urgent ?? 0), in none);
        tcp[12] = (byte)(header / 4 << 4 | tcp[12] & 0xF);
        options.CopyTo(tcp[TcpHeader.MinimumLength..]);
        TcpHeaderWriter.WriteChecksum(tcp, Addresses.Local, Addresses.Remote);
        return packet;
    }
}
