using Synfin.Cli.Scenarios;
using Synfin.Testing.Traits;
using Xunit;

namespace Synfin.Cli.Tests.Scenarios;

/// <summary>The scenarios of how a connection opens, row by row.</summary>
public sealed class OpeningTests
{
    [Fact, Subject(1), Subject(2), Subject(3), Subject(5), Subject(6)]
    [Rfc(9293, "3.5")] // Figure 6
    public void Handshake_three_segments_and_what_each_side_knows_after_each()
    {
        Stage stage = Rows.Play("handshake");
        string[] rows =
        [
            "0.000 1. CLOSED | LISTEN",
            "0.000 a OPEN",
            "0.000 2. a>b SYN seq=0 | SYN-SENT | SYN-RECEIVED",
            "0.010 b: knows: a sends, b receives",
            "0.010 3. b>a SYN,ACK seq=0 ack=1 | ESTABLISHED | SYN-RECEIVED",
            "0.020 a: knows: both send and receive",
            "0.020 4. a>b ACK seq=1 ack=1 | ESTABLISHED | ESTABLISHED",
            "0.030 b: knows: both send and receive",
            "0.030 b ACCEPT",
        ];
        Assert.Equal(rows, Rows.Timed(stage));
        string[] closing =
        [
            "still open: a ESTABLISHED, b ESTABLISHED, 3 segments, 30 ms",
            "It stays open for as long as nobody closes it: TCP alone sends nothing more.",
        ];
        Assert.Equal(closing, Rows.Closing(stage));
    }

    [Fact, Subject(6)]
    public void Handshake_whose_SYN_never_arrives_says_only_what_is_so()
    {
        Stage stage = Rows.Play("handshake", "every SYN from a");
        Assert.DoesNotContain(Rows.Of(stage), row => row.Contains("knows", StringComparison.Ordinal));
        // 1 + 2 + 4 + ... + 128 s (RFC 6298 5.5); MUST-23 asks for 180 s at least.
        string[] closing = ["no answer from b: 8 SYNs in 127 s, 8 lost, 7 sent again",
            "a's application is told: connection timed out (ETIMEDOUT)"];
        Assert.Equal(closing, Rows.Closing(stage));
        Assert.Equal(255, stage.Network.Now.Nanoseconds / 1e9);
        Assert.True(Rows.IsClean(stage));
    }

    [Fact, Subject(10), Rfc9293("MUST-10")]
    [Rfc(9293, "3.5")] // Figure 7
    public void Simultaneous_open_makes_one_connection_by_way_of_SYN_RECEIVED_on_both_sides()
    {
        Stage stage = Rows.Play("simultaneous-open");
        string[] rows =
        [
            "1. CLOSED | CLOSED",
            "a OPEN",
            "b OPEN",
            "2. a>b SYN seq=0 leaves | SYN-SENT | SYN-SENT",
            "3. b>a SYN seq=0 | SYN-RECEIVED | SYN-SENT",
            "4. a>b SYN seq=0 arrives | SYN-RECEIVED | SYN-RECEIVED",
            "5. a>b SYN,ACK seq=0 ack=1 leaves | SYN-RECEIVED | SYN-RECEIVED",
            "6. b>a SYN,ACK seq=0 ack=1 | ESTABLISHED | SYN-RECEIVED",
            "7. a>b SYN,ACK seq=0 ack=1 arrives | ESTABLISHED | ESTABLISHED",
            "a CLOSE",
            "8. a>b FIN,ACK seq=1 ack=1 | FIN-WAIT-1 | CLOSE-WAIT",
            "b RECEIVE end of stream",
            "b CLOSE",
            "9. b>a FIN,ACK seq=1 ack=2 | TIME-WAIT | LAST-ACK",
            "10. a>b ACK seq=2 ack=2 | TIME-WAIT | CLOSED",
            "a [2MSL 60 s]",
            "11. CLOSED | CLOSED",
        ];
        Assert.Equal(rows, Rows.Of(stage));
        string[] closing = ["a closed first (active closer), b after it: orderly close, 7 segments, 100 ms; a waited 60 s in TIME-WAIT"];
        Assert.Equal(closing, Rows.Closing(stage));
        Assert.True(Rows.IsClean(stage));
    }

