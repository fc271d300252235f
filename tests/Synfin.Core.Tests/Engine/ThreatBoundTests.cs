using System.Runtime.CompilerServices;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;
using static Synfin.Core.Tests.Engine.Recovering;

namespace Synfin.Core.Tests.Engine;

/// <summary>What floods may cost at most: ranges to walk, answers, pages and entries, counted.</summary>
public sealed class ThreatBoundTests
{
    private const int AnswersASecond = 2; // RFC 5961 7: one in 500 ms

    public static TheoryData<string> Senders => ["rfc", "default", "linux", "freebsd"];

    [Theory]
    [MemberData(nameof(Senders))]
    [Trait("Cve", "2019-11478")]
    [Trait("Cve", "2019-5599")]
    [Trait("Threat", "2")]
    [Trait("Threat", "4")]
    public void SACKs_of_single_octets_split_the_flight_into_no_more_ranges_than_the_limits_allow(string name)
    {
        TcpProfile profile = ProfileOf(name) with { InitialWindowSegments = 300 };
        var options = new StackOptions { Profile = profile, MaxSentRanges = 64, MaxSackRanges = 16 };
        Given given = Given.Established(options, null, $"mss {Mss},sackOK,wscale 8").Writes(200 * Mss).Ignoring();
        int most = 0;
        for (int at = 3; at < 100_000; at += 4)
        {
            given.Receives($". seq 1 ack 1 <sack {at}:{at + 1} {at + 2}:{at + 3}>").Ignoring();
            most = Math.Max(most, FlightOf(given.Connection)!.Count);
        }
        Assert.InRange(most, 17, 2 * (64 + 16)); // as often again by what we cut for retransmission
        Assert.InRange(given.Stack.Counters.SegmentsRetransmitted, 0, 200); // each segment once in a recovery
        given.Receives($". seq 1 ack {At(200)}").Ignoring();
        Assert.Equal(0, given.Connection.SendQueue);
    }

    [Fact]
    [Trait("Threat", "7")]
    public void Ten_thousand_optimistic_ACKs_in_ten_seconds_get_twenty_answers_and_open_nothing()
    {
        Given given = Given.Established(new StackOptions { Profile = TcpProfile.Rfc with { MinimumRto = Duration.FromSeconds(60) } })
            .Writes(30 * Mss).Ignoring();
        (int queue, int window) = (given.Connection.SendQueue, given.Status().CongestionWindow);
        for (int i = 0; i < 10_000; i++)
            given.Receives($". seq 1 ack {given.Status().SndNxt - given.OurIsn + 1 + i % 50_000}").After(1);
        Assert.InRange(given.Stack.Counters.ChallengeAcksSent, 1, 10 * AnswersASecond + 1);
        Assert.Equal((queue, window), (given.Connection.SendQueue, given.Status().CongestionWindow));
    }

    [Fact]
    [Trait("Threat", "30")]
    [Trait("Threat", "47")]
    public void Thirty_thousand_guesses_in_ten_seconds_get_twenty_answers_and_change_nothing()
    {
        Given given = Given.Established();
        for (int i = 0; i < 10_000; i++)
        {
            given.Receives($"R seq {2 + i}").Receives($"S seq {i * 7}").Receives($"P. seq {1 + i % 100} ack {-70_000 - i} len 10").After(1);
        }
        Assert.InRange(given.Unseen, 1, 10 * AnswersASecond + 1);
        given.Ignoring().Then(TcpState.Established).ReadFails(TcpError.WouldBlock);
        Assert.Equal(0, given.Stack.PagesInUse);
    }

    [Fact]
    [Trait("Threat", "43")]
    [Trait("Threat", "57")]
    public void SYNs_with_text_and_FIN_take_no_page_and_no_more_entries_than_the_limit()
    {
        Given given = Given.Listening(new StackOptions { MaxSynQueue = 32 }, backlog: 100);
        for (int i = 0; i < 5_000; i++) given.From((ushort)(1_000 + i)).Receives("FS seq 0 len 1000").Ignoring();
        Assert.Equal((0, 32, 0), (given.Stack.PagesInUse, given.Stack.SynQueueCount, given.Stack.ConnectionCount));
        given.After(64_000).Ignoring();
        Assert.Equal(0, given.Stack.SynQueueCount);
    }

    [Fact]
    [Trait("Threat", "44")]
    public void Handshakes_that_nobody_accepts_take_no_more_connections_than_the_backlog()
    {
        const int Backlog = 16;
        Given given = Given.Listening(backlog: Backlog);
        for (int i = 0; i < 2_000; i++)
        {
            given.From((ushort)(1_000 + i)).Receives("S seq 0").Ignoring().Receives(". seq 1 ack 1").Ignoring();
            given.Receives("P. seq 1 ack 1 len 100").Ignoring();
            Assert.True(given.Stack.ConnectionCount <= Backlog + 1 && given.Stack.PagesInUse <= Backlog + 1);
        }
    }

    private static TcpProfile ProfileOf(string name) =>
        new[] { TcpProfile.Rfc, TcpProfile.Default, TcpProfile.Linux, TcpProfile.FreeBsd }.Single(profile => profile.Name == name);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_flight")]
    private static extern ref Flight? FlightField(TcpConnection connection);

    private static Flight? FlightOf(TcpConnection connection) => FlightField(connection);
}
