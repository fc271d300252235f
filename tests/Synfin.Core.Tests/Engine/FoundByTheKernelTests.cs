using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>What came to light when scripts were told to a kernel as well (tests/Synfin.Oracle.Tests).</summary>
public sealed class FoundByTheKernelTests
{
    private static readonly StackOptions _linux = new() { Profile = TcpProfile.Linux };

    [Fact]
    [Trait("Rfc", "6691")]
    public void Without_SACK_a_gap_takes_no_room_from_the_text_of_a_segment() => Given.Established(new StackOptions { Profile = NoSack })
        .Receives("P. seq 101 ack 1 len 100").Sends(". ack 1")
        .Writes(3000).Sends(". seq 1 ack 1 len 1460").Sends(". seq 1461 ack 1 len 1460").Sends("P. seq 2921 ack 1 len 80");

    [Fact]
    [Trait("Rfc", "5961 3.2")]
    public void Without_SACK_a_RST_behind_a_gap_is_only_challenged() => Given
        .Established(_linux with { Profile = TcpProfile.Linux with { Sack = false } })
        .Receives("P. seq 101 ack 1 len 100").Sends(". ack 1")
        .Receives("R seq 201").Sends(". ack 1").Then(TcpState.Established);

    [Fact]
    [Trait("Rfc", "5961 3.2")]
    public void A_RST_with_the_FINs_number_ends_it_in_the_Linux_profile_alone()
    {
        Given.Established(_linux).Receives("F. seq 1 ack 1").Sends(". ack 2").Receives("R seq 1").SendsNothing().Then(TcpState.Closed);
        Given.Established(_linux).Receives("F. seq 1 ack 1").Sends(". ack 2").Receives("R seq 0").SendsNothing().Then(TcpState.CloseWait);
        Given.Established(_linux).Receives("R seq 0").SendsNothing().Then(TcpState.Established);
        Given.Established().Receives("F. seq 1 ack 1").Sends(". ack 2").Receives("R seq 1").SendsNothing().Then(TcpState.CloseWait);
    }

    [Fact]
    [Trait("Rfc", "7323 4.3")]
    [Trait("Rfc", "5961 5.2")]
    public void A_segment_whose_ACK_is_a_guess_does_not_set_the_clock_of_PAWS()
    {
        foreach (string guess in new[] { ". seq 1 ack 70000 len 1 <TS val 900000 ecr 0>", "S seq 1 <TS val 900000 ecr 0>" })
        {
            Given.Established(peerOptions: "mss 1460, TS val 1 ecr 0")
                .Receives(guess).Sends(". ack 1 <TS val 0 ecr 1>")
                .Receives("P. seq 1 ack 1 len 10 <TS val 2 ecr 0>").Reads(10);
        }
    }

    [Fact]
    [Trait("Rfc", "5961 5.2")]
    public void An_ACK_of_less_than_was_ever_acknowledged_is_challenged() => Given.Established()
        .Receives("P. seq 1 ack 0 len 10").Sends(". seq 1 ack 1").Then(TcpState.Established)
        .Writes(100).Sends("P. seq 1 ack 1 len 100").Receives(". seq 1 ack 101").SendsNothing()
        .Receives("P. seq 1 ack 1 len 10").Reads(10); // old, but it was true once

    [Fact]
    [Trait("Rfc", "5961 7")]
    public void A_SYN_with_FIN_outside_of_the_window_is_answered_as_seldom_as_a_SYN() => Given.Established()
        .Receives("FS. seq 5000000 ack 1").Sends(". ack 1")
        .Receives("FS. seq 5000000 ack 1").SendsNothing();

    [Fact]
    [Trait("Rfc", "9293 3.10.7.4")]
    public void What_lies_beyond_the_window_and_has_a_bad_ACK_as_well_is_answered_once() => Given
        .SynSent().Sends("S").Receives("S seq 0 <mss 1460>").Sends("S. ack 1").Then(TcpState.SynReceived)
        .Receives("P. seq 65535 ack 100000 win 1000 len 1000").Sends("R seq 100000").SendsNothing();

    [Fact]
    [Trait("Rfc", "9293 3.6.1")]
    public void Beyond_the_FIN_nothing_is_acceptable_in_TIME_WAIT() => Given.Established().ShutsDown().Sends("F. seq 1 ack 1")
        .Receives("F. seq 1 ack 2").Sends(". seq 2 ack 2").Then(TcpState.TimeWait)
        .Receives(". seq 3 ack 2").Sends(". seq 2 ack 2")
        .Receives(". seq 2 ack 2").SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MUST-34")]
    [Trait("Rfc9293", "SHLD-15")]
    public void An_ACK_does_not_lie_beyond_a_window_that_shrank_or_was_probed()
    {
        Given.Established().Writes(1000).Sends("P. seq 1 ack 1 len 1000")
            .Receives("P. seq 1 ack 1 win 500 len 10").After(40).Sends(". seq 501 ack 11");
        Given.Established().Receives(". seq 1 ack 1 win 0").Writes(10).After(400).Sends(". seq 1 ack 1 len 1")
            .Receives("P. seq 1 ack 1 win 0 len 10").After(40).Sends(". seq 1 ack 11");
    }

    [Fact]
    [Trait("Rfc", "5681 4.2")]
    public void What_contradicts_a_FIN_beyond_a_gap_is_answered() => Given.Established()
        .Receives("F. seq 101 ack 1").Sends(". ack 1")
        .Receives("P. seq 201 ack 1 len 10").Sends(". ack 1")
        .Receives("F. seq 51 ack 1").Sends(". ack 1").Then(TcpState.Established);

    private static TcpProfile NoSack => TcpProfile.Default with { Sack = false };
}
