using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Timestamps and PAWS (RFC 7323 3 to 5).</summary>
[Trait("Rfc", "7323 5")]
public sealed class TimestampTests
{
    private const double Day = 86_400_000;

    /// <summary>TS.Recent is 1000; 10 octets came and were acknowledged.</summary>
    private static Given Established() => Given.Established(peerOptions: "mss 1460,TS val 1 ecr 0")
        .Receives("P. seq 1 ack 1 len 10 <TS val 1000 ecr last>").Reads(10).After(40).Sends(". seq 1 ack 11 <TS val 0 ecr 1000>");

    [Fact]
    [Trait("Rfc", "7323 3.2")]
    [Trait("Clause", "RFC7323-5")]
    public void They_are_used_if_both_SYNs_have_them()
    {
        Given.Listening().Receives("S seq 0 <mss 1460,TS val 5 ecr 0>").Sends("S. seq 0 ack 1 <TS val 0 ecr 5>");
        Given.Listening().Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1")
            .And(g => Assert.DoesNotContain("TS", SegmentScript.Describe(g.LastSent, g), StringComparison.Ordinal));
        Given.SynSent().Sends("S seq 0 <TS val 0 ecr 0>").Receives("S. seq 0 ack 1 <mss 1460>").Sends(". seq 1 ack 1")
            .And(g => Assert.DoesNotContain("TS", SegmentScript.Describe(g.LastSent, g), StringComparison.Ordinal))
            .Receives("P. seq 1 ack 1 len 10 <TS val 5 ecr 0>").Reads(10); // a timestamp that nobody asked for is ignored
    }

    [Fact]
    [Trait("Clause", "RFC7323-11")]
    public void An_old_timestamp_is_acknowledged_and_dropped() => Established()
        .Receives("P. seq 11 ack 1 len 10 <TS val 999 ecr last>").Sends(". seq 1 ack 11 <TS val 0 ecr 1000>").ReadFails(TcpError.WouldBlock)
        .Receives("P. seq 11 ack 1 len 10 <TS val 1000 ecr last>").Reads(10);

    [Fact]
    public void Timestamps_are_compared_modulo_2_to_the_32() => Given.Established(peerOptions: "mss 1460,TS val 1 ecr 0")
        .Receives("P. seq 1 ack 1 len 1 <TS val 2147483647 ecr last>").After(40).Sends(". ack 2 <TS val 0 ecr 2147483647>")
        .Receives("P. seq 2 ack 1 len 1 <TS val 4294967290 ecr last>").After(40).Sends(". ack 3 <TS val 0 ecr 4294967290>")
        .Receives("P. seq 3 ack 1 len 1 <TS val 3 ecr last>").After(40).Sends(". ack 4 <TS val 0 ecr 3>")
        .Receives("P. seq 4 ack 1 len 1 <TS val 4294967295 ecr last>").Sends(". ack 4 <TS val 0 ecr 3>");

    [Fact]
    [Trait("Clause", "RFC7323-12")]
    public void A_RST_is_exempt() => Established().Receives("R seq 11 <TS val 1 ecr 0>").SendsNothing().Then(TcpState.Closed);

    [Fact]
    [Trait("Clause", "RFC7323-8")]
    public void A_RST_needs_no_timestamp() => Established().Receives("R seq 11").SendsNothing().Then(TcpState.Closed);

    [Theory]
    [InlineData("P. seq 11 ack 1 len 10")]
    [InlineData("F. seq 11 ack 1")]
    [InlineData("S seq 11 <mss 1460>")]
    [InlineData(". seq 1 ack 1")]
    [Trait("Rfc", "7323 3.2")]
    [Trait("Threat", "27")]
    [Trait("Clause", "RFC7323-7")]
    public void A_segment_without_the_option_is_dropped_silently(string segment) => Established()
        .Receives(segment).SendsNothing().Then(TcpState.Established).ReadFails(TcpError.WouldBlock)
        .And(g => Assert.Equal(1, g.Stack.Counters.Dropped[(int)DropReason.MissingTimestamp]));

