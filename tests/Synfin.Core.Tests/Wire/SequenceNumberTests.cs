using Synfin.Wire;
using Xunit;

namespace Synfin.Tests.Wire;

[Trait("Threat", "25")]
public sealed class SequenceNumberTests
{
    private static readonly uint[] Origins = [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xFFFF_FFFE, 0xFFFF_FFFF];

    [Fact]
    public void Order_and_distance_hold_wherever_the_numbers_wrap()
    {
        foreach (uint origin in Origins)
        {
            var a = new SequenceNumber(origin);
            foreach (int distance in (int[])[1, 2, 1460, 0xFFFF, 0x3FFF_FFFF, int.MaxValue])
            {
                SequenceNumber b = a + distance;
                Assert.True(a < b && a <= b && b > a && b >= a && a != b);
                Assert.Equal((distance, -distance), (b - a, a - b));
                Assert.Equal(a, b - distance);
                Assert.Equal(b, a + (uint)distance);
                Assert.Equal((b, a), (SequenceNumber.Max(a, b), SequenceNumber.Min(a, b)));
                Assert.Equal((b, a), (SequenceNumber.Max(b, a), SequenceNumber.Min(b, a)));
            }
        }
    }

    [Fact]
    public void A_number_equals_itself_alone()
    {
        foreach (uint origin in Origins)
        {
            var a = new SequenceNumber(origin);
            var same = new SequenceNumber(origin);
            Assert.True(a == same && a <= same && a >= same && a.Equals(same));
            Assert.False(a < same || a > same || a == same + 1);
        }
    }

    [Fact]
    public void A_range_holds_its_start_and_not_its_end()
    {
        foreach (uint origin in Origins)
        {
            var start = new SequenceNumber(origin);
            foreach (uint length in (uint[])[0, 1, 5, 0x7FFF_FFFF])
            {
                SequenceNumber end = start + length;
                Assert.Equal(length != 0, start.IsIn(start, end));
                Assert.False(end.IsIn(start, end));
                Assert.False((start - 1).IsIn(start, end));
                if (length != 0) Assert.True((end - 1).IsIn(start, end));
            }
        }
    }
}
