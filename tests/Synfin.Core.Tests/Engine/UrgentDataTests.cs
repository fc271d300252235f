using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Urgent data (RFC 9293 3.8.5, RFC 6093), and the old bugs around it.</summary>
[Trait("Rfc9293", "MUST-30")]
[Trait("Subject", "19")]
public sealed class UrgentDataTests
{
    private static readonly TcpConnectionOptions Apart = new() { UrgentInline = false };

    private static Given Remaining(Given given, int octets)
    {
        Assert.Equal(octets, given.Connection.UrgentRemaining);
        return given;
    }

    private static byte? OutOfBand(Given given) =>
        given.Connection.ReceiveUrgent(given.Now, out byte octet) is TcpError.None ? octet : null;

    [Fact]
    [Trait("Rfc9293", "MUST-62")]
    [Trait("Threat", "22")]
    [Trait("Clause", "RFC6093-2")]
    public void The_pointer_that_we_send_is_one_past_the_last_urgent_octet() => Given.Established()
        .WritesUrgent(1).Sends("UP. seq 1 len 1 urg 1").Receives(". seq 1 ack 2")
        .WritesUrgent(100).Sends("UP. seq 2 len 100 urg 100").Receives(". seq 1 ack 102")
        .Writes(5).Sends("P. seq 102 len 5");

    [Fact]
    [Trait("Rfc9293", "MUST-31")]
    [Trait("Clause", "RFC6093-1")]
    public void Urgent_data_of_any_length_is_announced_with_a_pointer_that_is_as_far_as_it_can_be()
    {
        Given given = Given.Established(peerOptions: "mss 1460,wscale 4").Receives(". seq 1 ack 1");
        given.WritesUrgent(100_000).Sends("U. seq 1 len 1460 urg 65535").Ignoring();
        int acked = 1;
        while (acked < 100_001)
        {
            acked = Math.Min(acked + 14_600, 100_001);
            given.Receives($". seq 1 ack {acked}");
            while (given.Unseen > 0)
            {
                (int seq, int length) = given.Next();
                Segment seg = SegmentScript.Read(given.LastSent);
                Assert.True(seg.Has(TcpFlags.Urg) && length > 0);
                Assert.Equal(Math.Min(100_001 - seq, 65_535), seg.Up);
            }
        }
        given.Writes(1).Sends("P. seq 100001 len 1");
    }

    [Fact]
    [Trait("Rfc9293", "MUST-62")]
    public void A_retransmission_and_later_text_point_to_the_same_octet() =>
        Given.Established(connection: new TcpConnectionOptions { NoDelay = true })
        .Writes(10).Sends("P. seq 1 len 10").WritesUrgent(5).Sends("UP. seq 11 len 5 urg 5").Writes(10).Sends("P. seq 16 len 10")
        .After(200).Sends("UP. seq 1 len 25 urg 15");

    [Fact]
    [Trait("Rfc9293", "MUST-30")]
    public void Nagle_does_not_hold_urgent_data() => Given.Established()
        .Writes(10).Sends("P. seq 1 len 10").Writes(5).SendsNothing().WritesUrgent(5).Sends("UP. seq 11 len 10 urg 10");

    [Fact]
    [Trait("Threat", "20")]
    public void Urgent_data_behind_a_closed_window_is_announced_by_the_probes() => Given.Established(window: 0)
        .WritesUrgent(10).After(200).Sends("U. seq 1 len 1 urg 10").Receives(". seq 1 ack 1 win 0").Receives(". seq 1 ack 1 win 100")
        .Sends("UP. seq 1 len 10 urg 10");

