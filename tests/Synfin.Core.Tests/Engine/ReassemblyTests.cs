using Synfin.Buffers;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Text that overlaps, comes split at random, or comes in crumbs.</summary>
public sealed class ReassemblyTests
{
    public static TheoryData<string, int, int> AllenRelations => new()
    {
        { "before", 2, 4 }, { "meets", 2, 5 }, { "overlaps", 3, 7 }, { "starts", 5, 7 }, { "during", 6, 8 },
        { "finishes", 7, 9 }, { "equals", 5, 9 }, { "finished by", 3, 9 }, { "contains", 3, 11 }, { "started by", 5, 11 },
        { "overlapped by", 7, 11 }, { "met by", 9, 12 }, { "after", 11, 13 },
    };

    [Theory]
    [MemberData(nameof(AllenRelations))]
    [Trait("Threat", "19")]
    public void Of_overlapping_segments_the_octets_received_first_win(string relation, int left, int right)
    {
        Assert.NotEmpty(relation);
        Given given = Given.Established();
        byte[] expected = new byte[20];
        Receive(given, expected, 5, 9, 0xAA);
        Receive(given, expected, left, right, 0xBB);
        Receive(given, expected, 1, 19, 0xCC);
        given.Ignoring().Reads(18, out byte[] data);
        Assert.Equal(expected[1..19], data);
    }

    [Theory]
    [MemberData(nameof(AllenRelations))]
    [Trait("Threat", "19")]
    public void Octets_in_order_are_not_changed_either_read_or_not(string relation, int left, int right)
    {
        Assert.NotEmpty(relation);
        Given given = Given.Established();
        byte[] expected = new byte[20];
        Receive(given, expected, 1, 9, 0xAA);
        given.Reads(3, out byte[] read);
        Receive(given, expected, left, right, 0xBB);
        Receive(given, expected, 1, 19, 0xCC);
        given.Reads(15, out byte[] data);
        Assert.Equal(expected[1..19], read.Concat(data));
    }

    [Theory]
    [InlineData(1000u)]
    [InlineData(0xFFFF_F000u)]
    [InlineData(0x7FFF_F000u)]
    [Trait("Threat", "25")]
    [Trait("Subject", "22")]
    public void Random_pieces_in_random_order_give_the_stream(uint peerIsn)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            Given given = Given.Established(peerOptions: "mss 1460,sackOK", peerIsn: peerIsn);
            int end = random.Next(1, 12_000), next = 1, read = 0;
            var received = new HashSet<int>();
            while (next <= end)
            {
                int from = Math.Clamp(next + random.Next(-3_000, 6_000), 1, end);
                if (random.Next(3) == 0) from = next;
                int length = Math.Min(random.Next(1, 1_461), end - from + 1);
                for (int i = from; i < from + length; i++) received.Add(i);
                while (received.Contains(next)) next++;
                given.Receives($". seq {from} ack 1 len {length}");
                Assert.Equal(next - 1 - read, given.Connection.Readable);
                if (random.Next(4) > 0 || next - 1 == read) continue;
                int count = random.Next(1, next - read);
                given.Reads(count, out byte[] part);
                Assert.Equal(Enumerable.Range(read, count).Select(i => (byte)i), part);
                read += count;
            }
            given.Reads(end - read, out byte[] rest);
            Assert.Equal(Enumerable.Range(read, end - read).Select(i => (byte)i), rest);
            Assert.Equal(0, given.Stack.PagesInUse);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4099)]
    [Trait("Cve", "2018-5390")]
    [Trait("Cve", "2018-6922")]
    [Trait("Threat", "18")]
    [Trait("Threat", "50")]
    public void A_hundred_thousand_crumbs_take_bounded_memory(int step)
    {
        var options = new StackOptions();
        Given given = Given.Established(options, new TcpConnectionOptions { ReceiveBuffer = 1_048_576 }, "mss 1460,sackOK,wscale 8");
        int at = 3;
        for (int i = 0; i < 100_000; i++, at += step)
        {
            if (at > 1_040_000) at = 3 + i % step;
            given.Receives($". seq {at} ack 1 len 1").Ignoring();
        }
        Assert.True(given.Connection.Status().OutOfOrder <= options.MaxOutOfOrderRanges);
        Assert.True(given.Stack.PagesInUse <= 1_048_576 / PagePool.PageSize + 1);
        Assert.True(given.Dropped(DropReason.NoMemory) > 0);
        given.Receives(". seq 1 ack 1 len 2").Reads(3);
    }

    [Fact]
    [Trait("Threat", "18")]
    public void At_the_limit_a_new_range_is_refused_but_an_old_one_grows()
    {
        var options = new StackOptions { MaxOutOfOrderRanges = 2 };
        Given.Established(options, peerOptions: "mss 1460,sackOK")
            .Receives(". seq 1001 ack 1 len 100").Sends(". ack 1 <sack 1001:1101>")
            .Receives(". seq 2001 ack 1 len 100").Sends(". ack 1 <sack 2001:2101 1001:1101>")
            .Receives(". seq 3001 ack 1 len 100").Sends(". ack 1 <sack 2001:2101 1001:1101>")
            .Receives(". seq 2101 ack 1 len 100").Sends(". ack 1 <sack 2001:2201 1001:1101>")
            .Receives(". seq 901 ack 1 len 100").Sends(". ack 1 <sack 901:1101 2001:2201>")
            .Receives(". seq 1 ack 1 len 900").Sends(". ack 1101 <sack 2001:2201>").Reads(1_100);
    }

    [Fact]
    [Trait("Threat", "24")]
    [Trait("Rfc9293", "MAY-12")]
    public void Text_and_FIN_beyond_the_window_are_cut_off()
    {
        Given given = Given.Established(connection: new TcpConnectionOptions { ReceiveBuffer = 1_024 });
        given.Receives("FP. seq 1 ack 1 len 1100").Sends(". ack 1025 win 0").Then(TcpState.Established).Reads(1_024)
            .Sends(". ack 1025 win 1024");
        given.Receives("FP. seq 1025 ack 1 len 1024").Sends(". ack 2049 win 0").Then(TcpState.Established);
        given.Reads(1_024).Sends(". ack 2049 win 1024").Receives("F. seq 2049 ack 1").Sends(". ack 2050").Then(TcpState.CloseWait)
            .ReadsEnd();
    }

    private static void Receive(Given given, byte[] expected, int left, int right, byte fill)
    {
        for (int i = left; i < right; i++)
        {
            if (expected[i] == 0) expected[i] = fill;
        }
        given.Receives($". seq {left} ack 1 len {right - left} fill {fill}");
    }
}
