using Synfin.Wire;

namespace Synfin.Simulation;

/// <summary>
/// A TCP segment written by hand, for peers that do what no stack would. <see cref="Build"/> gives the IP packet with right checksums, for
/// <see cref="SimulatedNetwork.Inject"/> and <see cref="RawHost.Send"/>.
/// </summary>
public sealed record RawSegment
{
    /// <summary>The sender's address.</summary>
    public required InternetAddress Source { get; init; }

    /// <summary>The sender's port.</summary>
    public required ushort SourcePort { get; init; }

    /// <summary>The receiver's address, of the same family.</summary>
    public required InternetAddress Destination { get; init; }

    /// <summary>The receiver's port.</summary>
    public required ushort DestinationPort { get; init; }

    /// <summary>SEG.SEQ.</summary>
    public SequenceNumber Seq { get; init; }

    /// <summary>SEG.ACK.</summary>
    public SequenceNumber Ack { get; init; }

    /// <summary>The control bits.</summary>
    public TcpFlags Flags { get; init; }

    /// <summary>SEG.WND as on the wire.</summary>
    public ushort Wnd { get; init; } = 65_535;

    /// <summary>SEG.UP.</summary>
    public ushort Up { get; init; }

    /// <summary>The options.</summary>
    public TcpOptions Options { get; init; }

    /// <summary>The octets of the stream, up to 65,000.</summary>
    public ReadOnlyMemory<byte> Text { get; init; }

    /// <summary>TTL or hop limit.</summary>
    public byte TimeToLive { get; init; } = 64;

    /// <summary>DSCP and ECN, as the IP header's octet.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>A segment from the local end of <paramref name="tuple"/> to its remote end.</summary>
    public static RawSegment From(in FourTuple tuple) => new()
    {
        Source = tuple.LocalAddress,
        SourcePort = tuple.LocalPort,
        Destination = tuple.RemoteAddress,
        DestinationPort = tuple.RemotePort,
    };

    /// <summary>The whole IP packet.</summary>
    /// <exception cref="ArgumentException">The addresses are of different families, or the text is too long for a packet.</exception>
    public byte[] Build()
    {
        if (Source.IsIpv4 != Destination.IsIpv4) throw new ArgumentException("both addresses must be IPv4, or both IPv6");
        if (Text.Length > 65_000) throw new ArgumentException("a packet holds at most 65,000 octets of text");

        TcpOptions options = Options;
        Span<byte> tcp = stackalloc byte[64];
        int tcpLength = TcpHeaderWriter.Write(tcp, SourcePort, DestinationPort, Seq, Ack, Flags, Wnd, Up, in options);
        Span<byte> ip = stackalloc byte[64];
        int ipLength = IpHeaderWriter.Write(
            ip, Source, Destination, IpProtocol.Tcp, tcpLength + Text.Length, TrafficClass, TimeToLive, flowLabel: 0);

        byte[] packet = new byte[ipLength + tcpLength + Text.Length];
        ip[..ipLength].CopyTo(packet);
        tcp[..tcpLength].CopyTo(packet.AsSpan(ipLength));
        Text.Span.CopyTo(packet.AsSpan(ipLength + tcpLength));
        TcpHeaderWriter.WriteChecksum(packet.AsSpan(ipLength), Source, Destination);
        return packet;
    }
}
