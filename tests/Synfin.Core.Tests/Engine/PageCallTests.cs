using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>SEND and RECEIVE in the pages themselves (3.10.2, 3.10.3): nothing is copied, and no page is anybody else's meanwhile.</summary>
public sealed class PageCallTests
{
    private static Given Buffer(int octets) =>
        Given.Established(null, new TcpConnectionOptions { ReceiveBuffer = octets, SendBuffer = octets, QuickAck = true }, "mss 1460");

    private static byte[] Lend(Given given)
    {
        List<ReadOnlyMemory<byte>> pages = [];
        Assert.Equal(TcpError.None, given.Connection.Lend(pages, given.Now, out int length));
        byte[] text = [.. pages.SelectMany(page => page.ToArray())];
        Assert.Equal(length, text.Length);
        return text;
    }

    private static Action<Given> Return(int consumed, int examined) => given =>
    {
        given.Connection.Return(consumed, examined, given.Now);
        given.Turn();
    };

    private static Action<Given> Commits(byte[] data) => given =>
    {
        int ahead = 0;
        while (ahead < data.Length)
        {
            Memory<byte> room = given.Connection.Reserve(ahead);
            int part = Math.Min(room.Length, data.Length - ahead);
            Assert.True(part > 0);
            data.AsSpan(ahead, part).CopyTo(room.Span);
            ahead += part;
        }
        Assert.Equal(TcpError.None, given.Connection.Commit(ahead, given.Now));
        given.Turn();
    };

