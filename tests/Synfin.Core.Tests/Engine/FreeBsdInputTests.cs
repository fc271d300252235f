using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>How the FreeBSD profile judges arriving segments: tcp_do_segment(), tcp_syncache.c, tcp_twcheck().</summary>
public sealed class FreeBsdInputTests
{
    private static readonly StackOptions _freeBsd = new() { Profile = TcpProfile.FreeBsd };

    [Fact]
    [Trait("Rfc", "5961 3.2")]
    public void A_RST_is_compared_with_the_last_ACK_sent()
    {
        Given.Established(_freeBsd).Receives(". seq 1 ack 1 len 10").SendsNothing().Receives("R seq 11").Sends(". seq 1 ack 11")
            .Receives("R seq 11").SendsNothing().Then(TcpState.Closed);
        Given.Established(_freeBsd).Receives(". seq 1 ack 1 len 10").Receives("R seq 1").SendsNothing().Then(TcpState.Closed);
    }

    [Fact]
    [Trait("Rfc", "5961 7")]
    public void Five_challenge_ACKs_a_second_go_out()
    {
        Given given = Given.Established(_freeBsd).After(10_000);
        for (int i = 0; i < 5; i++) given.Receives("R seq 100").Sends(". seq 1 ack 1");
        given.Receives("R seq 100").SendsNothing().After(1_000).Receives("R seq 100").Sends(". seq 1 ack 1");
    }

    [Fact]
    public void Each_old_segment_is_answered_and_its_ACK_counts() => Given.Established(_freeBsd)
        .Receives(". seq 1 ack 1 len 10").After(40).Sends(". ack 11").Writes(5).Sends("P. seq 1 ack 11 len 5")
        .Receives(". seq 0 ack 1").Sends(". seq 6 ack 11").Receives(". seq 0 ack 1").Sends(". seq 6 ack 11")
        .Receives(". seq 1 ack 6 len 10").Sends(". seq 6 ack 11").After(10_000).SendsNothing();

    [Fact]
    public void The_syncache_answers_any_SYN_and_forgets_at_a_wrong_ACK()
    {
        Given.Listening(_freeBsd).Receives("S seq 0 <mss 1460>").Sends("S. ack 1").Receives("S seq 5000 <mss 1460>").Sends("S. ack 1")
            .After(1_000).Sends("S. ack 1").Then(TcpState.SynReceived);
        Given.Listening(_freeBsd).Receives("S seq 0 <mss 1460>").Sends("S. ack 1").Receives(". seq 1 ack 2").Sends("R seq 2")
            .After(60_000).SendsNothing().Then(TcpState.Listen);
    }
}
