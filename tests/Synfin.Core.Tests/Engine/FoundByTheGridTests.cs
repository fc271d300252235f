using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>What the grid of all events in all states found (tests/Synfin.Conformance.Tests), each as the shortest time line.</summary>
public sealed class FoundByTheGridTests
{
    private static readonly TcpConnectionOptions _small = new() { ReceiveBuffer = 1024 };

    [Fact]
    [Trait("Rfc9293", "MUST-10")]
    [Trait("Rfc", "9293 3.10.7.3")]
    public void The_SYN_ACK_of_crossing_SYNs_offers_what_the_text_on_the_SYN_left_of_the_buffer()
    {
        Given.SynSent(connection: _small).Sends("S seq 0 win 1024")
            .Receives("S seq 0 len 100 <mss 1460>").Sends("S. seq 0 ack 101 win 924")
            .Receives(". seq 101 ack 1").Then(TcpState.Established).Reads(100);
        Given.SynSent(connection: _small).Sends("S seq 0 win 1024")
            .Receives("S seq 0 len 1024 <mss 1460>").Sends("S. seq 0 ack 1025 win 0").After(1_000).Sends("S. seq 0 ack 1025 win 0");
    }
}
