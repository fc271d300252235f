using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>DSCP and TTL or hop limit, of the application's choice, on every segment of a connection (RFC 9293 3.9.1.9, 3.9.2).</summary>
public sealed class IpFieldsTests
{
    private static readonly TcpConnectionOptions Marked = new() { Dscp = 46, TimeToLive = 33 };

    private static void IsMarked(Given given) => Is(given, 46, 33);

    private static void Is(Given given, int dscp, int timeToLive)
    {
        IpHeader ip = Packets.Ip(given.LastSent);
        Assert.Equal((dscp, timeToLive, 0), (ip.Dscp, ip.TimeToLive, ip.Ecn));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rfc9293", "MUST-48")]
    [Trait("Rfc9293", "MUST-49")]
    [Trait("Rfc9293", "SHLD-22")]
    public void Every_segment_of_an_accepted_connection_has_them(bool ipv6) => Given.Listening(connection: Marked, ipv6: ipv6)
        .Receives("S seq 0").Sends("S. seq 0 ack 1").And(IsMarked)
        .Receives(". seq 70000 ack 1").Sends(". seq 1 ack 1").And(IsMarked) // a half-open entry's answer
        .After(1_000).Sends("S. seq 0 ack 1").And(IsMarked)
        .Receives(". seq 1 ack 1").Accepts()
        .Writes(10).Sends("P. seq 1 len 10").And(IsMarked)
        .After(3_001).Sends("P. seq 1 len 10").And(IsMarked)
        .Receives("P. seq 1 ack 11 len 10").After(40).Sends(". seq 11 ack 11").And(IsMarked)
        .Closes().Sends("R. seq 11 ack 11").And(IsMarked);

    [Fact]
    [Trait("Rfc9293", "MUST-48")]
    [Trait("Rfc9293", "MUST-49")]
    public void A_SYN_and_a_FIN_have_them() => Given.SynSent(connection: Marked).Sends("S seq 0").And(IsMarked)
        .After(1_000).Sends("S seq 0").And(IsMarked)
        .Receives("S. seq 0 ack 1").Sends(". seq 1 ack 1").And(IsMarked)
        .Closes().Sends("F. seq 1 ack 1").And(IsMarked);

    [Fact]
    [Trait("Rfc9293", "MUST-48")]
    public void A_cookie_has_them() => Given.Listening(connection: Marked, backlog: 1)
        .From(1).Receives("S seq 0").Sends("S.").And(IsMarked).From(2).Receives("S seq 0").Sends("S.").And(IsMarked);

    [Fact]
    [Trait("Rfc9293", "SHLD-21")]
    [Trait("Rfc9293", "SHLD-23")]
    [Trait("Rfc9293", "MUST-49")]
    public void They_may_change_in_mid_connection() => Given.Established()
        .Writes(10).Sends("P. len 10").And(g => Is(g, 0, 64))
        .Sets(o => o with { Dscp = 10, TimeToLive = 255 }).Receives(". seq 1 ack 11").SendsNothing()
        .Writes(10).Sends("P. len 10").And(g => Is(g, 10, 255))
        .Sets(o => o with { Dscp = 63, TimeToLive = 1 })
        .After(201).Sends("P. len 10").And(g => Is(g, 63, 1))
        .And(g => Assert.Throws<ArgumentOutOfRangeException>("Dscp", () => g.Sets(o => o with { Dscp = 64 })))
        .And(g => Assert.Throws<ArgumentOutOfRangeException>("TimeToLive", () => g.Sets(o => o with { TimeToLive = 0 })));

    [Fact]
    [Trait("Threat", "35")]
    [Trait("Rfc", "6864 4.1")]
    public void The_identification_tells_nothing_and_nothing_is_fragmented()
    {
        Given given = Given.Established().Writes(14_600);
        while (given.Unseen > 0)
        {
            byte[] packet = given.TakeSent();
            Assert.Equal((0, 0x40), (packet[4] << 8 | packet[5], packet[6] & 0xE0));
        }
    }
}
