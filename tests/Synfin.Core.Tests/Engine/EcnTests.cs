using Synfin.Stack;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>ECN (RFC 3168): how the ends agree on it, and what the receiver of text does. The sender's part: EcnReductionTests.</summary>
[Trait("Rfc9293", "SHLD-8")]
public sealed class EcnTests
{
    private static readonly StackOptions _asks = new() { Profile = TcpProfile.Default with { Ecn = EcnMode.Request } };
    private static readonly StackOptions _never = new() { Profile = TcpProfile.Default with { Ecn = EcnMode.Off } };

    /// <summary>A peer that asked, and got ECN.</summary>
    private static Given Agreed(TcpProfile? profile = null) => Given.Listening(new StackOptions { Profile = profile ?? TcpProfile.Default })
        .Receives("SEW seq 0 <mss 1460>").Sends("S.E seq 0 ack 1 noect").Receives(". seq 1 ack 1").Accepts().SendsNothing();

    private static void Uses(Given given, bool ecn) => Assert.Equal(ecn, given.Connection.Status().Ecn);

    [Fact]
    [Trait("Rfc", "3168 6.1.1")]
    [Trait("Clause", "RFC3168-1")]
    public void A_SYN_that_asks_is_answered_by_ECE_alone_and_new_text_has_ECT0() => Agreed()
        .And(g => Uses(g, true))
        .Writes(100).Sends("P. seq 1 len 100 ect0").Receives(". seq 1 ack 101").SendsNothing();

    [Theory]
    [InlineData("S")]
    [InlineData("SE")]
    [InlineData("SW")]
    [InlineData("SEW ce")]
    [InlineData("SEW ect0")]
    [Trait("Rfc", "3168 6.1.1")]
    [Trait("Clause", "RFC3168-2")]
    public void A_SYN_that_does_not_ask_or_was_tampered_with_gets_none(string syn) => Given.Listening()
        .Receives($"{syn} seq 0 <mss 1460>").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").Accepts()
        .And(g => Uses(g, false))
        .Writes(100).Sends("P. seq 1 len 100 noect")
        .Receives("P. seq 1 ack 101 len 10 ce").After(40).Sends(". seq 101 ack 11 noect");

    [Fact]
    [Trait("Rfc", "3168 6.1.1")]
    public void Where_it_is_off_nobody_gets_it() => Given.Listening(_never)
        .Receives("SEW seq 0 <mss 1460>").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").Accepts().And(g => Uses(g, false));

    [Fact]
    [Trait("Rfc", "3168 6.1.1")]
    [Trait("Clause", "RFC3168-1")]
    public void Our_SYN_asks_and_a_SYN_ACK_with_ECE_agrees() => Given.SynSent(_asks).Sends("SEW seq 0 noect")
        .Receives("S.E seq 0 ack 1 <mss 1460>").Sends(". seq 1 ack 1 noect").And(g => Uses(g, true))
        .Writes(100).Sends("P. seq 1 len 100 ect0");

    [Theory]
    [InlineData("S.")]
    [InlineData("S.W")]
    [InlineData("S.EW")]
    [Trait("Rfc", "3168 6.1.1")]
    [Trait("Clause", "RFC3168-2")]
    public void A_SYN_ACK_that_sends_our_flags_back_does_not_agree(string answer) => Given.SynSent(_asks).Sends("SEW seq 0")
        .Receives($"{answer} seq 0 ack 1 <mss 1460>").Sends(". seq 1 ack 1").And(g => Uses(g, false))
        .Writes(100).Sends("P. seq 1 len 100 noect");

    [Fact]
    [Trait("Rfc", "3168 6.1.1")]
    public void Who_did_not_ask_is_not_agreed_with() => Given.SynSent().Sends("S seq 0")
        .Receives("S.E seq 0 ack 1 <mss 1460>").Sends(". seq 1 ack 1").And(g => Uses(g, false));

    [Fact]
    [Trait("Rfc", "3168 6.1.1.1")]
    [Trait("Clause", "RFC3168-3")]
    public void A_SYN_that_is_sent_again_does_not_ask() => Given.SynSent(_asks).Sends("SEW seq 0")
        .After(1_000).Sends("S seq 0").After(2_000).Sends("S seq 0")
        .Receives("S.E seq 0 ack 1 <mss 1460>").Sends(". seq 1 ack 1") // of the first SYN, but another was sent since
        .And(g => Uses(g, false)).Writes(100).Sends("P. seq 1 len 100 noect");

