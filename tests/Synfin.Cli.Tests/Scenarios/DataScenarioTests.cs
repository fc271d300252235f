using System.Globalization;
using Synfin.Captures.Ladders;
using Synfin.Cli.Scenarios;
using Synfin.Testing.Traits;
using Xunit;

namespace Synfin.Cli.Tests.Scenarios;

/// <summary>The scenarios of how data moves, row by row.</summary>
public sealed class DataScenarioTests
{
    private static readonly string[] _opened =
    [
        "1. CLOSED | LISTEN",
        "a OPEN",
        "2. a>b SYN seq=0 | SYN-SENT | SYN-RECEIVED",
        "3. b>a SYN,ACK seq=0 ack=1 | ESTABLISHED | SYN-RECEIVED",
        "4. a>b ACK seq=1 ack=1 | ESTABLISHED | ESTABLISHED",
        "b ACCEPT",
    ];

    [Fact, Subject(1), Subject(19), Rfc9293("MUST-30"), Rfc9293("MUST-31"), Rfc9293("MUST-32"), Rfc9293("MUST-33"), Rfc9293("MUST-62")]
    [Rfc(6093, "3")]
    public void Urgent()
    {
        Stage stage = Rows.Play("urgent");
        string[] rows =
        [
            .. _opened,
            "a SEND 6",
            "5. a>b PSH,ACK seq=1 ack=1 len=6 | ESTABLISHED | ESTABLISHED",
            "b RECEIVE 6",
            "6. b>a ACK seq=1 ack=7 | ESTABLISHED | ESTABLISHED",
            "a SEND urgent 5",
            "7. a>b PSH,URG,ACK seq=7 ack=1 len=5 up=5 | ESTABLISHED | ESTABLISHED", // 7 + 5 is one past the last urgent octet
            "b: 5 octets to the mark",
            "b RECEIVE 5",
            "b SEND urgent 3",
            "8. b>a PSH,URG,ACK seq=1 ack=12 len=3 up=3 | ESTABLISHED | ESTABLISHED",
            "a RECEIVE 2", // the third octet is out of band
            "a CLOSE",
            "9. a>b FIN,ACK seq=12 ack=4 | FIN-WAIT-1 | CLOSE-WAIT",
            "b RECEIVE end of stream",
            "b CLOSE",
            "10. b>a FIN,ACK seq=4 ack=13 | TIME-WAIT | LAST-ACK",
            "11. a>b ACK seq=13 ack=5 | TIME-WAIT | CLOSED",
            "a [2MSL 60 s]",
            "12. CLOSED | CLOSED",
        ];
        Assert.Equal(rows, Rows.Of(stage));
        Assert.Equal(
            [
                "b keeps it in the stream and knows the mark (RFC 6093): it read \"work, stop!\".",
                "a takes its last octet out of band, as BSD does: it read \"ok\" from the stream, and '!' apart from it.",
                "On the wire SEQ + UP is the octet after the last urgent one (MUST-62).",
            ],
            stage.Remarks);
        Assert.True(Rows.IsClean(stage));
    }

