using Synfin.Cli.Scenarios;
using Synfin.Testing.Traits;
using Xunit;

namespace Synfin.Cli.Tests.Scenarios;

/// <summary>The scenarios of how a connection breaks, row by row.</summary>
public sealed class BreakingTests
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

    [Fact, Subject(18)]
    [Rfc(9293, "3.5.2")] // group 1: SEG.SEQ is 0, SEG.ACK is the SYN's number and one
    public void Refused()
    {
        Stage stage = Rows.Play("refused");
        string[] rows =
        [
            "1. CLOSED | CLOSED",
            "a OPEN",
            "2. a>b SYN seq=0 dropped NoConnection | SYN-SENT | CLOSED",
            "3. b>a RST,ACK seq=0 ack=1 | CLOSED | CLOSED",
        ];
        Assert.Equal(rows, Rows.Of(stage));
        Assert.Equal(
            ["refused by b: RST in answer to SYN, 2 segments, 20 ms", "a's application is told: connection refused (ECONNREFUSED)"],
            Rows.Closing(stage));
        Assert.True(Rows.IsClean(stage));
    }

    [Fact, Subject(18)]
    [Rfc(9293, "3.5.1")]
    [Rfc(9293, "3.5.2")] // group 1 again: it had an ACK, so the RST takes its SEQ from there
    public void Half_open()
    {
        Stage stage = Rows.Play("half-open");
        string[] rows =
        [
            .. _opened,
            "a SEND 14",
            "5. a>b PSH,ACK seq=1 ack=1 len=14 | ESTABLISHED | ESTABLISHED",
            "b RECEIVE 14",
            "b SEND 14",
            "6. b>a PSH,ACK seq=1 ack=15 len=14 | ESTABLISHED | ESTABLISHED",
            "a RECEIVE 14",
            "a [delayed ACK 40 ms]",
            "7. a>b ACK seq=15 ack=15 | ESTABLISHED | ESTABLISHED",
            "... 2.895 s ...",
            "b: b crashes",
            "8. ESTABLISHED | CLOSED",
            "... 4.0 s ...",
            "b: b restarts",
            "... 3.055 s ...",
            "a SEND 8",
            "9. a>b PSH,ACK seq=15 ack=15 len=8 dropped NoConnection | ESTABLISHED | CLOSED",
            "10. b>a RST seq=15 | CLOSED | CLOSED",
            "a RECEIVE: connection reset",
        ];
        Assert.Equal(rows, Rows.Of(stage));
        Assert.Equal(
            [
                "reset by b after 7 segments with 8 octets unacknowledged, 10.1 s",
                "a's application is told: connection reset by peer (ECONNRESET)",
            ],
            Rows.Closing(stage));
        Assert.True(Rows.IsClean(stage));
    }

    [Fact, Subject(18), Rfc9293("MUST-12")]
    [Rfc(9293, "3.10.5")]
    public void Abort()
    {
        Stage stage = Rows.Play("abort");
        string[] rows =
        [
            .. _opened,
            "a SEND 9",
            "5. a>b PSH,ACK seq=1 ack=1 len=9 | ESTABLISHED | ESTABLISHED",
            "b RECEIVE 9",
            "6. b>a ACK seq=1 ack=10 | ESTABLISHED | ESTABLISHED",
            "a SEND 23",
            "a ABORT",
            "7. a>b RST,ACK seq=10 ack=1 | CLOSED | CLOSED", // the 23 octets are not sent, and the RST is not acknowledged
            "b RECEIVE: connection reset",
        ];
        Assert.Equal(rows, Rows.Of(stage));
        Assert.Equal(
            ["a aborted after 5 segments, 135 ms", "b's application is told: connection reset by peer (ECONNRESET)"], Rows.Closing(stage));
        Assert.True(Rows.IsClean(stage));
    }

    [Fact, Subject(18), Rfc9293("SHLD-3")]
    [Rfc(2525, "2.17")]
    public void Close_with_unread_data()
    {
        Stage stage = Rows.Play("close-with-unread-data");
        string[] rows =
        [
            .. _opened,
            "a SEND 21",
            "5. a>b PSH,ACK seq=1 ack=1 len=21 | ESTABLISHED | ESTABLISHED",
            "b [delayed ACK 40 ms]",
            "6. b>a ACK seq=1 ack=22 | ESTABLISHED | ESTABLISHED",
            "b CLOSE",
            "7. b>a RST,ACK seq=1 ack=22 | CLOSED | CLOSED",
            "a RECEIVE: connection reset",
        ];
        Assert.Equal(rows, Rows.Of(stage));
        Assert.Equal(
            [
                "reset by b (it had closed, and text was unread or still came) after 5 segments, 230 ms",
                "a's application is told: connection reset by peer (ECONNRESET)",
            ],
            Rows.Closing(stage));
        Assert.True(Rows.IsClean(stage));
    }

    [Fact, Subject(13), Rfc9293("MUST-24"), Rfc9293("MUST-25"), Rfc9293("MUST-26"), Rfc9293("MUST-28"), Rfc9293("MUST-29")]
    public void Keep_alive()
    {
        Stage stage = Rows.Play("keep-alive");
        // SEG.SEQ = SND.NXT - 1, no text: b would answer it with an ACK (3.8.4). Two hours after the last segment, then every 75 s.
        const string probe = "a>b ACK seq=0 ack=1 KeepAlive lost | ESTABLISHED | ESTABLISHED";
        string[] rows =
        [
            "7200.020 a [keep-alive 7200 s]",
            "7200.020 5. " + probe,
            "7275.020 a [keep-alive 75 s]",
            "7275.020 6. " + probe,
            "7350.020 a [keep-alive 75 s]",
            "7350.020 7. " + probe,
            "7425.020 a [keep-alive 75 s]",
            "7425.020 8. " + probe,
            "7500.020 a [keep-alive 75 s]",
            "7500.020 9. " + probe,
            "7575.020 a [keep-alive 75 s]",
            "7575.020 a RECEIVE: timed out",
            "7575.020 10. a>b RST,ACK seq=1 ack=1 lost | CLOSED | ESTABLISHED",
        ];
        Assert.Equal([.. _opened, "... 59.97 s ...", ": partition"], Rows.Of(stage)[..^rows.Length]);
        Assert.Equal(rows, Rows.Timed(stage)[^rows.Length..]);
        string[] closing = Rows.Closing(stage);
        Assert.Equal("a gave up: no answer from b, 9 segments, 7575 s, 6 lost", closing[0]);
        Assert.Equal("a's application is told: connection timed out (ETIMEDOUT)", closing[1]);
        Assert.Equal((0, 1), (stage.A.Stack.ConnectionCount, stage.B.Stack.ConnectionCount)); // b did not ask for it
    }

    [Fact, Subject(9), Subject(14), Rfc9293("MUST-19"), Rfc9293("MUST-20"), Rfc9293("SHLD-9"), Rfc9293("SHLD-10"), Rfc9293("SHLD-11")]
    [Rfc(6298, "5")] // 2.4: the least RTO is 1 s; 5.5: each is twice the last one
    public void Retransmission_timeout()
    {
        Stage stage = Rows.Play("retransmission-timeout");
        const string again = "a>b PSH,ACK seq=1 ack=1 len=17 again 5 lost | ESTABLISHED | ESTABLISHED";
        string[] rows =
        [
            "1.020 a SEND 17",
            "1.020 5. a>b PSH,ACK seq=1 ack=1 len=17 lost | ESTABLISHED | ESTABLISHED",
            "2.020 a [RTO 1.0 s]",
            "2.020 6. " + again,
            "4.020 a [RTO 2.0 s]",
            "4.020 7. " + again,
            "8.020 a [RTO 4.0 s]",
            "8.020 a: R1: the application is told", // R1 is 3 retransmissions
            "8.020 8. " + again,
            "16.020 a [RTO 8.0 s]",
            "16.020 9. " + again,
            "32.020 a [RTO 16 s]",
            "32.020 10. " + again,
            "64.020 a [RTO 32 s]",
            "64.020 11. " + again,
            "128.020 a [RTO 64 s]", // 127 s after it was sent first: R2
            "128.020 a RECEIVE: timed out",
            "128.020 12. a>b RST,ACK seq=18 ack=1 lost | CLOSED | ESTABLISHED",
        ];
        Assert.Equal([.. _opened, ": partition"], Rows.Of(stage)[..^rows.Length]);
        Assert.Equal(rows, Rows.Timed(stage)[^rows.Length..]);
        Assert.Equal(
            [
                "a gave up: no answer from b, 17 octets unacknowledged, 11 segments, 128 s, 8 lost, 6 sent again",
                "a's application is told: connection timed out (ETIMEDOUT)",
            ],
            Rows.Closing(stage));
    }
}
