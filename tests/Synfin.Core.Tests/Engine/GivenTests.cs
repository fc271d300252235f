using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The plainest time lines.</summary>
public sealed class GivenTests
{
    [Fact]
    public void The_peer_closes_first() => Given.Established()
        .Receives("F. seq 1 ack 1").Sends(". seq 1 ack 2").Then(TcpState.CloseWait).ReadsEnd()
        .Closes().Sends("F. seq 1 ack 2").Then(TcpState.LastAck)
        .Receives(". seq 2 ack 2").Then(TcpState.Closed).SendsNothing();

    [Fact]
    public void We_open_and_the_peer_answers() => Given.SynSent()
        .Sends("S seq 0 <mss 1460,sackOK,wscale 5>")
        .Receives("S. seq 0 ack 1 <mss 1460>").Sends(". seq 1 ack 1").Then(TcpState.Established);

    [Fact]
    public void Text_goes_out_with_PSH_and_is_acknowledged() => Given.Established()
        .Writes(100).Sends("P. seq 1 ack 1 len 100")
        .Receives(". seq 1 ack 101").SendsNothing()
        .After(10_000).SendsNothing();

    [Fact]
    public void Lost_text_is_sent_again() => Given.Established()
        .Writes(100).Sends("P. seq 1 ack 1 len 100")
        .After(199).SendsNothing().After(2).Sends("P. seq 1 len 100")
        .After(398).SendsNothing().After(3).Sends("P. seq 1 len 100");
}
