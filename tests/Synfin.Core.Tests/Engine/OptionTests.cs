using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>
/// What the engine does with options, right and wrong ones (RFC 9293 3.1 and 3.2). How they are read is TcpOptionTests' subject.
/// </summary>
public sealed class OptionTests
{
    [Fact]
    [Trait("Rfc9293", "MUST-4")]
    [Trait("Rfc9293", "MUST-64")]
    public void MSS_at_an_odd_offset_between_no_operations_counts() => Given.Listening()
        .Receives("S seq 0 <raw 010204012C0100>").Sends("S. seq 0 ack 1")
        .Receives(". seq 1 ack 1").Accepts().Writes(300).Sends("P. seq 1 len 300")
        .And(g => Assert.Equal(300, g.Connection.Status().SendMss));

    [Fact]
    [Trait("Rfc9293", "MUST-4")]
    [Trait("Rfc9293", "MUST-69")]
    public void What_follows_the_end_of_the_list_is_not_read() => Given.Listening()
        .Receives("S seq 0 <raw 0204012C00020401900100FF>").Sends("S. seq 0 ack 1")
        .Receives(". seq 1 ack 1").Accepts().And(g => Assert.Equal(300, g.Connection.Status().SendMss));

    [Theory]
    [InlineData("P. seq 1 ack 1 len 5")]
    [InlineData(". seq 1 ack 1 len 5")]
    [InlineData("FP. seq 1 ack 1 len 5")]
    [Trait("Rfc9293", "MUST-5")]
    [Trait("Rfc9293", "MUST-6")]
    [Trait("Rfc9293", "MUST-68")]
    public void Unknown_options_on_any_segment_are_skipped_by_their_length(string segment)
    {
        for (int kind = 9; kind < 255; kind++)
        {
            if (kind is 28 or 34 or 172 or 174) continue; // known ones (RFC 5482, 7413, 9768) have lengths of their own
            // Its content looks like an MSS option with an illegal length: skipping goes by the length alone.
            Given.Established().Receives($"{segment} <raw {kind:X2}06020000FF>").Reads(5);
        }
    }

    [Fact]
    [Trait("Rfc9293", "MUST-5")]
    [Trait("Rfc9293", "MUST-6")]
    public void Options_on_SYN_ACK_FIN_and_RST_are_taken_or_skipped()
    {
        Given.SynSent().Sends("S seq 0")
            .Receives("S. seq 0 ack 1 <mss 1460,raw FD02FE040000>").Sends(". seq 1 ack 1").Then(TcpState.Established);
        Given.Established().Receives(". seq 1 ack 1 <raw 0101>")
            .Receives("F. seq 1 ack 1 <raw FD04AABB>").Sends(". ack 2").Then(TcpState.CloseWait);
        Given.Established().Receives("R seq 1 <raw FD04AABB>").Then(TcpState.Closed);
    }

    [Theory]
    [InlineData("FD00")] // length 0
    [InlineData("FD01")] // length 1
    [InlineData("FD50AAAA")] // beyond the header
    [InlineData("0101010108")] // a kind without its length
    [InlineData("02050102AA")] // MSS of length 5
    [InlineData("080A0000")] // timestamps, cut off
    [InlineData("0303")] // window scale, cut off
    [Trait("Rfc9293", "MUST-7")]
    [Trait("Threat", "51")]
    public void A_segment_with_an_illegal_option_length_is_dropped_and_the_connection_lives(string raw)
    {
        raw = raw.PadRight((raw.Length + 7) / 8 * 8, 'F'); // no zero after it that would end the list
        Given.Established().Receives($"P. seq 1 ack 1 len 5 <raw {raw}>").SendsNothing().ReadFails(TcpError.WouldBlock)
            .Receives($"R seq 1 <raw {raw}>").Then(TcpState.Established)
            .And(g => Assert.Equal(2, g.Stack.Counters.Dropped[(int)DropReason.Malformed]))
            .Receives("P. seq 1 ack 1 len 5").Reads(5);
        Given.Listening().Receives($"S seq 0 <raw {raw}>").SendsNothing().Then(TcpState.Listen);
        Given.SynSent().Sends("S seq 0").Receives($"S. seq 0 ack 1 <raw {raw}>").SendsNothing().Then(TcpState.SynSent);
        Given.Closed().Receives($". seq 0 ack 1 <raw {raw}>").SendsNothing();
    }

    [Fact]
    [Trait("Rfc9293", "MUST-65")]
    public void An_MSS_option_on_a_segment_without_SYN_is_not_heeded() => Given.Established()
        .Receives(". seq 1 ack 1 <mss 100>").Writes(1000).Sends("P. seq 1 len 1000")
        .And(g => Assert.Equal(1460, g.Connection.Status().SendMss));

    [Fact]
    [Trait("Rfc9293", "MUST-65")]
    [Trait("Clause", "RFC7323-1")]
    [Trait("Clause", "RFC2018-1")]
    public void Only_our_SYNs_carry_MSS_scale_and_SACK_permitted()
    {
        var pair = new Pair();
        (TcpConnection a, TcpConnection b) = pair.Connect();
        a.Send(new byte[5000], pair.Now, out _);
        pair.Run(Duration.FromSeconds(1));
        b.Receive(new byte[5000], pair.Now, out _);
        a.Close(pair.Now);
        b.Close(pair.Now);
        pair.Run(Duration.FromSeconds(1));
        const TcpOptionKinds syn = TcpOptionKinds.MaximumSegmentSize | TcpOptionKinds.WindowScale | TcpOptionKinds.SackPermitted;
        Assert.All(pair.Log, entry =>
        {
            Segment seg = SegmentScript.Read(entry.Packet);
            Assert.Equal(seg.Has(TcpFlags.Syn) ? syn : TcpOptionKinds.None, seg.Options.Present & syn);
        });
    }
}
