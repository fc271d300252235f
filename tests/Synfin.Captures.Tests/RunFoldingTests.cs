using Synfin.Captures.Ladders;
using Synfin.Tcp;
using static Synfin.Captures.Tests.Scene;

namespace Synfin.Captures.Tests;

public class RunFoldingTests
{
    [Fact]
    public void A_run_counts_segments_and_octets()
    {
        LadderRow row = Assert.Single(Stories.LongTransfer(42).Recorder.Build().Rows, r => r.Kind == LadderRowKind.Run);
        Assert.Equal(new LadderRun(63, 42 * 1460, 0), row.Run);
        Assert.Equal((40L, 670L), (row.Time.Milliseconds, row.Until!.Value.Milliseconds));
    }

    [Fact]
    public void A_run_that_is_not_longer_than_the_limit_stays()
    {
        Ladder six = Stories.LongTransfer(4).Recorder.Build();
        Assert.DoesNotContain(six.Rows, r => r.Kind == LadderRowKind.Run);
        Ladder five = Stories.LongTransfer(4).Recorder.Build(new LadderOptions { LongestRun = 5 });
        Assert.Contains(five.Rows, r => r.Kind == LadderRowKind.Run);
    }

    [Fact]
    public void Folding_can_be_switched_off()
    {
        Ladder ladder = Stories.LongTransfer(42).Recorder.Build(new LadderOptions { FoldRuns = false });
        Assert.Equal(67, ladder.Rows.Count(r => r.Arrow is not null));
    }

    [Fact]
    public void A_loss_and_its_repair_stand_between_two_runs()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40);
        for (uint i = 0; i < 10; i++) s.Pass("a", Ack, 101 + i * 100, 301, data: 100);
        s.Lose("a", Ack, 1101, 301, data: 100).Later(200).Timer("a", TcpTimerKind.Retransmit, 1, 400);
        s.Pass("a", Ack, 1101, 301, data: 100);
        for (uint i = 0; i < 10; i++) s.Pass("a", Ack, 1201 + i * 100, 301, data: 100);
        LadderRowKind[] kinds = [.. s.Recorder.Build().Rows.SkipWhile(r => r.Kind != LadderRowKind.Run).Select(r => r.Kind)];
        Assert.Equal(
            [LadderRowKind.Run, LadderRowKind.Segment, LadderRowKind.Timer, LadderRowKind.Segment, LadderRowKind.Run], kinds);
    }

    [Fact]
    public void A_loss_and_its_repair_can_be_folded_too()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40);
        for (uint i = 0; i < 4; i++) s.Pass("a", Ack, 101 + i * 100, 301, data: 100);
        s.Lose("a", Ack, 501, 301, data: 100).Later(200).Timer("a", TcpTimerKind.Retransmit, 1, 400);
        s.Pass("a", Ack, 501, 301, data: 100).Pass("b", Ack, 301, 601);
        LadderRow row = s.Recorder.Build(new LadderOptions { FoldTrouble = true }).Rows[^1];
        Assert.Equal(new LadderRun(7, 500, 0) { Lost = 1, Retransmissions = 1 }, row.Run);
        Assert.Equal("7 segments, 500 B, 1 lost, 1 sent again", row.Text);
    }

    [Fact]
    public void The_calls_that_move_the_text_fold_with_it()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40);
        for (uint i = 0; i < 10; i++)
            s.Call("a", UserCall.Send, 100).Pass("a", Psh | Ack, 101 + i * 100, 301, data: 100).Call("b", UserCall.Receive, 100);
        LadderRowKind[] kinds = [.. s.Recorder.Build().Rows.SkipWhile(r => r.Call != UserCall.Send).Select(r => r.Kind)];
        Assert.Equal([LadderRowKind.Call, LadderRowKind.Run, LadderRowKind.Call], kinds);
    }

    [Fact]
    public void A_silence_ends_a_run()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40);
        for (uint i = 0; i < 10; i++) s.Pass("a", Ack, 101 + i * 100, 301, data: 100);
        s.At(60_000);
        for (uint i = 10; i < 20; i++) s.Pass("a", Ack, 101 + i * 100, 301, data: 100);
        LadderRow[] rows = [.. s.Recorder.Build().Rows.SkipWhile(r => r.Kind != LadderRowKind.Run)];
        Assert.Equal([LadderRowKind.Run, LadderRowKind.Gap, LadderRowKind.Run], rows.Select(r => r.Kind));
        Assert.Contains("... 59.9 s ...", s.Text(), StringComparison.Ordinal);
    }
}
