using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>TIME-WAIT (RFC 9293 3.6.1, RFC 1337, RFC 6191).</summary>
public sealed class TimeWaitTests
{
    private const string Timestamps = "mss 1460,TS val 1 ecr 0";

    private static StackOptions With(TcpProfile profile) => new() { Profile = profile };

    private static Given InTimeWait(StackOptions? options = null) => States.All["TIME-WAIT"].Go(options);

    /// <summary>TIME-WAIT of a connection with timestamps that the peer opened; TS.Recent is 1000.</summary>
    private static Given InTimeWaitWithTimestamps() => Given.Established(peerOptions: Timestamps)
        .ShutsDown().Sends("F. seq 1 ack 1")
        .Receives("F. seq 1 ack 2 <TS val 1000 ecr last>").Sends(". seq 2 ack 2 <TS val 0 ecr 1000>").Then(TcpState.TimeWait);

    /// <summary>TIME-WAIT of a connection that we opened.</summary>
    private static Given InTimeWaitAfterConnect(string options) => Given.SynSent().Sends("S seq 0")
        .Receives($"S. seq 0 ack 1 <mss 1460{options}>").Sends(". seq 1 ack 1").ShutsDown().Sends("F. seq 1 ack 1")
        .Receives($"F. seq 1 ack 2{(options.Length > 0 ? " <TS val 2 ecr last>" : "")}").Sends(". seq 2 ack 2").Then(TcpState.TimeWait);

    [Fact]
    [Trait("Rfc9293", "MUST-13")]
    [Trait("Subject", "15")]
    public void It_lasts_2_MSL_which_the_profile_chooses()
    {
        InTimeWait(With(TcpProfile.Default)).After(59_999).Then(TcpState.TimeWait).After(2).Then(TcpState.Closed).SendsNothing();
        InTimeWait(With(TcpProfile.Linux)).After(59_999).Then(TcpState.TimeWait).After(2).Then(TcpState.Closed).SendsNothing();
        InTimeWait(With(TcpProfile.Rfc)).After(239_999).Then(TcpState.TimeWait).After(2).Then(TcpState.Closed).SendsNothing();
    }

    [Fact]
    [Trait("Subject", "14")]
    public void The_peers_FIN_again_is_acknowledged_and_restarts_2_MSL() => InTimeWait()
        .After(30_000).Receives("F. seq 1 ack 2").Sends(". seq 2 ack 2")
        .After(59_999).Then(TcpState.TimeWait).After(2).Then(TcpState.Closed).SendsNothing();

    [Fact]
    [Trait("Threat", "39")]
    public void Old_text_is_acknowledged_and_restarts_2_MSL() => Given.Established()
        .Receives("P. seq 1 ack 1 len 10").After(40).Sends(". ack 11").Reads(10).ShutsDown().Sends("F. seq 1 ack 11")
        .Receives("F. seq 11 ack 2").Sends(". seq 2 ack 12").Then(TcpState.TimeWait)
        .After(30_000).Receives("P. seq 1 ack 1 len 10").Sends(". seq 2 ack 12")
        .After(59_999).Then(TcpState.TimeWait).After(2).Then(TcpState.Closed).SendsNothing();

    [Fact]
    [Trait("Rfc", "5961 7")]
    public void Answers_to_old_segments_are_at_least_half_a_second_apart_but_a_FIN_is_always_answered() => InTimeWait()
        .Receives(". seq 1 ack 1 len 1").Sends(". seq 2 ack 2").Receives(". seq 1 ack 1 len 1").SendsNothing()
        .Receives("F. seq 1 ack 2").Sends(". seq 2 ack 2")
        .After(550).Receives(". seq 1 ack 1 len 1").Sends(". seq 2 ack 2");

    [Fact]
    [Trait("Rfc", "1337")]
    [Trait("Threat", "38")]
    [Trait("Clause", "RFC1337-1")]
    public void A_RST_does_not_end_it() => InTimeWait()
        .Receives("R seq 2").SendsNothing().Then(TcpState.TimeWait)
        .Receives("R. seq 2 ack 2").SendsNothing().Then(TcpState.TimeWait)
        .After(59_999).Then(TcpState.TimeWait).After(2).Then(TcpState.Closed);

