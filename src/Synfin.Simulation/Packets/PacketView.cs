using System.Buffers.Binary;
using Synfin.Wire;

namespace Synfin.Simulation.Packets;

/// <summary>
/// What the network itself reads of a packet: the IP header, and the fixed part of the TCP header if there is a whole one. It reads no
/// options and checks no TCP checksum: that is left to the receiver.
/// </summary>
internal readonly ref struct PacketView
{
    private readonly IpHeader _ip;

    private PacketView(ReadOnlySpan<byte> packet, scoped in IpHeader ip, int textOffset)
    {
        Packet = packet;
        _ip = ip;
        TextOffset = textOffset;
    }

    /// <summary>The packet as its IP header delimits it.</summary>
    public ReadOnlySpan<byte> Packet { get; }

    public InternetAddress Source => _ip.Source;

    public InternetAddress Destination => _ip.Destination;

    public byte Protocol => _ip.Protocol;

    /// <summary>Where the IP payload starts.</summary>
    public int TransportOffset => _ip.PayloadOffset;

    /// <summary>Where the TCP text starts; only meaningful with <see cref="IsTcp"/>.</summary>
    public int TextOffset { get; }

    /// <summary>Whether a whole TCP header is there.</summary>
    public bool IsTcp => TextOffset != 0;

    public bool IsIcmp => Protocol is IpProtocol.Icmp or IpProtocol.Icmpv6;

    public ReadOnlySpan<byte> Transport => Packet[TransportOffset..];

    public ReadOnlySpan<byte> Text => Packet[TextOffset..];

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(Transport);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(Transport[2..]);

    public SequenceNumber Seq => new(BinaryPrimitives.ReadUInt32BigEndian(Transport[4..]));

    public SequenceNumber Ack => new(BinaryPrimitives.ReadUInt32BigEndian(Transport[8..]));

    public TcpFlags Flags => (TcpFlags)(BinaryPrimitives.ReadUInt16BigEndian(Transport[12..]) & 0x1FF);

    public ushort Wnd => BinaryPrimitives.ReadUInt16BigEndian(Transport[14..]);

    /// <summary>SEG.LEN.</summary>
    public int Len => Text.Length + (Has(TcpFlags.Syn) ? 1 : 0) + (Has(TcpFlags.Fin) ? 1 : 0);

    /// <summary>An acknowledgment and nothing else.</summary>
    public bool IsPureAck => Text.IsEmpty && (Flags & (TcpFlags.Ack | TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst)) == TcpFlags.Ack;

    /// <summary>The connection, seen from the sender.</summary>
    public FourTuple FromSender => new(Source, SourcePort, Destination, DestinationPort);

    public bool Has(TcpFlags flag) => (Flags & flag) != 0;

    /// <summary>Reads a packet.</summary>
    /// <returns>False if it has no IP header that makes sense.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, out PacketView view)
    {
        view = default;
        if (IpHeader.TryParse(packet, out IpHeader ip) != WireError.None) return false;
        packet = packet[..(ip.PayloadOffset + ip.PayloadLength)];
        view = new PacketView(packet, in ip, FindText(packet[ip.PayloadOffset..], in ip));
        return true;
    }

    /// <summary>Where the TCP text starts in the packet, or 0 if there is no whole TCP header.</summary>
    private static int FindText(ReadOnlySpan<byte> transport, in IpHeader ip)
    {
        if (ip.Protocol != IpProtocol.Tcp || ip.IsFragment || transport.Length < TcpHeader.MinimumLength) return 0;
        int header = (transport[12] >> 4) * 4;
        return header < TcpHeader.MinimumLength || header > transport.Length ? 0 : ip.PayloadOffset + header;
    }
}
