using Synfin.Core.Tests.Engine;
using Synfin.Stack;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Stack;

/// <summary>Which shard a packet belongs to.</summary>
public sealed class PacketSteeringTests
{
    private static readonly InternetAddress s_us = InternetAddress.FromIpv4(10, 0, 0, 2);
    private static readonly InternetAddress s_peer = InternetAddress.FromIpv4(10, 0, 0, 1);

    private readonly PacketSteering _steering = new(new RssHash(new StackSecret(1, 2)), 4);

    [Fact]
    public void A_segment_goes_where_its_connection_is_at_home()
    {
        for (ushort port = 1; port < 500; port++)
        {
            byte[] packet = Packets.Tcp(s_peer, port, s_us, 80, TcpFlags.Syn);
            Assert.Equal(_steering.ShardOf(new FourTuple(s_us, 80, s_peer, port)), _steering.ShardOf(packet));
        }
    }

    [Fact]
    public void An_ICMP_error_goes_with_the_segment_that_it_quotes()
    {
        for (ushort port = 1; port < 500; port++)
        {
            byte[] sent = Packets.Tcp(s_us, 80, s_peer, port, TcpFlags.Ack);
            byte[] error = Packets.Error(sent, type: 3, code: 1);
            Assert.Equal(_steering.ShardOf(new FourTuple(s_us, 80, s_peer, port)), _steering.ShardOf(error));
        }
    }

    [Fact]
    public void All_else_goes_to_the_first()
    {
        Assert.Equal(0, _steering.ShardOf([]));
        Assert.Equal(0, _steering.ShardOf([0x45]));
        Assert.Equal(0, _steering.ShardOf(Packets.InIp(s_peer, s_us, IpProtocol.Udp, new byte[30])));
        Assert.Equal(0, _steering.ShardOf(Packets.InIp(s_peer, s_us, IpProtocol.Tcp, new byte[3])));
        Assert.Equal(0, _steering.ShardOf(Packets.Icmp(s_us, 8, 0, 1, new byte[20])));
    }

    [Fact]
    public void Octets_of_any_kind_harm_nothing()
    {
        var random = new Random(11);
        byte[] packet = new byte[120];
        for (int i = 0; i < 100_000; i++)
        {
            random.NextBytes(packet);
            packet[0] = (byte)(random.Next(2) == 0 ? 0x45 : 0x60);
            Assert.InRange(_steering.ShardOf(packet.AsSpan(0, random.Next(packet.Length))), 0, 3);
        }
    }
}
