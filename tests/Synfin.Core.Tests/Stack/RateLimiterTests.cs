using Synfin.Stack;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Stack;

public sealed class RateLimiterTests
{
    private static int TakeAll(ref RateLimiter limiter, Timestamp now)
    {
        int taken = 0;
        while (limiter.TryTake(now)) taken++;
        return taken;
    }

    [Fact]
    public void It_lets_a_burst_by_and_then_the_rate()
    {
        var limiter = new RateLimiter(ratePerSecond: 100, burst: 20);
        Assert.Equal(20, TakeAll(ref limiter, Tuples.At(0)));
        Assert.False(limiter.TryTake(Tuples.At(9.999999)));
        Assert.True(limiter.TryTake(Tuples.At(10)));
        Assert.False(limiter.TryTake(Tuples.At(10)));
        Assert.Equal(5, TakeAll(ref limiter, Tuples.At(60)));
        Assert.Equal(20, TakeAll(ref limiter, Tuples.At(1e9)));
    }

    [Fact]
    public void A_rate_that_does_not_divide_a_second_is_kept_exactly()
    {
        var limiter = new RateLimiter(ratePerSecond: 7, burst: 1);
        int taken = 0;
        for (int ms = 0; ms < 100_000; ms++)
        {
            if (limiter.TryTake(Tuples.At(ms))) taken++;
        }
        Assert.InRange(taken, 694, 701);

        var fast = new RateLimiter(ratePerSecond: 999_999_937, burst: int.MaxValue);
        TakeSome(ref fast, Timestamp.Zero, 1_000);
        Assert.True(fast.TryTake(new Timestamp(2)));
    }

    [Fact]
    public void A_clock_that_stands_still_or_goes_back_brings_nothing()
    {
        var limiter = new RateLimiter(ratePerSecond: 1_000, burst: 2);
        Assert.Equal(2, TakeAll(ref limiter, Tuples.At(5_000)));
        Assert.Equal(0, TakeAll(ref limiter, Tuples.At(4_000)));
        Assert.Equal(0, TakeAll(ref limiter, Tuples.At(5_000)));
        Assert.Equal(1, TakeAll(ref limiter, Tuples.At(5_001)));
    }

    [Fact]
    public void A_rate_of_0_lets_nothing_by()
    {
        var limiter = new RateLimiter(ratePerSecond: 0, burst: 10);
        Assert.False(limiter.TryTake(Tuples.At(0)));
        Assert.False(limiter.TryTake(Tuples.At(1e9)));
    }

    private static void TakeSome(ref RateLimiter limiter, Timestamp now, int count)
    {
        for (int i = 0; i < count; i++) Assert.True(limiter.TryTake(now));
    }
}