    [Fact, Subject(22), Rfc9293("MUST-35"), Rfc9293("MUST-36"), Rfc9293("MUST-37"), Rfc9293("SHLD-29"), Rfc9293("SHLD-30")]
    [Rfc(9293, "3.8.6.1")]
    public void Zero_window()
    {
        Stage stage = Rows.Play("zero-window");
        string[] rows =
        [
            "0.035 a SEND 4000",
            "0.035 5. a>b ACK seq=1 ack=1 len=1000 | ESTABLISHED | ESTABLISHED",
            "0.035 6. a>b ACK seq=1001 ack=1 len=1000 | ESTABLISHED | ESTABLISHED",
            "0.045 7. b>a ACK seq=1 ack=2001 wnd=0 | ESTABLISHED | ESTABLISHED",
            // The first probe after an RTO (20 ms of round trip and the 200 ms of its variation), each wait twice the last one.
            "0.275 a [persist 220 ms]",
            "0.275 8. a>b ACK seq=2001 ack=1 len=1 ZeroWindowProbe | ESTABLISHED | ESTABLISHED",
            "0.285 9. b>a ACK seq=1 ack=2001 wnd=0 | ESTABLISHED | ESTABLISHED",
            "0.715 a [persist 440 ms]",
            "0.715 10. a>b ACK seq=2001 ack=1 len=1 again 8 ZeroWindowProbe | ESTABLISHED | ESTABLISHED",
            "0.725 11. b>a ACK seq=1 ack=2001 wnd=0 | ESTABLISHED | ESTABLISHED",
            "1.595 a [persist 880 ms]",
            "1.595 12. a>b ACK seq=2001 ack=1 len=1 again 8 ZeroWindowProbe | ESTABLISHED | ESTABLISHED",
            "1.605 13. b>a ACK seq=1 ack=2001 wnd=0 | ESTABLISHED | ESTABLISHED",
            "2.030 b RECEIVE 2000",
            "2.030 14. b>a ACK seq=1 ack=2001 wnd=2000 WindowUpdate | ESTABLISHED | ESTABLISHED",
            "2.040 15. a>b ACK seq=2001 ack=1 len=1000 again 8 | ESTABLISHED | ESTABLISHED",
            "2.040 16. a>b PSH,ACK seq=3001 ack=1 len=1000 | ESTABLISHED | ESTABLISHED",
            "2.050 b RECEIVE 2000",
            "2.050 17. b>a ACK seq=1 ack=4001 | ESTABLISHED | ESTABLISHED",
            "2.075 a CLOSE",
            "2.075 18. a>b FIN,ACK seq=4001 ack=1 | FIN-WAIT-1 | CLOSE-WAIT",
            "2.085 b RECEIVE end of stream",
            "2.085 b CLOSE",
            "2.085 19. b>a FIN,ACK seq=1 ack=4002 | TIME-WAIT | LAST-ACK",
            "2.095 20. a>b ACK seq=4002 ack=2 | TIME-WAIT | CLOSED",
            "62.095 a [2MSL 60 s]",
            "62.095 21. CLOSED | CLOSED",
        ];
        Assert.Equal(_opened, Rows.Of(stage)[.._opened.Length]);
        Assert.Equal(rows, Rows.Timed(stage)[_opened.Length..]);
        Assert.True(Rows.IsClean(stage));
    }

    [Theory, Subject(22)]
    [InlineData(null)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Reliability_a_megabyte_over_a_bad_network(ulong? seed)
    {
        var scenario = (Scenario)ScenarioCatalog.All.First(s => s.Name == "reliability");
        Stage stage = scenario.Perform(new DemoOptions { Seed = seed });
        Assert.Contains("b read 1,000,000 of 1,000,000 octets.", stage.Remarks);
        string hash = stage.Remarks.Single(r => r.StartsWith("SHA-256 at a: ", StringComparison.Ordinal))[14..];
        Assert.Equal(64, hash.Length);
        Assert.Contains("SHA-256 at b: " + hash, stage.Remarks);
        Assert.Equal("Equal.", stage.Remarks[^1]);
        Assert.True(Rows.IsClean(stage));

        // The network did what it threatened to do, and it was made good.
        Assert.InRange(stage.Link.Forward.LostByChance, 5, 50);
        Assert.InRange(stage.Link.Forward.Corrupted, 1, 30);
        Assert.True(stage.Link.Forward.Duplicated > 0 && stage.Link.Forward.Reordered > 0);
        Assert.True(stage.A.Stack.Counters.SegmentsRetransmitted >= stage.Link.Forward.LostByChance);
    }

    [Fact, Subject(22)]
    public void Reliability_folds_the_transfer_into_one_row()
    {
        Stage stage = Rows.Play("reliability");
        Ladder ladder = Rows.Ladder(stage);
        LadderRun run = Assert.Single(ladder.Rows, row => row.Run is not null).Run!;
        Assert.Equal((1_000_000, 0), (run.OctetsToRight, run.OctetsToLeft));
        LadderVerdict verdict = ladder.Connections[0].Verdict;
        Assert.Equal((verdict.Lost, verdict.Retransmissions), (run.Lost, run.Retransmissions));
        Assert.Equal(LadderVerdictKind.OrderlyClose, verdict.Kind);
        Assert.Contains(verdict.Segments.ToString("N0", CultureInfo.InvariantCulture) + " segments, ", stage.Remarks[1],
            StringComparison.Ordinal);
    }
}
