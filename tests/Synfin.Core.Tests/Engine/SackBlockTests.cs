using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The receiver's side of SACK: which blocks, in which order (RFC 2018 4, RFC 2883 4).</summary>
public sealed class SackBlockTests
{
    private static Given Sack(string more = "") => Given.Established(peerOptions: "mss 1460,sackOK" + more);

    [Fact]
    [Trait("Rfc", "2018 4")]
    [Trait("Rfc9293", "MAY-13")]
    [Trait("Rfc9293", "SHLD-31")]
    [Trait("Clause", "RFC2018-3")]
    [Trait("Clause", "RFC2018-4")]
    public void The_first_block_has_the_segment_that_caused_the_ACK_the_others_are_the_latest_reported() => Sack()
        .Receives(". seq 5001 ack 1 len 100").Sends(". ack 1 <sack 5001:5101>")
        .Receives(". seq 3001 ack 1 len 100").Sends(". ack 1 <sack 3001:3101 5001:5101>")
        .Receives(". seq 1001 ack 1 len 100").Sends(". ack 1 <sack 1001:1101 3001:3101 5001:5101>")
        .Receives(". seq 1101 ack 1 len 100").Sends(". ack 1 <sack 1001:1201 3001:3101 5001:5101>")
        .Receives(". seq 1201 ack 1 len 100").Sends(". ack 1 <sack 1001:1301 3001:3101 5001:5101>")
        .Receives(". seq 7001 ack 1 len 100").Sends(". ack 1 <sack 7001:7101 1001:1301 3001:3101 5001:5101>")
        .Receives(". seq 9001 ack 1 len 100").Sends(". ack 1 <sack 9001:9101 7001:7101 1001:1301 3001:3101>")
        .Receives(". seq 5101 ack 1 len 100").Sends(". ack 1 <sack 5001:5201 9001:9101 7001:7101 1001:1301>");

    [Fact]
    [Trait("Rfc", "2018 4")]
    [Trait("Rfc", "5681 4.2")]
    public void A_filled_gap_is_acknowledged_at_once_and_its_block_goes() => Sack()
        .Receives(". seq 1461 ack 1 len 1460").Sends(". ack 1 <sack 1461:2921>")
        .Receives(". seq 4381 ack 1 len 1460").Sends(". ack 1 <sack 4381:5841 1461:2921>")
        .Receives(". seq 1 ack 1 len 1460").Sends(". ack 2921 <sack 4381:5841>")
        .Receives(". seq 2921 ack 1 len 700").Sends(". ack 3621 <sack 4381:5841>")
        .Receives(". seq 3621 ack 1 len 760").Sends(". ack 5841 <nosack>").SendsNothing().Reads(5840);

    [Fact]
    [Trait("Rfc", "2883 4")]
    public void What_this_connection_never_received_is_no_duplicate()
    {
        Sack().Receives("P. seq 1 ack 1 len 10").Reads(10).After(40).Sends(". ack 11")
            .Receives("P. seq 1 ack 1 len 10").Sends(". ack 11 <sack 1:11>")
            .Receives("P. seq -4000 ack 1 len 10").Sends(". ack 11 <nosack>"); // from an earlier connection of the same ports
    }

    [Fact]
    [Trait("Rfc", "2018 3")]
    [Trait("Clause", "RFC2018-5")]
    public void With_timestamps_there_is_room_for_three() => Sack(",TS val 1 ecr 0")
        .Receives(". seq 1001 ack 1 len 100 <TS val 1 ecr 0>").Sends(". ack 1 <sack 1001:1101>")
        .Receives(". seq 2001 ack 1 len 100 <TS val 1 ecr 0>").Sends(". ack 1 <sack 2001:2101 1001:1101>")
        .Receives(". seq 3001 ack 1 len 100 <TS val 1 ecr 0>").Sends(". ack 1 <sack 3001:3101 2001:2101 1001:1101>")
        .Receives(". seq 4001 ack 1 len 100 <TS val 1 ecr 0>").Sends(". ack 1 <sack 4001:4101 3001:3101 2001:2101>")
        .Receives(". seq 2001 ack 1 len 100 <TS val 1 ecr 0>").Sends(". ack 1 <sack 2001:2101 2001:2101 4001:4101>");

    [Fact]
    [Trait("Rfc", "2018 2")]
    [Trait("Clause", "RFC2018-2")]
    public void Without_permission_no_blocks_are_sent() => Given.Established()
        .Receives(". seq 1461 ack 1 len 1460").Sends(". ack 1 <nosack>").Receives(". seq 1 ack 1 len 1460").Sends(". ack 2921 <nosack>");

