using Synfin.Core.Tests.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Tcp;

[Trait("Threat", "32")]
[Trait("Cve", "2020-27213")]
public sealed class InitialSequenceNumberTests
{
    private static SequenceNumber Choose(FourTuple tuple, Timestamp now) => InitialSequenceNumber.Choose(in Tuples.Secret, in tuple, now);

    [Fact]
    [Trait("Rfc9293", "MUST-8")]
    [Trait("Clause", "RFC6528-3")]
    public void The_clock_ticks_once_in_4_microseconds()
    {
        FourTuple tuple = Tuples.V4(1);
        SequenceNumber start = Choose(tuple, Timestamp.Zero);

        Assert.Equal(start, Choose(tuple, new Timestamp(3_999)));
        Assert.Equal(start + 1, Choose(tuple, new Timestamp(4_000)));
        Assert.Equal(start + 250_000, Choose(tuple, Timestamp.Zero + Duration.FromSeconds(1)));
    }

    [Fact]
    [Trait("Rfc9293", "MUST-8")]
    public void The_clock_wraps_after_4_77_hours()
    {
        FourTuple tuple = Tuples.V6(1);
        var wrap = new Timestamp((1L << 32) * 4_000);
        Assert.Equal(Choose(tuple, Timestamp.Zero), Choose(tuple, wrap));
        Assert.Equal(Choose(tuple, Timestamp.Zero) - 1, Choose(tuple, wrap - new Duration(1)));
    }

    [Fact]
    public void A_new_connection_of_the_same_name_starts_above_the_old_one()
    {
        FourTuple tuple = Tuples.V4(2);
        SequenceNumber last = Choose(tuple, Timestamp.Zero);
        for (int i = 1; i < 1_000; i++)
        {
            SequenceNumber next = Choose(tuple, Timestamp.Zero + Duration.FromMilliseconds(17 * i));
            Assert.True(next > last);
            last = next;
        }
    }

    [Fact]
    [Trait("Rfc9293", "MUST-9")]
    [Trait("Rfc9293", "SHLD-1")]
    [Trait("Clause", "RFC6528-1")]
    public void A_million_connections_of_one_moment_have_numbers_and_steps_without_a_pattern()
    {
        int[][] octets = [new int[256], new int[256], new int[256], new int[256]];
        SequenceNumber last = default;
        for (int i = 0; i < 1_000_000; i++)
        {
            SequenceNumber number = Choose(i % 2 == 0 ? Tuples.V4(i) : Tuples.V6(i), Timestamp.Zero);
            uint step = (uint)(number - last);
            octets[0][number.Value >> 24]++;
            octets[1][number.Value & 0xFF]++;
            octets[2][step >> 24]++;
            octets[3][step & 0xFF]++;
            last = number;
        }
        // 255 degrees of freedom: the mean is 255, the standard deviation 22.6.
        foreach (int[] counts in octets) Assert.InRange(Tuples.ChiSquare(counts), 155, 355);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-9")]
    [Trait("Clause", "RFC6528-2")]
    public void Another_secret_gives_other_numbers()
    {
        int same = 0;
        for (int i = 0; i < 10_000; i++)
        {
            FourTuple tuple = Tuples.V4(i);
            if (InitialSequenceNumber.Choose(in Tuples.OtherSecret, in tuple, Timestamp.Zero) == Choose(tuple, Timestamp.Zero)) same++;
        }
        Assert.Equal(0, same);
    }
}
