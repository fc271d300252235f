using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The plainest time lines again, over IPv6.</summary>
[Trait("Rfc", "8200 8.1")]
public sealed class Ipv6Tests
{
    [Fact]
    [Trait("Rfc9293", "MUST-67")]
    public void We_open_and_close_first() => Given.SynSent(ipv6: true)
        .Sends("S seq 0 <mss 1440,sackOK,wscale 5>")
        .Receives("S. seq 0 ack 1 <mss 1440>").Sends(". seq 1 ack 1").Then(TcpState.Established)
        .Writes(2_000).Sends(". seq 1 len 1440").Sends("P. seq 1441 len 560")
        .Receives(". seq 1 ack 2001")
        .Closes().Sends("F. seq 2001 ack 1").Then(TcpState.FinWait1)
        .Receives(". seq 1 ack 2002").Then(TcpState.FinWait2)
        .Receives("F. seq 1 ack 2002").Sends(". seq 2002 ack 2").Then(TcpState.TimeWait)
        .Receives("F. seq 1 ack 2002").Sends(". seq 2002 ack 2") // the ACK was lost
        .After(60_000).Then(TcpState.Closed).SendsNothing();

    [Fact]
    public void The_peer_opens_and_closes_first() => Given.Established(ipv6: true)
        .Receives("P. seq 1 ack 1 len 1000").Reads(1_000)
        .Receives("F. seq 1001 ack 1").Sends(". seq 1 ack 1002").Then(TcpState.CloseWait).ReadsEnd()
        .Closes().Sends("F. seq 1 ack 1002").Then(TcpState.LastAck)
        .Receives(". seq 1002 ack 2").Then(TcpState.Closed).SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MUST-15")]
    public void Without_an_MSS_option_the_peer_takes_1220() => Given.Established(ipv6: true, peerOptions: "")
        .Writes(2_000).Sends(". seq 1 len 1220").Receives(". seq 1 ack 1221").Sends("P. seq 1221 len 780");

    [Fact]
    public void A_SYN_to_a_closed_port_is_reset() => Given.Listening(ipv6: true)
        .And(g => g.Listener!.Close(g.Now))
        .Receives("S seq 0").Sends("R. ack 1")
        .And(g => Assert.Equal(60, g.LastSent.Length));

    [Fact]
    public void A_cookie_opens_a_connection() => Given.Listening(ipv6: true, backlog: 1)
        .From(1).Receives("S seq 0").Sends("S. seq 0 ack 1")
        .From(2).Receives("S seq 0").Sends("S. seq 0 ack 1 <mss 1440>").Receives(". seq 1 ack 1").Accepts().Then(TcpState.Established)
        .And(g => Assert.Equal(1_200, g.Connection.Status().SendMss));

    [Fact]
    [Trait("Threat", "54")]
    public void Extension_headers_before_the_segment_are_walked()
    {
        byte[] plain = Packets.Tcp(Given.PeerIpv6, 40_000, Given.UsIpv6, 8080, TcpFlags.Syn, seq: 1000);
        byte[] packet = [.. plain.AsSpan(0, 40), IpProtocol.Tcp, 0, 1, 4, 0, 0, 0, 0, .. plain.AsSpan(40)];
        packet[6] = 60; // destination options, of padding only
        packet[5] += 8;
        Given.Listening(ipv6: true).ReceivesPacket(packet).Sends("S. seq 0 ack 1");
    }
}
