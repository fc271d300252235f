using System.Buffers.Binary;
using Synfin.Wire;

namespace Synfin.Drill.Tests.Sockets;

/// <summary>
/// The peer of a story, whose every segment the story asks for. It acknowledges what it has seen when the story says so, and not before.
/// </summary>
internal sealed class HandPeer(ISocketWorld world, ushort hostPort, ushort peerPort)
{
    private const int Mss = 1460;
    private const ushort Window = 60_000;

    private SequenceNumber _seen;
    private SequenceNumber _acknowledged;
    private bool _synSeen;
    private byte[] _last = [];

    /// <summary>The next number that it sends.</summary>
    public SequenceNumber Next { get; private set; } = new(10_000);

    /// <summary>
    /// What the host has sent since the last look, each as its flags and the octets that it carries. ACKs alone do not count, unless
    /// asked for: when they go out is seldom the socket's business.
    /// </summary>
    public string Look(bool acksToo = false)
    {
        List<string> words = [];
        foreach (byte[] packet in world.Sent) Note(packet, words, acksToo);
        world.Sent.Clear();
        return words.Count == 0 ? "nothing" : string.Join(' ', words);
    }

    /// <summary>It opens: SYN, and the handshake's last ACK.</summary>
    public void Opens()
    {
        Sends(TcpFlags.Syn, 0);
        Look();
        Acknowledges();
    }

    /// <summary>It answers the host's SYN.</summary>
    public void Answers()
    {
        Look();
        _acknowledged = _seen;
        Sends(TcpFlags.Syn | TcpFlags.Ack, 0);
    }

    public void Acknowledges()
    {
        Look();
        _acknowledged = _seen;
        Sends(TcpFlags.Ack, 0);
    }

    /// <summary>A RST that the host believes: in answer to its SYN it acknowledges that.</summary>
    public void Resets()
    {
        Look();
        if (_acknowledged == default) _acknowledged = _seen;
        Sends(TcpFlags.Rst | TcpFlags.Ack, 0);
    }

    /// <summary>A router quotes the last segment that the host sent: destination unreachable (RFC 792).</summary>
    public void RouterSays(byte type, byte code)
    {
        Look();
        const int Quoted = IpHeader.Ipv4Length + 8;
        byte[] packet = new byte[IpHeader.Ipv4Length + 8 + Quoted];
        Span<byte> icmp = packet.AsSpan(IpHeader.Ipv4Length);
        icmp[0] = type;
        icmp[1] = code;
        _last.AsSpan(0, Quoted).CopyTo(icmp[8..]);
        var sum = new ChecksumAccumulator(0);
        sum.Add(icmp);
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], sum.Finish());
        IpHeaderWriter.Write(packet, world.Peer, world.Host, IpProtocol.Icmp, icmp.Length, 0, 64, 0);
        world.Arrives(packet);
    }

    public void Sends(TcpFlags flags, int length, int urgent = 0)
    {
        byte[] packet = new byte[IpHeader.Ipv4Length + TcpHeader.MaximumLength + length];
        Span<byte> tcp = packet.AsSpan(IpHeader.Ipv4Length);
        var options = default(TcpOptions);
        if (flags.HasFlag(TcpFlags.Syn)) options.SetMaximumSegmentSize(Mss);
        SequenceNumber ack = flags.HasFlag(TcpFlags.Ack) ? _acknowledged : default;
        int header = TcpHeaderWriter.Write(tcp, peerPort, hostPort, Next, ack, flags, Window, (ushort)urgent, in options);
        for (int i = 0; i < length; i++) tcp[header + i] = (byte)('a' + i % 26);
        TcpHeaderWriter.WriteChecksum(tcp[..(header + length)], world.Peer, world.Host);
        IpHeaderWriter.Write(packet, world.Peer, world.Host, IpProtocol.Tcp, header + length, 0, 64, 0);
        Next += length + (flags.HasFlag(TcpFlags.Syn) || flags.HasFlag(TcpFlags.Fin) ? 1 : 0);
        world.Arrives(packet.AsSpan(0, IpHeader.Ipv4Length + header + length).ToArray());
    }

    private void Note(byte[] packet, List<string> words, bool acksToo)
    {
        var seg = default(Segment);
        if (IpHeader.TryParse(packet, out IpHeader ip) is not WireError.None || ip.Protocol != IpProtocol.Tcp) return;
        if (TcpHeader.TryParse(ip.Payload(packet), ref seg) is not WireError.None || seg.SourcePort != hostPort) return;
        _last = packet;
        string flags = "";
        if (seg.Has(TcpFlags.Fin)) flags += "F";
        if (seg.Has(TcpFlags.Syn)) flags += "S";
        if (seg.Has(TcpFlags.Rst)) flags += "R";
        if (seg.Has(TcpFlags.Ack)) flags += ".";
        if (!seg.Text.IsEmpty) words.Add(FormattableString.Invariant($"{flags}{seg.Text.Length}"));
        else if (acksToo || flags != ".") words.Add(flags);
        SequenceNumber end = seg.End;
        if (seg.Has(TcpFlags.Rst)) return;
        if (!_synSeen || end > _seen) _seen = end;
        _synSeen = true;
    }
}