    [Fact]
    public void Lent_text_is_what_arrived_and_stays_until_it_is_consumed()
    {
        byte[] first = [], second = [];
        Buffer(10_000)
            .Receives(". seq 1 ack 1 len 1000").Sends(". ack 1001 win 9000")
            .And(given => first = Lend(given)).And(Return(400, 1000))
            .And(given => second = Lend(given));
        Assert.Equal(1000, first.Length);
        Assert.Equal(first[400..], second);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-39")]
    public void Consuming_opens_the_window() => Buffer(10_000)
        .Receives(". seq 1 ack 1 len 9000").Sends(". ack 9001 win 1000").And(given => Lend(given))
        .And(Return(9000, 9000)).Sends(". ack 9001 win 10000");

    [Fact]
    public void What_was_examined_makes_room_for_as_much_so_that_a_reader_gets_more_than_the_buffer() => Buffer(2_000)
        .Receives(". seq 1 ack 1 len 2000").Sends(". ack 2001 win 0").And(given => Lend(given))
        .And(Return(0, 2000)).Sends(". ack 2001 win 2000")
        .Receives(". seq 2001 ack 1 len 1500").Sends(". ack 3501 win 500")
        .And(given => Assert.Equal(3_500, Lend(given).Length))
        .And(Return(3500, 3500)).Sends(". ack 3501 win 2000")
        .And(given => Assert.Equal(0, given.Stack.PagesInUse));

    [Fact]
    public void The_end_of_the_stream_follows_the_text() => Buffer(10_000)
        .Receives("F. seq 1 ack 1 len 10").Sends(". ack 12").And(given =>
        {
            Assert.True(given.Connection.FinReceived);
            Assert.Equal(10, Lend(given).Length);
        }).And(Return(10, 10)).And(given => Assert.Empty(Lend(given)));

    [Fact]
    public void A_page_that_is_lent_is_nobody_elses_after_an_abort()
    {
        List<ReadOnlyMemory<byte>> pages = [];
        byte[] before = [];
        Buffer(10_000).Receives(". seq 1 ack 1 len 5000").Sends(". ack 5001").And(given =>
        {
            given.Connection.Lend(pages, given.Now, out _);
            before = [.. pages.SelectMany(page => page.ToArray())];
        })
        .Aborts().Sends("R. seq 1 ack 5001").And(given =>
        {
            Assert.Equal(0, given.Stack.PagesInUse);
            Assert.Null(given.Stack.Pages.TryRent() is { } page && pages.Any(p => p.Span.Overlaps(page)) ? page : null);
            given.Connection.Return(5000, 5000, given.Now);
        });
        Assert.Equal(before, pages.SelectMany(page => page.ToArray()));
    }

    [Fact]
    [Trait("Rfc", "2525 2.17")]
    public void Text_that_was_examined_and_not_consumed_is_unread_when_the_application_closes() => Buffer(10_000)
        .Receives(". seq 1 ack 1 len 100").Sends(". ack 101").And(given => Lend(given)).And(Return(50, 100))
        .Closes().Sends("R. seq 1 ack 101").Then(TcpState.Closed);

    [Fact]
    public void Committed_text_is_sent_from_the_pages_it_was_written_into()
    {
        byte[] data = [.. Enumerable.Range(0, 6_000).Select(i => (byte)i)];
        List<byte> sent = [];
        Given given = Buffer(10_000).And(Commits(data));
        for (int i = 0; i < 5; i++)
        {
            (int seq, int length) = given.Next();
            Assert.Equal(sent.Count + 1, seq);
            sent.AddRange(given.LastText);
            if (sent.Count == data.Length) break;
            if (given.Unseen == 0) given.Receives($". seq 1 ack {sent.Count + 1}");
        }
        Assert.Equal(data, sent);
    }

    [Fact]
    public void All_that_is_committed_is_taken_and_the_next_one_waits() => Buffer(2_000)
        .And(Commits(new byte[5_000])).And(given => Assert.Equal((0, 5_000), (given.Connection.SendSpace, given.Connection.SendQueue)))
        .Ignoring().And(given => given.TakeSignals())
        .Receives(". seq 1 ack 2921").Ignoring().And(given => Assert.Equal(0, (int)(given.TakeSignals() & TcpSignals.Writable)))
        .Receives(". seq 1 ack 5001").And(given => Assert.Equal(TcpSignals.Writable, given.TakeSignals() & TcpSignals.Writable));

    [Fact]
    public void A_reserved_page_survives_that_all_before_it_is_acknowledged() => Buffer(10_000)
        .Writes(10).Sends("P. seq 1 ack 1 len 10").And(given => given.Connection.Reserve(0).Span[..3].Fill(7))
        .Receives(". seq 1 ack 11").And(given => Assert.Equal(TcpError.None, given.Connection.Commit(3, given.Now)))
        .Turn().Sends("P. seq 11 ack 1 len 3").And(given => Assert.Equal([7, 7, 7], given.LastText))
        .Receives(". seq 1 ack 14").And(given => Assert.Equal(0, given.Stack.PagesInUse));

    [Fact]
    public void A_page_that_is_written_into_is_nobody_elses_after_a_reset()
    {
        Memory<byte> room = default;
        Buffer(10_000).And(given => room = given.Connection.Reserve(0))
            .Receives("R. seq 1 ack 1").Then(TcpState.Closed).And(given =>
            {
                Assert.Equal(0, given.Stack.PagesInUse);
                Assert.False(room.Span.Overlaps(given.Stack.Pages.TryRent()));
                Assert.Equal(TcpError.ConnectionReset, given.Connection.Commit(10, given.Now));
                Assert.True(given.Connection.Reserve(0).IsEmpty);
            });
    }

    [Fact]
    public void Nothing_is_committed_behind_a_FIN() => Buffer(10_000).ShutsDown().Sends("F. seq 1 ack 1").And(given =>
    {
        Assert.True(given.Connection.Reserve(0).IsEmpty);
        Assert.Equal(TcpError.ConnectionClosing, given.Connection.Commit(0, given.Now));
    });

    [Fact]
    public void To_reserve_and_commit_nothing_leaves_nothing() => Buffer(10_000)
        .And(given => Assert.Equal(4_096, given.Connection.Reserve(0).Length))
        .And(given => Assert.Equal(TcpError.None, given.Connection.Commit(0, given.Now)))
        .Turn().SendsNothing().And(given => Assert.Equal(0, given.Stack.PagesInUse));

    [Fact]
    public void More_cannot_be_returned_than_was_lent() => Buffer(10_000)
        .Receives(". seq 1 ack 1 len 10").Sends(". ack 11").And(given => Lend(given)).And(given =>
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => given.Connection.Return(5, 4, given.Now));
            Assert.Throws<ArgumentOutOfRangeException>(() => given.Connection.Return(0, 11, given.Now));
        });
}
