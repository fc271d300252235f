using Synfin.Cli.Scenarios;
using Synfin.Testing.Traits;
using Xunit;

namespace Synfin.Cli.Tests.Scenarios;

/// <summary>A flood of forged SYNs: what it costs the server, and that an honest client gets in.</summary>
public sealed class SynFloodTests
{
    [Fact, Subject(7)]
    [Rfc(4987, "3.6")]
    [Threat(43)]
    public void An_honest_client_gets_in_by_a_cookie()
    {
        Stage stage = Rows.Play("syn-flood");
        string[] rows =
        [
            "b: SYN queue: 16 of 16",
            "1. CLOSED | LISTEN",
            "a OPEN",
            "2. a>b SYN seq=0 | SYN-SENT | LISTEN", // b stays in LISTEN: nothing of a is kept
            "3. b>a SYN,ACK seq=0 ack=1 | ESTABLISHED | LISTEN",
            "4. a>b ACK seq=1 ack=1 | ESTABLISHED | ESTABLISHED",
            "b ACCEPT",
            "a SEND 6",
            "5. a>b PSH,ACK seq=1 ack=1 len=6 | ESTABLISHED | ESTABLISHED",
            "b RECEIVE 6",
            "b SEND 6",
            "6. b>a PSH,ACK seq=1 ack=7 len=6 | ESTABLISHED | ESTABLISHED",
            "a RECEIVE 6",
            "a CLOSE",
            "7. a>b FIN,ACK seq=7 ack=7 | FIN-WAIT-1 | CLOSE-WAIT",
            "b RECEIVE end of stream",
            "b CLOSE",
            "8. b>a FIN,ACK seq=7 ack=8 | TIME-WAIT | LAST-ACK",
            "9. a>b ACK seq=8 ack=8 | TIME-WAIT | CLOSED",
            "a [2MSL 60 s]",
            "10. CLOSED | CLOSED",
        ];
        Assert.Equal(rows, Rows.Of(stage));
        Assert.True(Rows.IsClean(stage));
    }

    [Fact, Subject(7)]
    [Rfc(4987, "3.6")]
    public void The_memory_that_it_takes_has_a_bound()
    {
        Stage stage = Rows.Play("syn-flood");
        Assert.Equal(
            [
                "1,000 forged SYNs came before, from addresses that do not exist. "
                + "b remembers 16 of them and never more, for its backlog is 16; "
                    + "984 were answered with a cookie and forgotten. Connections: 0, buffers: 0.",
                "Cookies sent in all: 985; came back in an ACK, and made a connection: 1.",
                "Half-open connections that b remembers when all have timed out: 0.",
            ],
            stage.Remarks);
        Assert.Equal(16, stage.B.Stack.Counters.SynQueueTimeouts); // each entry sent its SYN,ACK six times and was forgotten
        Assert.Equal(0, stage.B.Stack.PagesInUse);
    }
}
