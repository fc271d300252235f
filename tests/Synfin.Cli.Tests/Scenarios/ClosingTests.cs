using Synfin.Cli.Scenarios;
using Synfin.Testing.Traits;
using Xunit;

namespace Synfin.Cli.Tests.Scenarios;

/// <summary>The scenarios of how a connection closes, and the one of its whole life, row by row.</summary>
public sealed class ClosingTests
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

    [Fact, Subject(1), Subject(2), Subject(5), Subject(11), Subject(17)]
    public void Exchange_a_whole_connection()
    {
        string[] rows =
        [
            .. _opened,
            "a SEND 4",
            "5. a>b PSH,ACK seq=1 ack=1 len=4 | ESTABLISHED | ESTABLISHED",
            "b RECEIVE 4",
            "b SEND 10",
            "6. b>a PSH,ACK seq=1 ack=5 len=10 | ESTABLISHED | ESTABLISHED",
            "a RECEIVE 10",
            "a CLOSE",
            "7. a>b FIN,ACK seq=5 ack=11 | FIN-WAIT-1 | CLOSE-WAIT",
            "b RECEIVE end of stream",
            "8. b>a ACK seq=11 ack=6 | FIN-WAIT-2 | CLOSE-WAIT",
            "b CLOSE",
            "9. b>a FIN,ACK seq=11 ack=6 | TIME-WAIT | LAST-ACK",
            "10. a>b ACK seq=6 ack=12 | TIME-WAIT | CLOSED",
            "a [2MSL 60 s]",
            "11. CLOSED | CLOSED",
        ];
        Verify("exchange", rows, "9 segments, 115 ms");
    }

    [Fact, Subject(11), Subject(12), Subject(15), Subject(17), Rfc9293("MUST-13")]
    [Rfc(9293, "3.6")] // Figure 12
    public void Close_four_segments()
    {
        string[] rows =
        [
            .. _opened,
            "a CLOSE",
            "5. a>b FIN,ACK seq=1 ack=1 | FIN-WAIT-1 | CLOSE-WAIT",
            "b RECEIVE end of stream",
            "6. b>a ACK seq=1 ack=2 | FIN-WAIT-2 | CLOSE-WAIT",
            "b CLOSE",
            "7. b>a FIN,ACK seq=1 ack=2 | TIME-WAIT | LAST-ACK",
            "8. a>b ACK seq=2 ack=2 | TIME-WAIT | CLOSED",
            "a [2MSL 60 s]",
            "9. CLOSED | CLOSED",
        ];
        Stage stage = Verify("close", rows, "7 segments, 80 ms");
        // TIME-WAIT begins when b's FIN arrives, at 70 ms, and lasts 2MSL.
        Assert.Contains("60.070 9. CLOSED | CLOSED", Rows.Timed(stage));
    }

    [Fact, Subject(12)]
    [Rfc(9293, "3.10.7.4")]
    public void Close_three_segments_go_from_FIN_WAIT_1_to_TIME_WAIT_at_once()
    {
        string[] rows =
        [
            .. _opened,
            "a CLOSE",
            "5. a>b FIN,ACK seq=1 ack=1 | FIN-WAIT-1 | CLOSE-WAIT",
            "b RECEIVE end of stream",
            "b CLOSE",
            "6. b>a FIN,ACK seq=1 ack=2 | TIME-WAIT | LAST-ACK",
            "7. a>b ACK seq=2 ack=2 | TIME-WAIT | CLOSED",
            "a [2MSL 60 s]",
            "8. CLOSED | CLOSED",
        ];
        Verify("close-three-segments", rows, "6 segments, 65 ms");
    }

    [Fact, Subject(3), Subject(11), Subject(12), Subject(13)]
    [Rfc(9293, "3.6")]
    public void Half_close_b_sends_in_CLOSE_WAIT_and_a_acknowledges_in_FIN_WAIT_2()
    {
        string[] rows =
        [
            "1. CLOSED | LISTEN",
            "a OPEN",
            "2. a>b SYN seq=0 | SYN-SENT | SYN-RECEIVED",
            "3. b>a SYN,ACK seq=0 ack=1 | ESTABLISHED | SYN-RECEIVED",
            "a SEND 7",
            "4. a>b PSH,ACK seq=1 ack=1 len=7 | ESTABLISHED | ESTABLISHED", // the third segment may carry data
            "b ACCEPT",
            "b RECEIVE 7",
            "5. b>a ACK seq=1 ack=8 | ESTABLISHED | ESTABLISHED",
            "a CLOSE sending",
            "6. a>b FIN,ACK seq=8 ack=1 | FIN-WAIT-1 | CLOSE-WAIT",
            "b RECEIVE end of stream",
            "7. b>a ACK seq=1 ack=9 | FIN-WAIT-2 | CLOSE-WAIT",
            "b SEND 4000",
            // 1460 - 12 octets of timestamps; PSH with the last
            "8. b>a ACK seq=1 ack=9 len=1448 | FIN-WAIT-2 | CLOSE-WAIT",
            "9. b>a ACK seq=1449 ack=9 len=1448 | FIN-WAIT-2 | CLOSE-WAIT",
            "10. b>a PSH,ACK seq=2897 ack=9 len=1104 | FIN-WAIT-2 | CLOSE-WAIT",
            "a RECEIVE 4000",
            "11. a>b ACK seq=9 ack=4001 | FIN-WAIT-2 | CLOSE-WAIT",
            "b CLOSE",
            "12. b>a FIN,ACK seq=4001 ack=9 | TIME-WAIT | LAST-ACK",
            "a RECEIVE end of stream",
            "a CLOSE",
            "13. a>b ACK seq=9 ack=4002 | TIME-WAIT | CLOSED",
            "a [2MSL 60 s]",
            "14. CLOSED | CLOSED",
        ];
        Verify("half-close", rows, "12 segments, 195 ms");
    }

    [Fact, Subject(16)]
    [Rfc(9293, "3.6")] // Figure 13
    public void Simultaneous_close_leads_both_through_CLOSING_to_TIME_WAIT()
    {
        Stage stage = Rows.Play("simultaneous-close");
        string[] rows =
        [
            .. _opened,
            "a CLOSE",
            "b CLOSE",
            "5. a>b FIN,ACK seq=1 ack=1 leaves | FIN-WAIT-1 | FIN-WAIT-1",
            "6. b>a FIN,ACK seq=1 ack=1 | CLOSING | FIN-WAIT-1",
            "7. a>b FIN,ACK seq=1 ack=1 arrives | CLOSING | CLOSING",
            "8. a>b ACK seq=2 ack=2 leaves | CLOSING | CLOSING",
            "9. b>a ACK seq=2 ack=2 | TIME-WAIT | CLOSING",
            "10. a>b ACK seq=2 ack=2 arrives | TIME-WAIT | TIME-WAIT",
            "a [2MSL 60 s]",
            "11. CLOSED | TIME-WAIT",
            "b [2MSL 60 s]",
            "12. CLOSED | CLOSED",
        ];
        Assert.Equal(rows, Rows.Of(stage));
        string[] closing =
            ["both closed at once: orderly close, 7 segments, 90 ms; a waited 60 s in TIME-WAIT; b waited 60 s in TIME-WAIT"];
        Assert.Equal(closing, Rows.Closing(stage));
        Assert.True(Rows.IsClean(stage));
    }

    [Fact, Subject(14)]
    [Rfc(6298, "5.4")]
    public void Lost_FIN_is_sent_again()
    {
        string[] rows =
        [
            .. _opened,
            "a CLOSE",
            "5. a>b FIN,ACK seq=1 ack=1 lost | FIN-WAIT-1 | ESTABLISHED",
            // Two round trips and 200 ms for a delayed ACK, but no later than the RTO (RFC 8985 7.2): 20 ms and the least variation.
            "a [tail loss probe 220 ms]",
            "6. a>b FIN,ACK seq=1 ack=1 again 5 | FIN-WAIT-1 | CLOSE-WAIT",
            "b RECEIVE end of stream",
            "7. b>a ACK seq=1 ack=2 | FIN-WAIT-2 | CLOSE-WAIT",
            "b CLOSE",
            "8. b>a FIN,ACK seq=1 ack=2 | TIME-WAIT | LAST-ACK",
            "9. a>b ACK seq=2 ack=2 | TIME-WAIT | CLOSED",
            "a [2MSL 60 s]",
            "10. CLOSED | CLOSED",
        ];
        Verify("lost-fin", rows, "8 segments, 300 ms, 1 lost, 1 sent again");
    }

    [Fact, Subject(14)]
    public void Lost_ACK_of_the_FIN_makes_the_FIN_come_again_and_its_reader_is_told_once()
    {
        string[] rows =
        [
            .. _opened,
            "a CLOSE",
            "5. a>b FIN,ACK seq=1 ack=1 | FIN-WAIT-1 | CLOSE-WAIT",
            "b RECEIVE end of stream",
            "6. b>a ACK seq=1 ack=2 lost | FIN-WAIT-1 | CLOSE-WAIT",
            "a [tail loss probe 220 ms]",
            "7. a>b FIN,ACK seq=1 ack=1 again 5 ReceivedBefore dropped OutsideWindow | FIN-WAIT-1 | CLOSE-WAIT",
            "8. b>a ACK seq=1 ack=2 | FIN-WAIT-2 | CLOSE-WAIT",
            "b CLOSE",
            "9. b>a FIN,ACK seq=1 ack=2 | TIME-WAIT | LAST-ACK",
            "10. a>b ACK seq=2 ack=2 | TIME-WAIT | CLOSED",
            "a [2MSL 60 s]",
            "11. CLOSED | CLOSED",
        ];
        Verify("lost-fin-ack", rows, "9 segments, 565 ms, 1 lost, 1 sent again");
    }

    [Fact, Subject(14), Subject(15), Rfc9293("MUST-13")]
    [Rfc(9293, "3.10.7.4")]
    public void Lost_last_ACK_is_given_again_from_TIME_WAIT_which_starts_anew()
    {
        string[] rows =
        [
            .. _opened,
            "a CLOSE",
            "5. a>b FIN,ACK seq=1 ack=1 | FIN-WAIT-1 | CLOSE-WAIT",
            "b RECEIVE end of stream",
            "6. b>a ACK seq=1 ack=2 | FIN-WAIT-2 | CLOSE-WAIT",
            "b CLOSE",
            "7. b>a FIN,ACK seq=1 ack=2 | TIME-WAIT | LAST-ACK",
            "8. a>b ACK seq=2 ack=2 lost | TIME-WAIT | LAST-ACK",
            "b [tail loss probe 220 ms]",
            "9. b>a FIN,ACK seq=1 ack=2 again 7 | TIME-WAIT | LAST-ACK",
            "10. a>b ACK seq=2 ack=2 | TIME-WAIT | CLOSED",
            "a [2MSL 60 s]",
            "11. CLOSED | CLOSED",
        ];
        Stage stage = Verify("lost-last-ack", rows, "9 segments, 300 ms, 1 lost, 1 sent again", "60.2 s");
        // Sent again at 280 ms, here at 290 ms, and 2MSL from then.
        Assert.Contains("60.290 11. CLOSED | CLOSED", Rows.Timed(stage));
    }

    private static Stage Verify(string scenario, string[] rows, string size, string timeWait = "60 s")
    {
        Stage stage = Rows.Play(scenario);
        Assert.Equal(rows, Rows.Of(stage));
        Assert.Equal(
            [$"a closed first (active closer), b after it: orderly close, {size}; a waited {timeWait} in TIME-WAIT"], Rows.Closing(stage));
        Assert.True(Rows.IsClean(stage));
        return stage;
    }
}
