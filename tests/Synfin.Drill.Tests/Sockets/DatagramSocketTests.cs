using System.Buffers.Binary;
using System.Net;
using Synfin.Drill.Sockets;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Tests.Sockets;

/// <summary>UDP sockets: udp(7), net/ipv4/udp.c.</summary>
public sealed class DatagramSocketTests
{
    private const ushort Port = 8080;
    private const ushort PeerPort = 40_000;

    private static readonly IPEndPoint _here = new(IPAddress.Parse("192.168.0.1"), Port);
    private static readonly IPEndPoint _there = new(IPAddress.Parse("192.0.2.1"), PeerPort);

    [Fact]
    public void Socket_without_a_peer_needs_an_address_to_send_to()
    {
        using EngineWorld world = Open();
        Assert.Equal("EDESTADDRREQ", Ask(world, new SendCall(3, 10, MessageFlags.None)));
        Assert.Equal("10", Ask(world, new SendCall(3, 10, MessageFlags.None) { Destination = _there }));
        Assert.Single(world.Sent);
        Assert.Equal("EMSGSIZE", Ask(world, new SendCall(3, 70_000, MessageFlags.None) { Destination = _there }));
        Assert.Equal("ENOTCONN", Ask(world, new NameCall(3, ofPeer: true)));
    }

    [Fact]
    public void Datagrams_are_read_one_by_one_and_cut()
    {
        using EngineWorld world = Open();
        Assert.Equal("waits", Ask(world, new ReceiveCall(3, 10, MessageFlags.None)));
        world.Arrives(Datagram(8));
        world.Arrives(Datagram(20));
        Assert.Equal("8", Ask(world, new ReceiveCall(3, 100, MessageFlags.Peek)));
        var first = new ReceiveCall(3, 100, MessageFlags.None);
        Assert.Equal("8", Ask(world, first));
        Assert.Equal(_there, first.Peer);
        var cut = new ReceiveCall(3, 5, MessageFlags.Truncate);
        Assert.Equal("20", Ask(world, cut));
        Assert.Equal(5, cut.Data.Length);
        Assert.Equal(MessageFlags.Truncate, cut.ReturnedFlags);
        Assert.Equal("EAGAIN", Ask(world, new ReceiveCall(3, 5, MessageFlags.DontWait)));
    }

    /// <summary>udp_err(): an unreachable port is told once, to a connected socket; an unreachable host only with IP_RECVERR.</summary>
    [Theory]
    [InlineData(3, "ECONNREFUSED")]
    [InlineData(1, "EAGAIN")]
    public void Icmp_is_told_to_a_connected_socket(byte code, string expected)
    {
        using EngineWorld world = Open();
        Assert.Equal("0", Ask(world, new ConnectCall(3, _there)));
        Assert.Equal("10", Ask(world, new SendCall(3, 10, MessageFlags.None)));
        world.Arrives(Unreachable(world.Sent.Dequeue(), code));
        Assert.Equal(expected, Ask(world, new ReceiveCall(3, 10, MessageFlags.DontWait)));
        Assert.Equal("EAGAIN", Ask(world, new ReceiveCall(3, 10, MessageFlags.DontWait)));
        Assert.Equal("10", Ask(world, new SendCall(3, 10, MessageFlags.None)));
    }

    [Fact]
    public void Error_is_told_by_poll_and_SO_ERROR()
    {
        using EngineWorld world = Open();
        Ask(world, new ConnectCall(3, _there));
        Ask(world, new SendCall(3, 10, MessageFlags.None));
        world.Arrives(Unreachable(world.Sent.Dequeue(), 3));
        var entry = new PollEntry(3, 0x1);
        Assert.Equal("1", Ask(world, new PollCall([entry], Duration.Zero)));
        Assert.Equal(0x8, entry.Returned);
        var option = new GetOptionCall(3, "SOL_SOCKET", "SO_ERROR");
        Ask(world, option);
        Assert.Equal(Errnos.Number("ECONNREFUSED"), option.Answer);
        Ask(world, option);
        Assert.Equal(0, option.Answer);
    }

    [Fact]
    public void Peer_can_be_let_go_again()
    {
        using EngineWorld world = Open();
        Assert.Equal("0", Ask(world, new ConnectCall(3, _there)));
        Assert.Equal("0", Ask(world, new NameCall(3, ofPeer: true)));
        Assert.Equal("0", Ask(world, new ConnectCall(3, null)));
        Assert.Equal("ENOTCONN", Ask(world, new NameCall(3, ofPeer: true)));
        Assert.Equal("EDESTADDRREQ", Ask(world, new SendCall(3, 10, MessageFlags.None)));
        world.Arrives(Datagram(8));
        Assert.Equal("8", Ask(world, new ReceiveCall(3, 10, MessageFlags.None)));
    }

    [Fact]
    public void Stream_calls_are_not_supported()
    {
        using EngineWorld world = Open();
        Assert.Equal("EOPNOTSUPP", Ask(world, new ListenCall(3, 1)));
        Assert.Equal("EOPNOTSUPP", Ask(world, new AcceptCall(3, 4, true)));
        Assert.Equal("ENOPROTOOPT", Ask(world, new SetOptionCall(3, "SOL_TCP", "TCP_NODELAY", 1)));
        Assert.Equal("ENOTCONN", Ask(world, new ShutdownCall(3, 1)));
        Assert.Equal("0", Ask(world, new CloseCall(3)));
        Assert.Equal("EBADF", Ask(world, new CloseCall(3)));
    }

    private static EngineWorld Open()
    {
        var world = new EngineWorld();
        Assert.Equal("3", Ask(world, new SocketOpenCall(3, false, stream: false, nonBlocking: false)));
        Assert.Equal("0", Ask(world, new BindCall(3, _here)));
        return world;
    }

    private static string Ask(EngineWorld world, SocketCall call)
    {
        SocketResult result = world.Sockets.Invoke(call, world.Now);
        world.Settle();
        return result.IsPending ? "waits" : result.Errno ?? FormattableString.Invariant($"{result.Value}");
    }

    private static byte[] Datagram(int length)
    {
        byte[] packet = new byte[IpHeader.Ipv4Length + UdpHeader.HeaderLength + length];
        Span<byte> udp = packet.AsSpan(IpHeader.Ipv4Length);
        InternetAddress from = InternetAddress.FromIpv4(192, 0, 2, 1), to = InternetAddress.FromIpv4(192, 168, 0, 1);
        UdpHeaderWriter.Write(udp, PeerPort, Port, length);
        UdpHeaderWriter.WriteChecksum(udp, from, to);
        IpHeaderWriter.Write(packet, from, to, IpProtocol.Udp, udp.Length, 0, 64, 0);
        return packet;
    }

    private static byte[] Unreachable(byte[] quoted, byte code)
    {
        const int Quoted = IpHeader.Ipv4Length + 8;
        byte[] packet = new byte[IpHeader.Ipv4Length + 8 + Quoted];
        Span<byte> icmp = packet.AsSpan(IpHeader.Ipv4Length);
        (icmp[0], icmp[1]) = (3, code);
        quoted.AsSpan(0, Quoted).CopyTo(icmp[8..]);
        var sum = new ChecksumAccumulator(0);
        sum.Add(icmp);
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], sum.Finish());
        InternetAddress from = InternetAddress.FromIpv4(192, 0, 2, 1), to = InternetAddress.FromIpv4(192, 168, 0, 1);
        IpHeaderWriter.Write(packet, from, to, IpProtocol.Icmp, icmp.Length, 0, 64, 0);
        return packet;
    }
}