    [Fact]
    [Trait("Rfc9293", "MUST-32")]
    [Trait("Rfc9293", "MUST-33")]
    [Trait("Threat", "22")]
    public void The_application_is_told_when_the_pointer_comes_and_when_it_advances_and_can_ask_how_much_is_left()
    {
        Given given = Given.Established().And(g => g.TakeSignals());
        Remaining(given.Receives("U. seq 1 ack 1 len 10 urg 20").Signalled(TcpSignals.Urgent | TcpSignals.Readable), 20);
        Remaining(given.Reads(4), 16).Receives("U. seq 11 ack 1 len 5 urg 10").Signalled(TcpSignals.Readable); // the same octet
        Remaining(given.Receives("U. seq 16 ack 1 len 5 urg 6").Signalled(TcpSignals.Urgent | TcpSignals.Readable), 17);
        Remaining(given.Reads(16), 1).Receives(". seq 21 ack 1 len 5");
        Remaining(given.Reads(1), 0).Reads(4).TakeSignals();
        Remaining(given.Receives("U. seq 26 ack 1 len 5 urg 5").Signalled(TcpSignals.Urgent | TcpSignals.Readable), 5);
    }

    [Fact]
    [Trait("Threat", "20")]
    public void A_receding_pointer_changes_nothing() => Remaining(Remaining(
        Given.Established().Receives("U. seq 1 ack 1 len 1 urg 50"), 50).Receives("U. seq 2 ack 1 len 1 urg 3"), 50);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [Trait("Cve", "2019-12255")]
    [Trait("Threat", "20")]
    public void A_pointer_of_0_announces_nothing(int length)
    {
        Given given = Given.Established().And(g => g.TakeSignals()).Receives($"U. seq 1 ack 1 len {length} urg 0");
        Remaining(given, 0);
        Assert.False(given.TakeSignals().HasFlag(TcpSignals.Urgent));
        Given apart = Given.Established(connection: Apart).Receives($"U. seq 1 ack 1 len {length} urg 0");
        Assert.Null(OutOfBand(apart));
        Assert.Equal(length, apart.Connection.Readable);
    }

    [Fact]
    [Trait("Threat", "20")]
    [Trait("Cve", "2019-12260")]
    public void A_pointer_far_beyond_the_window_is_kept_and_the_stream_flows_on()
    {
        Given given = Given.Established(connection: new TcpConnectionOptions { ReceiveBuffer = 2_048 });
        Remaining(given.Receives("U. seq 1 ack 1 len 100 urg 65535"), 65_535);
        Remaining(given.Reads(100), 65_435).Receives(". seq 101 ack 1 len 100").Reads(100).Then(TcpState.Established);
    }

    [Theory]
    [InlineData(1000u)]
    [InlineData(0xFFFF_FFF5u)]
    [InlineData(0x7FFF_FFF5u)]
    [Trait("Threat", "20")]
    [Trait("Threat", "25")]
    public void A_pointer_crosses_the_wrap(uint peerIsn)
    {
        Given given = Given.Established(connection: Apart, peerIsn: peerIsn).Receives("U. seq 1 ack 1 len 20 urg 15");
        Remaining(given, 15);
        Assert.Equal((byte)14, OutOfBand(given));
        given.Reads(14, out byte[] before).Reads(5, out byte[] after);
        Assert.Equal(Enumerable.Range(0, 14).Select(i => (byte)i), before);
        Assert.Equal(Enumerable.Range(15, 5).Select(i => (byte)i), after);
    }

    [Fact]
    [Trait("Threat", "20")]
    public void URG_on_a_SYN_counts_from_the_SYN()
    {
        Given given = Given.SynSent().Sends("S").Receives("SU. seq 0 ack 1 urg 1 <mss 1460>").Sends(". ack 1").Then(TcpState.Established);
        Remaining(given, 0);
        Remaining(Given.SynSent().Sends("S").Receives("SU. seq 0 ack 1 urg 4 <mss 1460>"), 3);
        Given.Listening().Receives("SU seq 0 urg 9 <mss 1460>").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").Accepts()
            .And(g => Remaining(g, 0));
    }

