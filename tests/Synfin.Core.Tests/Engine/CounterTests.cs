using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>How many are in each state, worked out of the changes; <see cref="Given"/> checks it against the tables.</summary>
public sealed class CounterTests
{
    [Fact]
    public void A_listener_stays_in_LISTEN_while_connections_come_and_go()
    {
        Given given = Given.Listening();
        Holds(given, "LISTEN 1");
        given.From(1).Receives("S seq 0").Sends("S.");
        Holds(given, "LISTEN 1, SYN-RECEIVED 1");
        given.From(2).Receives("S seq 0").Sends("S.").Receives("R seq 1");
        Holds(given, "LISTEN 1, SYN-RECEIVED 1");
        given.From(1).Receives(". seq 1 ack 1").Accepts();
        Holds(given, "LISTEN 1, ESTABLISHED 1");
        given.Closes().Sends("F. seq 1");
        Holds(given, "LISTEN 1, FIN-WAIT-1 1");
        given.Receives("F. seq 1 ack 2").Sends(". ack 2");
        Holds(given, "LISTEN 1, TIME-WAIT 1");
        given.Listener!.Close(given.Now);
        Holds(given, "TIME-WAIT 1");
        given.After(60_001);
        Holds(given, "");
    }

    [Fact]
    public void Where_no_TIME_WAIT_entry_can_be_kept_the_connection_is_closed_at_once()
    {
        Given given = Given.Listening(new StackOptions { MaxTimeWait = 0 });
        given.From(1).Receives("S seq 0").Sends("S.").Receives(". seq 1 ack 1").Accepts()
            .Closes().Sends("F. seq 1").Receives("F. seq 1 ack 2").Sends(". ack 2").Then(TcpState.Closed);
        Holds(given, "LISTEN 1");
        given.Stack.CheckInvariants();
    }

    [Fact]
    public void A_SYN_ACK_that_goes_again_is_a_retransmission_whoever_asked_for_it()
    {
        Given given = Given.Listening().Receives("S seq 0").Sends("S.");
        Assert.Equal(0, given.Stack.Counters.SegmentsRetransmitted);
        given.Receives("S seq 0").Sends("S.");
        Assert.Equal(1, given.Stack.Counters.SegmentsRetransmitted);
        given.After(1_000).Sends("S.");
        Assert.Equal(2, given.Stack.Counters.SegmentsRetransmitted);
    }

    [Fact]
    [Trait("Rfc", "1337 3")]
    public void A_RST_that_ends_TIME_WAIT_is_counted()
    {
        Given given = States.All["TIME-WAIT"].Go(new StackOptions { Profile = TcpProfile.Default with { IgnoreResetInTimeWait = false } });
        given.Receives("R seq 2").Then(TcpState.Closed).SendsNothing();
        Assert.Equal(1, given.Stack.Counters.ResetsReceived);
    }

    private static void Holds(Given given, string states) => Assert.Equal(
        states,
        string.Join(", ", Enum.GetValues<TcpState>().Where(s => given.Stack.Counters.InState(s) != 0)
            .Select(s => FormattableString.Invariant($"{s.ToRfcName()} {given.Stack.Counters.InState(s)}"))));
}
