using System.Buffers.Binary;
using System.Diagnostics;
using Synfin.Simulation.Packets;
using Synfin.Wire;

namespace Synfin.Simulation.PathElements;

/// <summary>What middleboxes need to read and to alter TCP segments.</summary>
internal static class TcpRewriter
{
    public const byte NoOperation = 1;

    private const byte EndOfList = 0;
    private const int SeqOffset = 4;
    private const int FlagsOffset = 12;

    /// <summary>Reads a TCP segment that may be altered: one whose checksum is right.</summary>
    public static bool TryRead(SimulatedPacket packet, out PacketView view) =>
        PacketView.TryParse(packet.Octets.Span, out view) && view.IsTcp && Checksums.IsTcpRight(in view);

    /// <summary>The same segment with other options of the same length.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="edit">Alters the octets between the fixed header and the text; returns whether it did.</param>
    public static SimulatedPacket EditOptions(SimulatedPacket packet, OptionEditor edit)
    {
        if (!TryRead(packet, out PacketView view)) return packet;
        int start = view.TransportOffset + TcpHeader.MinimumLength;
        if (start == view.TextOffset) return packet;
        byte[] octets = view.Packet.ToArray();
        if (!edit(view, octets.AsSpan(start..view.TextOffset))) return packet;
        TcpHeaderWriter.WriteChecksum(octets.AsSpan(view.TransportOffset), view.Source, view.Destination);
        return packet.With(octets, packet.WireSegments);
    }

    /// <summary>A segment with the headers of another, and other text.</summary>
    public static SimulatedPacket WithText(
        SimulatedPacket packet,
        scoped in PacketView view,
        SequenceNumber seq,
        TcpFlags flags,
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> more = default)
    {
        Debug.Assert(view.IsTcp, "only segments have text");
        byte[] octets = new byte[view.TextOffset + text.Length + more.Length];
        view.Packet[..view.TextOffset].CopyTo(octets);
        text.CopyTo(octets.AsSpan(view.TextOffset));
        more.CopyTo(octets.AsSpan(view.TextOffset + text.Length));
        Checksums.WriteIpLength(octets);
        Span<byte> tcp = octets.AsSpan(view.TransportOffset);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[SeqOffset..], seq.Value);
        int reserved = BinaryPrimitives.ReadUInt16BigEndian(tcp[FlagsOffset..]) & 0xFE00;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[FlagsOffset..], (ushort)(reserved | (int)flags));
        TcpHeaderWriter.WriteChecksum(tcp, view.Source, view.Destination);
        return packet.With(octets);
    }

    /// <summary>The option at <paramref name="at"/>, which is moved behind it; false at the end or at nonsense.</summary>
    public static bool TryNextOption(ReadOnlySpan<byte> options, ref int at, out Range option)
    {
        option = default;
        while (at < options.Length && options[at] == NoOperation) at++;
        if (at + 1 >= options.Length || options[at] == EndOfList) return false;
        int length = options[at + 1];
        if (length < 2 || at + length > options.Length) return false;
        option = at..(at + length);
        at += length;
        return true;
    }
}

/// <summary>Alters the options of a segment in place; returns whether it did.</summary>
internal delegate bool OptionEditor(in PacketView segment, Span<byte> options);
