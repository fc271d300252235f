using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Our window: it opens in worthwhile steps, never closes over what was promised, and keeps to the buffer.</summary>
public sealed class ReceiveWindowTests
{
    private static Given Buffer(int octets, string scale = "") =>
        Given.Established(null, new TcpConnectionOptions { ReceiveBuffer = octets, QuickAck = true }, "mss 1460" + scale);

    [Fact]
    [Trait("Rfc9293", "MUST-39")]
    public void It_opens_by_a_full_segment_at_least() => Buffer(10_000)
        .Receives(". seq 1 ack 1 len 9000").Sends(". ack 9001 win 1000").Receives(". seq 9001 ack 1 len 1000").Sends(". ack 10001 win 0")
        .Reads(1_459).SendsNothing()
        .Receives(". seq 10001 ack 1 len 1").Sends(". ack 10001 win 0")
        .Reads(1).Sends(". ack 10001 win 1460").SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MUST-39")]
    public void It_opens_by_half_of_the_buffer_if_that_is_less() => Buffer(2_000)
        .Receives(". seq 1 ack 1 len 2000").Sends(". ack 2001 win 0")
        .Reads(999).SendsNothing().Reads(1).Sends(". ack 2001 win 1000");

    [Fact]
    [Trait("Rfc9293", "MUST-39")]
    public void It_opens_by_half_of_what_the_field_can_say_if_MSS_is_more() => Given
        .Established(new StackOptions { Mtu = 65_535 }, new TcpConnectionOptions { QuickAck = true }, "mss 65495")
        .Receives(". seq 1 ack 1 len 32000").Sends(". ack 32001 win 33535").Reads(32_000).SendsNothing()
        .Receives(". seq 32001 ack 1 len 800").Sends(". ack 32801 win 65535");

    [Fact]
    [Trait("Rfc9293", "SHLD-14")]
    public void Its_right_edge_stands_still_while_nothing_is_read() => Buffer(10_000)
        .Receives(". seq 1 ack 1 len 1").Sends(". ack 2 win 9999").Receives(". seq 2 ack 1 len 5000").Sends(". ack 5002 win 4999");

    [Theory]
    [InlineData(65_535, "")]
    [InlineData(65_536, ",wscale 0")]
    [InlineData(1_000_000, ",wscale 7")]
    [InlineData(1_048_576, ",wscale 7")]
    [InlineData(100_000_000, ",wscale 7")]
    [Trait("Rfc9293", "SHLD-14")]
    [Trait("Rfc", "7323 2.4")]
    public void With_random_lengths_and_reads_the_offered_edge_never_moves_left(int buffer, string scale)
    {
        var random = new Random(9293);
        Given given = Buffer(buffer, scale);
        int seq = 1, edge = 0;
        for (int i = 0; i < 5_000; i++)
        {
            int length = random.Next(1, 1_461);
            if (seq + length > edge && edge > 0) given.Reads(given.Connection.Readable).Ignoring();
            given.Receives($". seq {seq} ack 1 len {length}").Sends($". ack {seq + length}");
            seq += length;
            // Scaled windows lose their low bits when the buffer is promised to the last octet (RFC 7323 2.4).
            int unit = 1 << given.Connection.Status().ReceiveWindowScale;
            int grain = given.Connection.Status().ReceiveQueue + given.LastEdge - seq > buffer - 1_460 - unit ? unit - 1 : 0;
            Assert.True(given.LastEdge >= edge - grain, $"the edge moved from {edge} to {given.LastEdge}");
            edge = Math.Max(edge, given.LastEdge);
            if (random.Next(10) == 0) given.Reads(random.Next(1, given.Connection.Readable + 1)).Ignoring();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(101)]
    [InlineData(1_459)]
    [Trait("Threat", "50")]
    [Trait("Rfc", "7323 2.4")]
    public void A_scaled_window_never_promises_more_than_the_buffer_holds(int length)
    {
        const int Buffer_ = 70_000; // shift 1
        Given given = Buffer(Buffer_, ",wscale 0");
        int seq = 1, edge = 65_536;
        while (seq + length <= edge)
        {
            given.Receives($". seq {seq} ack 1 len {length}").Sends($". ack {seq + length}");
            seq += length;
            edge = Math.Max(given.LastEdge, edge);
        }
        Assert.True(edge <= 1 + Buffer_);
        Assert.True(seq > Buffer_ - 1_460 - length);
        given.Reads(seq - 1);
    }

    [Fact]
    [Trait("Rfc", "7323 2.4")]
    public void What_was_once_promised_is_taken_even_if_rounding_hid_it()
    {
        // Buffer 70,000, shift 1. One octet at a time, the last promise of 70,001 cannot always be said.
        Given given = Buffer(70_000, ",wscale 0");
        for (int seq = 1; seq < 69_000; seq += 1_000) given.Receives($". seq {seq} ack 1 len 1000").Ignoring();
        given.Receives(". seq 69001 ack 1 len 1").Ignoring().Receives(". seq 69002 ack 1 len 999").Sends(". ack 70001 win 0").Reads(70_000);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-39")]
    [Trait("Rfc9293", "SHLD-14")]
    public void Back_pressure_reaches_the_sender_and_reading_frees_it()
    {
        Given given = Buffer(8_760).Receives(". seq 1 ack 1 len 8760").Sends(". ack 8761 win 0").Receives(". seq 8761 ack 1 len 1460")
            .Sends(". ack 8761 win 0");
        Assert.Equal(8_760, given.Connection.Readable);
        given.Reads(8_760).Ignoring().Receives(". seq 8761 ack 1 len 1460").Ignoring().Reads(1_460);
    }
}