    [Fact, Subject(9)]
    [Rfc(6298, "2.1")]
    public void Lost_SYN_comes_again_after_a_second()
    {
        string[] rows =
        [
            "1. CLOSED | LISTEN",
            "a OPEN",
            "2. a>b SYN seq=0 lost | SYN-SENT | LISTEN",
            "a [RTO 1.0 s]",
            "3. a>b SYN seq=0 again 2 | SYN-SENT | SYN-RECEIVED",
            "4. b>a SYN,ACK seq=0 ack=1 | ESTABLISHED | SYN-RECEIVED",
            "5. a>b ACK seq=1 ack=1 | ESTABLISHED | ESTABLISHED",
            "b ACCEPT",
            .. ClosedFromRow(6),
        ];
        Stage stage = Verify("lost-syn", rows, "8 segments, 1.08 s, 1 lost, 1 sent again");
        Assert.Contains("1.000 3. a>b SYN seq=0 again 2 | SYN-SENT | SYN-RECEIVED", Rows.Timed(stage));
    }

    [Fact, Subject(9)]
    public void Lost_SYN_ACK_is_made_good_by_the_SYN_that_comes_again_and_is_sent_once()
    {
        string[] rows =
        [
            "1. CLOSED | LISTEN",
            "a OPEN",
            "2. a>b SYN seq=0 | SYN-SENT | SYN-RECEIVED",
            "3. b>a SYN,ACK seq=0 ack=1 lost | SYN-SENT | SYN-RECEIVED",
            "a [RTO 1.0 s]",
            "4. a>b SYN seq=0 again 2 | SYN-SENT | SYN-RECEIVED",
            "5. b>a SYN,ACK seq=0 ack=1 again 3 | ESTABLISHED | SYN-RECEIVED",
            "6. a>b ACK seq=1 ack=1 | ESTABLISHED | ESTABLISHED",
            "b ACCEPT",
            .. ClosedFromRow(7),
        ];
        Stage stage = Verify("lost-syn-ack", rows, "9 segments, 1.08 s, 1 lost, 2 sent again");
        // b's own timer would fire at the same moment, 1.010 s, had the SYN not come.
        Assert.Contains("1.010 5. b>a SYN,ACK seq=0 ack=1 again 3 | ESTABLISHED | SYN-RECEIVED", Rows.Timed(stage));
    }

    [Fact, Subject(9)]
    [Rfc(5961, "4.2")]
    public void Lost_handshake_ACK_is_given_again_to_the_SYN_ACK_that_comes_again()
    {
        string[] rows =
        [
            "1. CLOSED | LISTEN",
            "a OPEN",
            "2. a>b SYN seq=0 | SYN-SENT | SYN-RECEIVED",
            "3. b>a SYN,ACK seq=0 ack=1 | ESTABLISHED | SYN-RECEIVED",
            "4. a>b ACK seq=1 ack=1 lost | ESTABLISHED | SYN-RECEIVED",
            "b [RTO 1.0 s]",
            "5. b>a SYN,ACK seq=0 ack=1 again 3 ReceivedBefore dropped OutsideWindow | ESTABLISHED | SYN-RECEIVED",
            "6. a>b ACK seq=1 ack=1 | ESTABLISHED | ESTABLISHED",
            "b ACCEPT",
            .. ClosedFromRow(7),
        ];
        Stage stage = Verify("lost-handshake-ack", rows, "9 segments, 2.065 s, 1 lost, 1 sent again");
        Assert.Contains("1.010 b [RTO 1.0 s]", Rows.Timed(stage));
    }