    [Fact]
    [Trait("Threat", "20")]
    public void URG_on_a_FIN_announces_what_came_before_it()
    {
        Given given = Given.Established().Receives("FU. seq 1 ack 1 len 5 urg 5").Sends(". ack 7");
        Remaining(given, 5).Reads(5).ReadsEnd();
        Remaining(given, 0).Receives("U. seq 7 ack 1 urg 100");
        Remaining(given, 0).Then(TcpState.CloseWait);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-66")]
    [Trait("Threat", "20")]
    public void URG_counts_at_a_closed_window()
    {
        Given given = Given.Established(connection: new TcpConnectionOptions { ReceiveBuffer = 1_024 }).Receives(". seq 1 ack 1 len 1024")
            .Ignoring();
        Remaining(given.Receives("U. seq 1025 ack 1 len 1 urg 1"), 1_025);
        Remaining(given.Reads(1_024), 1).Receives("U. seq 1025 ack 1 len 1 urg 1").Reads(1);
        Remaining(given, 0);
    }

    [Fact]
    [Trait("Rfc", "6093 3.1")]
    [Trait("Threat", "22")]
    public void Apart_the_last_urgent_octet_leaves_the_stream_and_a_read_stops_before_its_place()
    {
        Given given = Given.Established(connection: Apart).Receives("U. seq 1 ack 1 len 10 urg 5").Ignoring();
        Assert.Equal(4, given.Connection.Readable);
        given.Reads(4, out byte[] before);
        Assert.Equal([0, 1, 2, 3], before);
        given.Reads(5, out byte[] after);
        Assert.Equal([5, 6, 7, 8, 9], after);
        Assert.Equal((byte)4, OutOfBand(given));
        Assert.Null(OutOfBand(given));
        Remaining(given, 0);
    }

    [Fact]
    [Trait("Rfc", "6093 3.1")]
    public void Apart_the_octet_may_come_after_its_announcement()
    {
        Given given = Given.Established(connection: Apart).Receives("U. seq 1 ack 1 len 2 urg 5");
        Assert.Null(OutOfBand(given));
        given.Reads(2).Receives("U. seq 3 ack 1 len 5 urg 3");
        Assert.Equal((byte)4, OutOfBand(given));
        given.Reads(2).Reads(2, out byte[] rest);
        Assert.Equal([5, 6], rest);
    }

    [Fact]
    [Trait("Rfc", "6093 3.1")]
    public void Apart_the_octet_may_come_before_its_announcement()
    {
        Given given = Given.Established(connection: Apart).Receives(". seq 1 ack 1 len 10").Receives("U. seq 11 ack 1 len 2 urg 0")
            .Ignoring();
        Assert.Equal((byte)9, OutOfBand(given));
        given.Reads(9).Reads(2, out byte[] rest);
        Assert.Equal([10, 11], rest);
    }

    [Fact]
    [Trait("Threat", "20")]
    [Trait("Threat", "21")]
    [Trait("Clause", "RFC6093-3")]
    public void Several_pending_marks_lose_no_octet_but_the_last_one_apart()
    {
        Given given = Given.Established(connection: Apart);
        for (int i = 0; i < 5; i++) given.Receives($"U. seq {1 + 10 * i} ack 1 len 10 urg 10");
        given.Ignoring();
        Assert.Equal((byte)49, OutOfBand(given));
        given.Reads(49, out byte[] data);
        Assert.Equal(Enumerable.Range(0, 49).Select(i => (byte)i), data);
        Assert.Equal(0, given.Connection.Readable);
    }

    [Fact]
    [Trait("Threat", "21")]
    public void An_out_of_band_octet_that_nobody_reads_harms_nobody()
    {
        Given given = Given.Established().Receives("UP. seq 1 ack 1 len 100 urg 100").Receives("UP. seq 101 ack 1 len 100 urg 5")
            .Ignoring();
        given.Reads(200).Receives("F. seq 201 ack 1").Sends(". ack 202").ReadsEnd().Closes().Sends("F. ack 202").Then(TcpState.LastAck);
    }
}
