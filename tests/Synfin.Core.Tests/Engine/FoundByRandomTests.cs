using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>What <see cref="RandomSegmentTests"/> found, each as the shortest time line that shows it.</summary>
public sealed class FoundByRandomTests
{
    [Fact]
    [Trait("Rfc9293", "SHLD-31")]
    public void A_segment_that_fills_a_gap_and_reaches_over_two_later_ranges_acknowledges_both() => Given.Established()
        .Receives(". seq 11 ack 1 len 5").Sends(". ack 1")
        .Receives(". seq 21 ack 1 len 20").Sends(". ack 1")
        .Receives("P. seq 1 ack 1 len 30").Sends(". ack 41").Reads(40)
        .Receives("P. seq 41 ack 1 len 1").Reads(1);

    [Fact]
    [Trait("Rfc", "5482 3.1")]
    [Trait("Rfc9293", "MUST-37")]
    [Trait("Threat", "12")]
    public void A_closed_window_outlives_the_user_timeout_only_while_probes_are_answered()
    {
        var patient = new TcpConnectionOptions { UserTimeout = Duration.FromSeconds(10) };
        Given given = Given.Established(connection: patient, window: 0).Writes(10);
        for (int second = 0; second < 60; second++)
            given.After(1_000).Ignoring().Receives(". seq 1 ack 1 win 0").Then(TcpState.Established);
        given.After(120_000).Then(TcpState.Closed).ReadFails(TcpError.TimedOut);
    }
}
