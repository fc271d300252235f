using System.Globalization;
using System.Text;
using Synfin.Wire;

namespace Synfin.Simulation.Packets;

/// <summary>Packets in a line of text, for error messages and trails.</summary>
internal static class PacketText
{
    /// <summary>For example <c>10.0.0.1:1025 > 10.0.0.2:80 SYN,ACK seq 17 ack 4 len 0</c>.</summary>
    public static string Describe(ReadOnlySpan<byte> packet)
    {
        if (!PacketView.TryParse(packet, out PacketView view)) return $"{packet.Length} octets that are no IP packet";
        if (!view.IsTcp) return $"{view.Source} > {view.Destination} {ProtocolName(view)} {packet.Length} octets";
        string ack = view.Has(TcpFlags.Ack) ? $" ack {view.Ack}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{view.Source.WithPort(view.SourcePort)} > {view.Destination.WithPort(view.DestinationPort)} "
            + $"{FlagNames(view.Flags)} seq {view.Seq}{ack} len {view.Text.Length}");
    }

    /// <summary>For example <c>FIN,ACK</c>.</summary>
    public static string FlagNames(TcpFlags flags)
    {
        if (flags == TcpFlags.None) return "none";
        StringBuilder text = new();
        foreach (TcpFlags flag in (ReadOnlySpan<TcpFlags>)
            [TcpFlags.Syn, TcpFlags.Fin, TcpFlags.Rst, TcpFlags.Psh, TcpFlags.Ack, TcpFlags.Urg, TcpFlags.Ece, TcpFlags.Cwr, TcpFlags.Ae])
        {
            if ((flags & flag) == 0) continue;
            if (text.Length > 0) text.Append(',');
            text.Append(flag.ToString().ToUpperInvariant());
        }
        return text.ToString();
    }

    private static string ProtocolName(in PacketView view) => view.IsIcmp ? "ICMP" : $"protocol {view.Protocol}";
}