    [Fact]
    [Trait("Rfc", "2883 4")]
    [Trait("Clause", "RFC2883-1")]
    public void A_duplicate_below_the_ACK_is_reported_once() => Sack()
        .Receives(". seq 1 ack 1 len 1460").Receives(". seq 1461 ack 1 len 1460").Sends(". ack 2921 <nosack>")
        .Receives(". seq 1 ack 1 len 1460").Sends(". ack 2921 <sack 1:1461>")
        .Receives(". seq 2921 ack 1 len 1460").Receives(". seq 4381 ack 1 len 1460").Sends(". ack 5841 <nosack>");

    [Fact]
    [Trait("Rfc", "2883 4")]
    [Trait("Clause", "RFC2883-2")]
    public void A_duplicate_above_the_ACK_is_reported_before_the_block_that_contains_it() => Sack()
        .Receives(". seq 1461 ack 1 len 1460").Sends(". ack 1 <sack 1461:2921>")
        .Receives(". seq 2921 ack 1 len 1460").Sends(". ack 1 <sack 1461:4381>")
        .Receives(". seq 2921 ack 1 len 1460").Sends(". ack 1 <sack 2921:4381 1461:4381>")
        .Receives(". seq 5841 ack 1 len 1460").Sends(". ack 1 <sack 5841:7301 1461:4381>");

    [Fact]
    [Trait("Rfc", "2883 4")]
    public void A_duplicate_of_a_whole_block_stands_there_twice_or_it_would_be_no_DSACK() => Sack()
        .Receives(". seq 1461 ack 1 len 1460").Sends(". ack 1 <sack 1461:2921>")
        .Receives(". seq 1461 ack 1 len 1460").Sends(". ack 1 <sack 1461:2921 1461:2921>");

    [Fact]
    [Trait("Rfc", "2883 4.3")]
    [Trait("Clause", "RFC2883-3")]
    public void A_partial_duplicate_is_reported_as_far_as_it_is_one() => Sack()
        .Receives(". seq 1 ack 1 len 1000").After(50).Sends(". ack 1001")
        .Receives(". seq 501 ack 1 len 1000").Sends(". ack 1501 <sack 501:1001>")
        .Receives(". seq 3001 ack 1 len 1000").Sends(". ack 1501 <sack 3001:4001>")
        .Receives(". seq 2501 ack 1 len 1000").Sends(". ack 1501 <sack 3001:3501 2501:4001>")
        .Receives(". seq 1501 ack 1 len 1500").Sends(". ack 4001 <sack 2501:3001>");

    [Fact]
    [Trait("Rfc", "2883 4")]
    [Trait("Clause", "RFC2883-4")]
    public void Without_permission_a_duplicate_is_only_acknowledged() => Given.Established()
        .Receives(". seq 1 ack 1 len 1460").Receives(". seq 1461 ack 1 len 1460").Sends(". ack 2921")
        .Receives(". seq 1 ack 1 len 1460").Sends(". ack 2921 <nosack>");

    [Fact]
    [Trait("Rfc", "6691 3")]
    [Trait("Rfc9293", "MUST-16")]
    public void Blocks_take_room_from_the_text() // the packet would be longer than the MTU: the link of Given checks it
    {
        Given given = Sack(",TS val 1 ecr 0").Receives(". seq 1449 ack 1 len 1448 <TS val 1 ecr 0>").Sends(". ack 1 <sack 1449:2897>");
        given.Writes(5 * 1448).SendsFull(1, 5, 1436).Sends("P. seq 7181 len 60");
        given.Receives(". seq 5001 ack 1 len 1448 <TS val 1 ecr 0>").Sends(". ack 1 <sack 5001:6449 1449:2897>");
        given.Receives(". seq 1 ack 1 len 1448 <TS val 1 ecr 0>").Sends(". ack 2897 <sack 5001:6449>");
        given.After(500).Sends("P. seq 7181 len 60"); // the tail loss probe
        Assert.True(SegmentScript.Read(given.Sends(". seq 1 len 1436").LastSent).Options.Has(TcpOptionKinds.Timestamps));
    }

    [Fact]
    [Trait("Rfc9293", "SHLD-31")]
    public void Out_of_order_text_is_held_and_delivered_in_order()
    {
        Given given = Sack();
        foreach (int segment in new[] { 7, 2, 5, 3, 6, 1, 4, 0 }) given.Receives($". seq {1 + segment * 1000} ack 1 len 1000");
        given.Reads(8000, out byte[] data);
        Assert.Equal(Enumerable.Range(0, 8000).Select(i => (byte)i), data);
    }
}