    [Fact, Subject(8)]
    [Rfc(9293, "3.5")] // the reason for three segments; Figure 8 is the same with the new SYN under way
    public void Stale_SYN_is_answered_and_refused_by_who_did_not_ask_and_leaves_nothing()
    {
        Stage stage = Rows.Play("stale-syn");
        string[] rows =
        [
            "0.000 #1 1. CLOSED | LISTEN",
            "0.000 #1 a OPEN",
            "0.000 #1 2. a>b SYN seq=0 leaves | SYN-SENT | LISTEN",
            "1.000 #1 a [RTO 1.0 s]",
            "1.000 #1 3. a>b SYN seq=0 again 2 | SYN-SENT | SYN-RECEIVED",
            "1.010 #1 4. b>a SYN,ACK seq=0 ack=1 | ESTABLISHED | SYN-RECEIVED",
            "1.020 #1 5. a>b ACK seq=1 ack=1 | ESTABLISHED | ESTABLISHED",
            "1.030 #1 b ACCEPT",
            "1.035 #1 a CLOSE",
            "1.035 #1 6. a>b FIN,ACK seq=1 ack=1 | FIN-WAIT-1 | CLOSE-WAIT",
            "1.045 #1 b RECEIVE end of stream",
            "1.045 #1 b CLOSE",
            "1.045 #1 7. b>a FIN,ACK seq=1 ack=2 | TIME-WAIT | LAST-ACK",
            "1.055 #1 8. a>b ACK seq=2 ack=2 | TIME-WAIT | CLOSED",
            "61.055 #1 a [2MSL 60 s]",
            "61.055 #1 9. CLOSED | CLOSED",
            "61.055 ... 8.955 s ...",
            "70.010 #1 10. a>b SYN seq=0 arrives sent 2 | CLOSED | SYN-RECEIVED",
            "70.010 #1 11. b>a SYN,ACK seq=0 ack=1 dropped NoConnection | CLOSED | SYN-RECEIVED", // counted from another ISN
            "70.020 #1 12. a>b RST seq=1 | CLOSED | LISTEN",
            "70.030 ... 9.97 s ...",
            "80.000 #2 13. CLOSED | LISTEN",
            "80.000 #2 a OPEN",
            "80.000 #2 14. a>b SYN seq=0 | SYN-SENT | SYN-RECEIVED",
            "80.010 #2 15. b>a SYN,ACK seq=0 ack=1 | ESTABLISHED | SYN-RECEIVED",
            "80.020 #2 16. a>b ACK seq=1 ack=1 | ESTABLISHED | ESTABLISHED",
            "80.030 #2 b ACCEPT",
            "80.035 #2 a CLOSE",
            "80.035 #2 17. a>b FIN,ACK seq=1 ack=1 | FIN-WAIT-1 | CLOSE-WAIT",
            "80.045 #2 b RECEIVE end of stream",
            "80.045 #2 b CLOSE",
            "80.045 #2 18. b>a FIN,ACK seq=1 ack=2 | TIME-WAIT | LAST-ACK",
            "80.055 #2 19. a>b ACK seq=2 ack=2 | TIME-WAIT | CLOSED",
            "140.055 #2 a [2MSL 60 s]",
            "140.055 #2 20. CLOSED | CLOSED",
        ];
        Assert.Equal(rows, Rows.Timed(stage));
        string[] closing =
        [
            "a closed first (active closer), b after it: orderly close, 9 segments, 70 s, 1 sent again; a waited 60 s in TIME-WAIT",
            "a closed first (active closer), b after it: orderly close, 6 segments, 65 ms; a waited 60 s in TIME-WAIT",
        ];
        Assert.Equal(closing, Rows.Closing(stage));
        Assert.Equal((2, 1), (stage.B.Stack.Counters.PassiveOpens, stage.B.Stack.Counters.ResetsReceived));
        Assert.True(Rows.IsClean(stage));
    }

    /// <summary>The close that <see cref="ClosingTests"/> looks at for itself.</summary>
    private static string[] ClosedFromRow(int number) =>
    [
        "a CLOSE",
        $"{number}. a>b FIN,ACK seq=1 ack=1 | FIN-WAIT-1 | CLOSE-WAIT",
        "b RECEIVE end of stream",
        $"{number + 1}. b>a ACK seq=1 ack=2 | FIN-WAIT-2 | CLOSE-WAIT",
        "b CLOSE",
        $"{number + 2}. b>a FIN,ACK seq=1 ack=2 | TIME-WAIT | LAST-ACK",
        $"{number + 3}. a>b ACK seq=2 ack=2 | TIME-WAIT | CLOSED",
        "a [2MSL 60 s]",
        $"{number + 4}. CLOSED | CLOSED",
    ];

    private static Stage Verify(string scenario, string[] rows, string size)
    {
        Stage stage = Rows.Play(scenario);
        Assert.Equal(rows, Rows.Of(stage));
        Assert.Equal([$"a closed first (active closer), b after it: orderly close, {size}; a waited 60 s in TIME-WAIT"],
            Rows.Closing(stage));
        Assert.True(Rows.IsClean(stage));
        return stage;
    }
}
