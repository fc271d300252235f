using Synfin.Stack;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The details of the FreeBSD profile.</summary>
public sealed class FreeBsdProfileTests
{
    private static readonly StackOptions _freeBsd = new() { Profile = TcpProfile.FreeBsd };

    private static readonly TcpConnectionOptions _small = new() { ReceiveBuffer = 65_536, WindowScaleBuffer = 2 << 20 };

    [Fact]
    public void Options_stand_in_FreeBSDs_order()
    {
        Given given = Given.SynSent(_freeBsd, _small).Sends("S seq 0 win 65535 <mss 1460,wscale 6,sackOK>");
        Assert.Equal("020405B4" + "01030306" + "0402080A", OptionsOf(given)[..24]);
        given = Given.Established(_freeBsd, _small, "mss 1460,sackOK");
        Assert.Equal("020405B4" + "04020000", OptionsOf(given));
        given = Given.Established(_freeBsd, _small, "mss 1460,sackOK,wscale 3,TS val 1 ecr 0");
        given.Receives(". seq 2000 ack 1 len 10 <TS val 2 ecr last>").Sends(". ack 1 <sack 2000:2010>");
        Assert.Matches("^0101080A.{16}0101050A.{16}$", OptionsOf(given));
    }

    [Theory]
    [InlineData("mss 1460")]
    [InlineData("mss 1460,wscale 2")]
    [InlineData("mss 1460,sackOK")]
    [InlineData("mss 1460,TS val 1 ecr 0")]
    [InlineData("mss 1460,wscale 2,TS val 1 ecr 0")]
    [InlineData("mss 1460,wscale 2,sackOK,TS val 1 ecr 0")]
    [Trait("Rfc9293", "MUST-69")]
    public void Both_layouts_say_the_same_in_the_same_space(string peer)
    {
        Given linux = Given.Established(peerOptions: peer), freeBsd = Given.Established(_freeBsd, peerOptions: peer);
        Segment one = SegmentScript.Read(linux.LastSent), other = SegmentScript.Read(freeBsd.LastSent);
        Assert.Equal(one.Options.Present, other.Options.Present);
        Assert.Equal(linux.LastSent.Length, freeBsd.LastSent.Length);
    }

    [Fact]
    [Trait("Rfc9293", "SHLD-19")]
    public void Every_second_segment_is_acknowledged_whatever_its_size() => Given.Established(_freeBsd, _small)
        .Receives("P. seq 1 ack 1 len 10").SendsNothing().Receives("P. seq 11 ack 1 len 10").Sends(". ack 21")
        .Receives("P. seq 21 ack 1 len 1460").SendsNothing().After(39).SendsNothing().After(1).Sends(". ack 1481");

    [Fact]
    public void The_window_is_all_of_a_buffer_of_whole_segments() => Given
        .Established(_freeBsd, _small, "mss 1460,wscale 3")
        .Receives(". seq 1 ack 1 len 1460").Receives(". seq 1461 ack 1 len 1460").Sends($". ack 2921 win {(65_700 - 2920) >> 6}")
        .Reads(2920).SendsNothing().Writes(1).Sends($"P. ack 2921 win {65_700 >> 6} len 1");

    [Fact]
    public void Without_scale_the_field_stays_at_its_largest_until_the_buffer_fills() => Given
        .Established(_freeBsd, _small)
        .Receives(". seq 1 ack 1 len 100").After(40).Sends(". ack 101 win 65535") // 65,600 are free
        .Receives(". seq 101 ack 1 len 100").After(40).Sends(". ack 201 win 65500")
        .Reads(200).Writes(1).Sends("P. ack 201 win 65535 len 1");

    [Fact]
    [Trait("Rfc9293", "SHLD-30")]
    public void A_closed_window_is_probed_by_an_octet_after_five_seconds() => Given
        .Established(_freeBsd, _small, window: 1000)
        .Writes(2000).Sends(". seq 1 len 1000").Receives(". seq 1 ack 1001 win 0").SendsNothing()
        .After(4_999).SendsNothing().After(1).Sends(". seq 1001 len 1")
        .Receives(". seq 1 ack 1001 win 0").SendsNothing();

    [Fact]
    public void A_SYN_ACK_is_sent_again_three_times() => Given.Listening(_freeBsd)
        .Receives("S seq 0 <mss 1460>").Sends("S. ack 1").After(1_000).Sends("S. ack 1").After(2_000).Sends("S. ack 1")
        .After(4_000).Sends("S. ack 1").After(60_000).SendsNothing().Then(TcpState.Listen);

    [Fact]
    [Trait("Rfc", "5961 3.2")]
    public void The_old_rules_for_RST_and_SYN_can_be_chosen()
    {
        var reset = new StackOptions { Profile = TcpProfile.FreeBsd with { InsecureReset = true } };
        Given.Established(_freeBsd).Receives("R seq 100").Sends(". seq 1 ack 1").Then(TcpState.Established);
        Given.Established(reset).Receives("R seq 100").SendsNothing().Then(TcpState.Closed);
        Given.Established(reset).Receives("R seq 70000").SendsNothing().Then(TcpState.Established);
        var syn = new StackOptions { Profile = TcpProfile.FreeBsd with { InsecureSyn = true } };
        Given.Established(_freeBsd).Receives("S seq 100").Sends(". seq 1 ack 1").Then(TcpState.Established);
        Given.Established(syn).Receives("S seq 100").Sends("R. seq 1 ack 1").Then(TcpState.Closed);
    }

    [Fact]
    public void Segments_for_nobody_may_go_unanswered()
    {
        Given.Closed().Receives("S seq 0").Sends("R. seq 0 ack 1");
        Given.Closed(With(ClosedPortRule.DropSyn)).Receives("S seq 0").SendsNothing().Receives(". seq 0 ack 1").Sends("R");
        Given.Closed(With(ClosedPortRule.DropAll)).Receives("S seq 0").SendsNothing().Receives(". seq 0 ack 1").SendsNothing();
        static StackOptions With(ClosedPortRule hole) => new() { Profile = TcpProfile.FreeBsd with { ClosedPorts = hole } };
    }

    [Fact]
    public void A_segment_with_SYN_and_FIN_may_be_dropped()
    {
        Given.Listening(_freeBsd).Receives("SF seq 0 <mss 1460>").Sends("S. seq 0 ack 1");
        Given.Listening(new StackOptions { Profile = TcpProfile.FreeBsd with { DropSynFin = true } })
            .Receives("SF seq 0 <mss 1460>").SendsNothing();
    }

    private static string OptionsOf(Given given)
    {
        byte[] packet = given.LastSent;
        int header = packet[IpHeader.Ipv4Length + 12] >> 4 << 2;
        return Convert.ToHexString(packet.AsSpan(IpHeader.Ipv4Length + TcpHeader.MinimumLength, header - TcpHeader.MinimumLength));
    }
}
