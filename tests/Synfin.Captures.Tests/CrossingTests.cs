using Synfin.Captures.Ladders;
using Synfin.Timers;
using static Synfin.Captures.Tests.Scene;

namespace Synfin.Captures.Tests;

/// <summary>Which segments take one row and which take two.</summary>
public class CrossingTests
{
    [Fact]
    public void Segments_sent_back_to_back_one_way_take_a_row_each()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40);
        int[] ids = [.. Enumerable.Range(0, 4).Select(i => s.Send("a", Ack, (uint)(101 + i * 100), 301, data: 100))];
        s.At(50);
        foreach (int id in ids) s.Deliver("b", id);
        Assert.Equal(Enumerable.Repeat(LadderPassage.Whole, 4), Passages(s)[3..]);
    }

    [Fact]
    public void An_ACK_between_two_arrivals_puts_the_later_one_in_flight()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40);
        int first = s.Send("a", Ack, 101, 301, data: 100), second = s.Send("a", Ack, 201, 301, data: 100);
        s.At(50).Deliver("b", first);
        int ack = s.Send("b", Ack, 301, 201);
        s.At(51).Deliver("b", second).At(60).Deliver("a", ack);
        Assert.Equal([LadderPassage.Whole, LadderPassage.Departs, LadderPassage.Whole, LadderPassage.Arrives], Passages(s)[3..]);
    }

    [Fact]
    public void A_segment_that_is_overtaken_arrives_after_the_other()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40);
        int first = s.Send("a", Ack, 101, 301, data: 100), second = s.Send("a", Ack, 201, 301, data: 100);
        s.At(50).Deliver("b", second).At(55).Deliver("b", first);
        Assert.Equal([LadderPassage.Departs, LadderPassage.Whole, LadderPassage.Arrives], Passages(s)[3..]);
    }

    [Fact]
    public void What_is_still_in_flight_at_the_end_never_arrives()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Send("a", Ack, 101, 301, data: 100);
        Assert.Equal(LadderPassage.Departs, Passages(s)[^1]);
        Assert.Null(s.Recorder.Build().Rows[^1].Delivered);
    }

    /// <summary>However segments are delayed, the rows tell the events of each host in the order in which it saw them.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Every_host_s_own_order_is_kept(uint seed)
    {
        var s = new Scene(tellStates: false);
        List<(double At, string To, int Id)> flying = [];
        for (int step = 0; step < 200; step++)
        {
            s.At(step);
            foreach (var (_, to, id) in flying.Where(f => f.At <= step).OrderBy(f => f.At).ToList()) s.Deliver(to, id);
            flying.RemoveAll(f => f.At <= step);
            seed = seed * 1664525 + 1013904223;
            string from = (seed >> 8 & 1) == 0 ? "a" : "b";
            int sent = s.Send(from, Psh | Ack, (uint)(1000 + step), 5000, data: 1);
            flying.Add((step + 1 + (seed >> 16) % 7, from == "a" ? "b" : "a", sent));
        }
        Ladder ladder = s.Recorder.Build(new LadderOptions { FoldRuns = false });
        foreach (LadderSide side in new[] { LadderSide.Left, LadderSide.Right })
        {
            List<Timestamp> times = [];
            foreach (LadderRow row in ladder.Rows.Where(r => r.Arrow is not null))
            {
                if (row.Side == side && row.Passage != LadderPassage.Arrives) times.Add(row.Sent!.Value);
                if (row.Side != side && row.Delivered is { } delivered) times.Add(delivered);
            }
            Assert.Equal(times.Order(), times);
        }
        Assert.Equal(ladder.Rows.OrderBy(r => r.Time), ladder.Rows);
    }

    private static LadderPassage[] Passages(Scene scene) =>
        [.. scene.Recorder.Build(new LadderOptions { FoldRuns = false }).Rows.Where(r => r.Arrow is not null).Select(r => r.Passage)];
}