    [Fact]
    [Trait("Rfc", "3168 6.1.1.1")]
    public void How_often_it_asks_is_the_profiles_choice()
    {
        var profile = TcpProfile.FreeBsd with { Ecn = EcnMode.Request };
        Given.SynSent(new StackOptions { Profile = profile }).Sends("SEW seq 0").After(1_000).Sends("SEW seq 0")
            .After(2_400).Sends("S seq 0");
    }

    [Fact]
    [Trait("Rfc", "3168 6.1.1")]
    [Trait("Clause", "RFC3168-3")]
    public void A_peer_that_falls_back_gets_a_SYN_ACK_without() => Given.Listening()
        .Receives("SEW seq 0 <mss 1460>").Sends("S.E seq 0 ack 1").Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1")
        .Receives(". seq 1 ack 1").Accepts().And(g => Uses(g, false));

    [Fact]
    [Trait("Rfc", "3168 6.1.1")]
    public void A_SYN_ACK_that_is_sent_again_still_agrees() => Given.Listening()
        .Receives("SEW seq 0 <mss 1460>").Sends("S.E seq 0 ack 1").After(1_000).Sends("S.E seq 0 ack 1")
        .Receives(". seq 1 ack 1").Accepts().And(g => Uses(g, true));

    [Theory]
    [InlineData("SEW", "S.E", "S.E", true)]
    [InlineData("SEW", "S.E", "S.", false)]
    [InlineData("S", "S.", "S.E", false)]
    [Trait("Rfc", "3168 6.1.1")]
    [Trait("Clause", "RFC3168-1")]
    public void SYNs_that_cross_both_ask(string theirs, string ours, string last, bool used) => Given.SynSent(_asks).Sends("SEW seq 0")
        .Receives($"{theirs} seq 0 <mss 1460>").Sends($"{ours} seq 0 ack 1")
        .Receives($"{last} seq 0 ack 1 <mss 1460>").And(g => Uses(g, used));

    [Theory]
    [InlineData("<mss 1460,sackOK,TS val 5 ecr 0>", true)]
    [InlineData("<mss 1460>", false)]
    [Trait("Rfc", "3168 6.1.1")]
    [Trait("Rfc", "4987 3.6")]
    public void A_cookie_carries_it_in_the_timestamp(string options, bool carried) => Given.Listening(backlog: 1)
        .From(1).Receives("S seq 0").Sends("S. seq 0 ack 1").From(2)
        .Receives($"SEW seq 0 {options}").Sends(carried ? "S.E seq 0 ack 1" : "S. seq 0 ack 1")
        .Receives(carried ? ". seq 1 ack 1 <TS val 6 ecr last>" : ". seq 1 ack 1").Accepts().And(g => Uses(g, carried));

    [Fact]
    [Trait("Rfc", "9768 3.1.2")]
    public void Who_asks_for_accurate_ECN_gets_the_classic_one()
    {
        Given given = Given.Listening();
        byte[] syn = SegmentScript.Build("SEW seq 0 ect1 <mss 1460>", given);
        syn[IpHeader.Ipv4Length + 12] |= 1; // AE
        TcpHeaderWriter.WriteChecksum(syn.AsSpan(IpHeader.Ipv4Length), Given.Peer, Given.Us);
        given.ReceivesPacket(syn).Sends("S.E seq 0 ack 1");
    }

    [Fact]
    [Trait("Rfc", "3168 6.1.3")]
    [Trait("Clause", "RFC3168-6")]
    public void After_CE_all_ACKs_have_ECE_until_CWR_comes() => Agreed()
        .Receives("P. seq 1 ack 1 len 10 ce").After(40).Sends(".E seq 1 ack 11 noect")
        .Receives("P. seq 11 ack 1 len 10 ect0").After(40).Sends(".E seq 1 ack 21")
        .Writes(10).Sends("P.E seq 1 ack 21 len 10 ect0") // with text too
        .Receives("P.W seq 21 ack 11 len 10 ect0").Sends(". seq 11 ack 31").SendsNothing(); // at once: the peer's window is small

