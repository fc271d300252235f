using Synfin.Cli.Scenarios;
using Synfin.Testing.Traits;
using Xunit;

namespace Synfin.Cli.Tests.Scenarios;

/// <summary>Old duplicates in TIME-WAIT and in the next connection of the same four-tuple.</summary>
public sealed class OldDuplicateTests
{
    [Fact, Subject(15), Rfc9293("MUST-13")]
    [Rfc(1337, "3")]
    [Rfc(6191, "2")]
    [Rfc(7323, "5.3")]
    public void Old_segments_are_acknowledged_and_die()
    {
        Stage stage = Rows.Play("time-wait");
        string[] rows =
        [
            "#1 1. CLOSED | LISTEN",
            "#1 2. a>b SYN seq=0 | SYN-SENT | SYN-RECEIVED",
            "#1 3. b>a SYN,ACK seq=0 ack=1 | ESTABLISHED | SYN-RECEIVED",
            "#1 4. a>b ACK seq=1 ack=1 | ESTABLISHED | ESTABLISHED",
            "#1 5. b>a PSH,ACK seq=1 ack=1 len=3 | ESTABLISHED | ESTABLISHED",
            "#1 6. a>b FIN,ACK seq=1 ack=4 | FIN-WAIT-1 | CLOSE-WAIT",
            "#1 7. b>a FIN,ACK seq=4 ack=2 | TIME-WAIT | LAST-ACK",
            "#1 8. a>b ACK seq=2 ack=5 | TIME-WAIT | CLOSED",
            "#1 9. b>a PSH,ACK seq=1 ack=1 len=3 Duplicate dropped Paws arrives sent 5 | TIME-WAIT | CLOSED",
            "#1 10. a>b ACK seq=2 ack=5 dropped NoConnection | TIME-WAIT | CLOSED",
            "#1 11. b>a RST seq=5 dropped ResetInTimeWait | TIME-WAIT | CLOSED",
            ": the same ports again, 1 s later and more",
            "#1 12. CLOSED | CLOSED",
            "#2 13. CLOSED | LISTEN",
            "#2 14. a>b SYN seq=0 | SYN-SENT | SYN-RECEIVED",
            "#2 15. b>a SYN,ACK seq=0 ack=1 | ESTABLISHED | SYN-RECEIVED",
            "#2 16. a>b ACK seq=1 ack=1 | ESTABLISHED | ESTABLISHED",
            "#2 17. b>a PSH,ACK seq=1 ack=1 len=3 | ESTABLISHED | ESTABLISHED",
            "#2 a [delayed ACK 40 ms]",
            "#2 18. a>b ACK seq=1 ack=4 | ESTABLISHED | ESTABLISHED",
            "#1 19. b>a PSH,ACK seq=1 ack=1 len=3 Duplicate dropped Paws arrives sent 5 | CLOSED | CLOSED",
            "#2 20. a>b ACK seq=1 ack=4 | ESTABLISHED | ESTABLISHED", // and no SACK: this connection never had those octets
            "#2 21. a>b FIN,ACK seq=1 ack=4 | FIN-WAIT-1 | CLOSE-WAIT",
            "#2 22. b>a FIN,ACK seq=4 ack=2 | TIME-WAIT | LAST-ACK",
            "#2 23. a>b ACK seq=2 ack=5 | TIME-WAIT | CLOSED",
            "#2 a [2MSL 60 s]",
            "#2 24. CLOSED | CLOSED",
        ];
        Assert.Equal(rows, Rows.Of(stage));
        string[] closing = Rows.Closing(stage);
        Assert.EndsWith("a waited 3.11 s in TIME-WAIT", closing[0], StringComparison.Ordinal); // from 0.090 s to 3.200 s
        Assert.EndsWith("a waited 60 s in TIME-WAIT", closing[1], StringComparison.Ordinal);
        Assert.Equal(["Old timestamps that a dropped (PAWS): 2. RSTs that did not end TIME-WAIT: 1."], closing[2..]);
        Assert.Equal(1, stage.A.Stack.Counters.TimeWaitReused);
        Assert.True(Rows.IsClean(stage));
    }
}
