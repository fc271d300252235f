using Synfin.Core.Tests.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Tcp;

[Trait("Threat", "34")]
public sealed class TimestampClockTests
{
    [Fact]
    [Trait("Rfc", "7323 5.4")]
    public void It_ticks_once_a_millisecond_from_its_offset_and_wraps()
    {
        Assert.Equal(77u, TimestampClock.Now(new Timestamp(999_999), 77));
        Assert.Equal(78u, TimestampClock.Now(new Timestamp(1_000_000), 77));
        Assert.Equal(0u, TimestampClock.Now(new Timestamp(1_000_000), uint.MaxValue));
        Assert.Equal(5u, TimestampClock.Now(Timestamp.Zero + TimestampClock.Tick * int.MaxValue + TimestampClock.Tick * int.MaxValue, 7));
    }

    [Fact]
    [Trait("Rfc", "7323 7.1")]
    [Trait("Clause", "RFC7323-14")]
    public void Offsets_of_connections_have_nothing_to_do_with_each_other()
    {
        var offsets = new int[256];
        var differences = new int[256];
        uint last = 0;
        for (int i = 0; i < 200_000; i++)
        {
            FourTuple tuple = i % 2 == 0 ? Tuples.V4(i / 2) : Tuples.V6(i / 2);
            uint offset = TimestampClock.Offset(in Tuples.Secret, in tuple);
            offsets[offset >> 24]++;
            differences[offset - last >> 24]++;
            last = offset;
        }
        Assert.InRange(Tuples.ChiSquare(offsets), 155, 355);
        Assert.InRange(Tuples.ChiSquare(differences), 155, 355);
    }

    [Fact]
    public void A_connection_of_the_same_name_has_the_same_offset_until_the_secret_changes()
    {
        FourTuple tuple = Tuples.V4(9);
        Assert.Equal(TimestampClock.Offset(in Tuples.Secret, in tuple), TimestampClock.Offset(in Tuples.Secret, in tuple));
        Assert.NotEqual(TimestampClock.Offset(in Tuples.Secret, in tuple), TimestampClock.Offset(in Tuples.OtherSecret, in tuple));
    }
}