    [Fact]
    [Trait("Rfc", "3168 6.1.3")]
    [Trait("Clause", "RFC3168-6")]
    public void CE_on_the_segment_with_CWR_begins_anew() => Agreed()
        .Receives("P. seq 1 ack 1 len 10 ce").After(40).Sends(".E seq 1 ack 11")
        .Receives("P.W seq 11 ack 1 len 10 ce").Sends(".E seq 1 ack 21")
        .Receives("P.W seq 21 ack 1 len 10 ect1").Sends(". seq 1 ack 31");

    [Fact]
    [Trait("Rfc", "3168 6.1.3")]
    [Trait("Clause", "RFC3168-6")]
    public void One_CE_of_two_segments_is_enough_for_a_delayed_ACK() => Agreed()
        .Receives("P. seq 1 ack 1 len 1460 ce").SendsNothing().Receives("P. seq 1461 ack 1 len 1460 ect0").Sends(".E seq 1 ack 2921");

    [Fact]
    [Trait("Rfc", "3168 6.1.3")]
    public void CWR_without_text_means_nothing() => Agreed()
        .Receives("P. seq 1 ack 1 len 10 ce").After(40).Sends(".E seq 1 ack 11").Receives(".W seq 11 ack 1").SendsNothing()
        .Receives("P. seq 11 ack 1 len 10").After(40).Sends(".E seq 1 ack 21");

    [Fact]
    [Trait("Rfc", "3168 6.1.5")]
    [Trait("Clause", "RFC3168-9")]
    public void CE_outside_of_the_window_is_ignored() => Agreed()
        .Receives("P. seq 1 ack 1 len 10 ect0").After(40).Sends(". seq 1 ack 11")
        .Receives("P. seq 1 ack 1 len 10 ce").Sends(". seq 1 ack 11")
        .Receives("P. seq 90000 ack 1 len 10 ce").After(500).Ignoring()
        .Receives("P. seq 11 ack 1 len 10").After(40).Sends(". seq 1 ack 21");

    [Fact]
    [Trait("Rfc", "3168 6.1.4")]
    public void CE_on_an_ACK_is_ignored() => Agreed()
        .Receives(". seq 1 ack 1 ce").SendsNothing().Receives("P. seq 1 ack 1 len 10").After(40).Sends(". seq 1 ack 11");

    [Fact]
    [Trait("Rfc", "8311 3")]
    public void ECT1_is_as_good_as_ECT0() => Agreed()
        .Receives("P. seq 1 ack 1 len 10 ect1").And(g => Assert.True(g.Connection.Status().EcnSeen)).After(40).Sends(". seq 1 ack 11");

    [Fact]
    [Trait("Rfc", "3168 6.1.4")]
    [Trait("Clause", "RFC3168-5")]
    public void FIN_keep_alive_and_reset_have_no_ECT() => Agreed()
        .Sets(o => o with { KeepAlive = true, KeepAliveTime = Synfin.Timers.Duration.FromSeconds(5) })
        .After(5_000).Sends(". seq 0 noect").Receives(". seq 1 ack 1")
        .ShutsDown().Sends("F. seq 1 noect").Aborts().Sends("R. seq 2 noect");

    [Fact]
    [Trait("Rfc", "3168 6.1.6")]
    [Trait("Clause", "RFC3168-8")]
    public void A_window_probe_has_no_ECT() => Given.Listening()
        .Receives("SEW seq 0 win 0 <mss 1460>").Sends("S.E seq 0 ack 1").Receives(". seq 1 ack 1 win 0").Accepts()
        .Writes(10).SendsNothing().After(200).Sends(". seq 1 len 1 noect")
        .Receives(". seq 1 ack 2 win 1000").Sends("P. seq 2 len 9 ect0");

    [Fact]
    [Trait("Rfc", "3168 6.1.1")]
    public void The_DSCP_keeps_its_bits() => Agreed().Sets(o => o with { Dscp = 10 }).Writes(10).Sends("P. seq 1 len 10 ect0")
        .And(g => Assert.Equal(10 << 2 | 2, g.LastSent[1]));

    [Fact]
    [Trait("Rfc", "3168 6.1.1")]
    public void Only_the_RFC_asks_by_itself()
    {
        Assert.Equal(EcnMode.Request, TcpProfile.Rfc.Ecn);
        Assert.All([TcpProfile.Default, TcpProfile.Linux, TcpProfile.FreeBsd], p => Assert.Equal(EcnMode.Accept, p.Ecn));
    }
}