    [Fact]
    [Trait("Rfc", "1337")]
    [Trait("Threat", "38")]
    [Trait("Clause", "RFC1337-1")]
    public void An_old_duplicate_whose_answer_is_reset_does_not_assassinate_it() => InTimeWait()
        .Receives(". seq 1 ack 1 len 1").Sends(". seq 2 ack 2").Receives("R seq 2").SendsNothing().Then(TcpState.TimeWait);

    [Fact]
    [Trait("Rfc", "1337")]
    public void In_the_linux_profile_a_RST_ends_it_if_its_number_is_exact() => InTimeWait(With(TcpProfile.Linux))
        .Receives("R seq 1").SendsNothing().Then(TcpState.TimeWait).Receives("R seq 3").SendsNothing().Then(TcpState.TimeWait)
        .Receives("R seq 2").SendsNothing().Then(TcpState.Closed);

    [Fact]
    [Trait("Rfc9293", "MAY-2")]
    [Trait("Subject", "15")]
    [Trait("Clause", "RFC6191-2")]
    public void A_SYN_with_a_higher_number_opens_a_new_connection_whose_ISS_lies_beyond_the_old_one()
    {
        Given given = InTimeWait();
        SequenceNumber old = given.OurIsn + 2;
        given.Receives("S seq 3 <mss 1460>").Sends("S. seq 0 ack 4").And(g => Assert.Equal(TcpState.SynReceived, States.Of(g)));
        Assert.True(given.OurIsn - old > 65_535, $"{given.OurIsn} is beyond {old}");
        given.Receives(". seq 4 ack 1").Accepts().Then(TcpState.Established).Receives("P. seq 4 ack 1 len 5").Reads(5);
        Assert.Equal((1L, 0), (given.Stack.Counters.TimeWaitReused, given.Stack.TimeWaitCount));
    }

    [Theory]
    [InlineData("S seq 0 <mss 1460>")]
    [InlineData("S seq -5000 <mss 1460>")]
    [InlineData("S. seq 3 ack 2 <mss 1460>")]
    [InlineData("FS seq 1 <mss 1460>")]
    [Trait("Threat", "39")]
    [Trait("Clause", "RFC6191-3")]
    public void An_old_SYN_is_acknowledged_and_changes_nothing(string syn) => InTimeWait()
        .Receives(syn).Sends(". seq 2 ack 2").SendsNothing().Then(TcpState.TimeWait);

    [Theory]
    [InlineData("S seq 3 <mss 1460,TS val 1001 ecr 0>", true)] // both newer
    [InlineData("S seq -70000 <mss 1460,TS val 1001 ecr 0>", true)] // the timestamp is newer
    [InlineData("S seq 3 <mss 1460,TS val 1000 ecr 0>", true)] // the number is newer
    [InlineData("S seq 0 <mss 1460,TS val 1000 ecr 0>", false)] // neither
    [InlineData("S seq 3 <mss 1460,TS val 999 ecr 0>", false)] // the timestamp is older
    [InlineData("S seq 3 <mss 1460>", true)] // no timestamp, the number is newer
    [InlineData("S seq 0 <mss 1460>", false)]
    [Trait("Rfc", "6191")]
    [Trait("Rfc9293", "SHLD-4")]
    [Trait("Clause", "RFC6191-1")]
    public void With_timestamps_a_SYN_is_new_if_its_timestamp_is_or_its_number_at_the_same_timestamp(string syn, bool opens)
    {
        Given given = InTimeWaitWithTimestamps().Receives(syn).Sends(opens ? "S. seq 0" : ". seq 2 ack 2").SendsNothing();
        Assert.Equal(opens ? TcpState.SynReceived : TcpState.TimeWait, States.Of(given));
    }