    [Fact]
    [Trait("Rfc", "7323 4.3")]
    [Trait("Clause", "RFC7323-10")]
    public void The_ACK_echoes_the_timestamp_of_the_segment_that_its_left_edge_stands_on()
    {
        Established() // (A) delayed ACK: the earliest of the segments that it acknowledges
            .ReceivesTogether("P. seq 11 ack 1 len 1 <TS val 1010 ecr last>", "P. seq 12 ack 1 len 1 <TS val 1020 ecr last>")
            .After(40).Sends(". ack 13 <TS val 0 ecr 1010>");
        Established() // (B) a gap: what lies beyond it does not count
            .Receives("P. seq 21 ack 1 len 10 <TS val 1020 ecr last>").Sends(". ack 11 <TS val 0 ecr 1000>")
            .Receives("P. seq 11 ack 1 len 10 <TS val 1010 ecr last>").Sends(". ack 31 <TS val 0 ecr 1010>"); // (C) the gap is filled
    }

    [Fact]
    [Trait("Rfc", "7323 4.3")]
    public void A_segment_outside_the_window_does_not_change_what_is_echoed() => Established()
        .Receives("P. seq 1 ack 1 len 10 <TS val 5000 ecr last>").Sends(". seq 1 ack 11 <TS val 0 ecr 1000>")
        .Receives("P. seq 100011 ack 1 len 10 <TS val 5000 ecr last>").Sends(". seq 1 ack 11 <TS val 0 ecr 1000>")
        .Receives("P. seq 11 ack 1 len 10 <TS val 1001 ecr last>").Reads(10);

    [Fact]
    [Trait("Rfc", "7323 5.5")]
    [Trait("Threat", "26")]
    [Trait("Clause", "RFC7323-13")]
    public void After_24_idle_days_the_old_timestamp_says_nothing_any_more() => Established()
        .After(25 * Day).SendsNothing()
        .Receives("P. seq 11 ack 1 len 10 <TS val 2160001000 ecr last>").Reads(10).After(40).Sends(". ack 21 <TS val 0 ecr 2160001000>")
        .Receives("P. seq 21 ack 1 len 10 <TS val 2160000999 ecr last>").Sends(". ack 21 <TS val 0 ecr 2160001000>"); // and it counts again

    [Fact]
    [Trait("Rfc", "7323 5.5")]
    [Trait("Threat", "26")]
    public void After_23_idle_days_it_still_counts() => Established()
        .After(23 * Day).Receives("P. seq 11 ack 1 len 10 <TS val 999 ecr last>").Sends(". ack 11 <TS val 0 ecr 1000>")
        .ReadFails(TcpError.WouldBlock);

    [Fact]
    [Trait("Threat", "26")]
    public void A_half_open_connection_checks_them_too() => Given.Listening()
        .Receives("S seq 0 <mss 1460,TS val 1000 ecr 0>").Sends("S. seq 0 ack 1 <TS val 0 ecr 1000>")
        .Receives(". seq 1 ack 1 <TS val 999 ecr last>").Sends(". seq 1 ack 1 <TS val 0 ecr 1000>").Then(TcpState.SynReceived)
        .Receives("R seq 1 <TS val 999 ecr 0>").SendsNothing().Then(TcpState.Listen);

    [Fact]
    [Trait("Threat", "27")]
    public void In_SYN_RECEIVED_of_a_simultaneous_open_they_are_checked() => Given.SynSent().Sends("S seq 0")
        .Receives("S seq 0 <mss 1460,TS val 1000 ecr 0>").Sends("S. seq 0 ack 1 <TS val 0 ecr 1000>")
        .Receives(". seq 1 ack 1").SendsNothing().Then(TcpState.SynReceived)
        .Receives(". seq 1 ack 1 <TS val 1001 ecr last>").Then(TcpState.Established);
}