    [Fact]
    [Trait("Rfc", "7323 5")]
    public void A_segment_with_an_old_timestamp_is_acknowledged_and_dropped_but_for_a_RST()
    {
        InTimeWaitWithTimestamps().Receives("F. seq 1 ack 2 <TS val 999 ecr last>")
            .Sends(". seq 2 ack 2 <TS val 0 ecr 1000>").Then(TcpState.TimeWait);
        InTimeWaitWithTimestamps().Receives("R seq 2 <TS val 999 ecr last>").SendsNothing().Then(TcpState.TimeWait);
    }

    [Fact]
    public void A_SYN_for_which_nobody_listens_any_more_is_acknowledged() => InTimeWait()
        .And(g => g.Listener!.Close(g.Now)).Receives("S seq 3 <mss 1460>").Sends(". seq 2 ack 2").Then(TcpState.TimeWait);

    [Fact]
    public void A_SYN_that_the_full_accept_queue_refuses_leaves_it_as_it_was()
    {
        Given given = Given.Listening(backlog: 1);
        given.Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").Accepts()
            .ShutsDown().Sends("F. seq 1 ack 1").Receives("F. seq 1 ack 2").Sends(". seq 2 ack 2").Then(TcpState.TimeWait);
        for (ushort port = 41_000; port < 41_002; port++)
        {
            given.PeerPort = port;
            given.Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").SendsNothing();
        }
        given.PeerPort = 40_000;
        given.Receives("S seq 3 <mss 1460>").Ignoring().Then(TcpState.TimeWait);
    }

    [Fact]
    [Trait("Rfc", "6191")]
    [Trait("Rfc9293", "SHLD-4")]
    public void An_OPEN_may_use_its_ports_again_after_a_second_if_timestamps_tell_the_two_apart()
    {
        Given given = InTimeWaitAfterConnect(",TS val 1 ecr 0").After(1000);
        SequenceNumber old = given.OurIsn + 2;
        Assert.Equal(TcpError.ConnectionAlreadyExists, given.Stack.Connect(Given.Peer, 80, null, given.OurPort, null, given.Now, out _));
        given.After(1);
        Assert.Equal(TcpError.None, given.Stack.Connect(Given.Peer, 80, null, given.OurPort, null, given.Now, out TcpConnection? again));
        given.Turn().Sends("S seq 0");
        Assert.True(given.OurIsn - old > 65_535);
        Assert.Equal((TcpState.SynSent, TcpState.Closed), (again!.State, given.Connection.State));
    }

    [Fact]
    [Trait("Rfc", "6191")]
    public void An_OPEN_does_not_use_its_ports_again_without_timestamps()
    {
        Given given = InTimeWaitAfterConnect("").After(59_000);
        Assert.Equal(TcpError.ConnectionAlreadyExists, given.Stack.Connect(Given.Peer, 80, null, given.OurPort, null, given.Now, out _));
        given.After(1_001);
        Assert.Equal(TcpError.None, given.Stack.Connect(Given.Peer, 80, null, given.OurPort, null, given.Now, out _));
    }

    [Fact]
    [Trait("Threat", "46")]
    public void The_table_is_bounded_and_the_oldest_entry_makes_room()
    {
        Given given = Given.Listening(new StackOptions { MaxTimeWait = 2 });
        var closed = new List<TcpConnection>();
        for (ushort i = 0; i < 3; i++)
        {
            given.PeerPort = (ushort)(40_000 + i);
            given.Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").Accepts()
                .ShutsDown().Sends("F. seq 1 ack 1").Receives("F. seq 1 ack 2").Sends(". seq 2 ack 2").Then(TcpState.TimeWait).After(10);
            closed.Add(given.Connection);
        }
        Assert.Equal([TcpState.Closed, TcpState.TimeWait, TcpState.TimeWait], closed.Select(c => c.State));
        Assert.Equal((2, 1L), (given.Stack.TimeWaitCount, given.Stack.Counters.TimeWaitRecycled));
        given.After(60_000);
        Assert.Equal(0, given.Stack.TimeWaitCount);
        Assert.Equal(3, given.Stack.Counters.Transitions[(int)TcpState.TimeWait * 11 + (int)TcpState.Closed]); // each end was told once
    }
}
