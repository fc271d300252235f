using Synfin.Buffers;
using Xunit;

namespace Synfin.Core.Tests.Buffers;

public class PagePoolTests
{
    [Fact]
    public void Pages_are_pinned_4096_octets_and_no_more_than_the_limit_are_out()
    {
        var pool = new PagePool(2);
        byte[] first = pool.TryRent()!;
        byte[] second = pool.TryRent()!;
        Assert.Equal(4096, first.Length);
        Assert.Equal(GC.MaxGeneration, GC.GetGeneration(first));
        Assert.NotSame(first, second);
        Assert.Null(pool.TryRent());
        Assert.Equal((2, 0), (pool.InUse, pool.Available));
        pool.Return(first);
        Assert.Same(first, pool.TryRent());
    }

    [Fact]
    public void A_pool_of_nothing_rents_nothing()
    {
        Assert.Null(new PagePool(0).TryRent());
        Assert.Throws<ArgumentOutOfRangeException>(() => new PagePool(-1));
    }

    [Fact]
    public void Trim_lets_go_of_free_pages_and_of_nothing_else()
    {
        var pool = new PagePool(4);
        byte[] held = pool.TryRent()!;
        pool.Return(pool.TryRent()!);
        pool.ReturnRing(pool.RentRing(4));
        Assert.Equal((1, 1), (pool.InUse, pool.Kept));
        pool.Trim();
        Assert.Equal((1, 0), (pool.InUse, pool.Kept));
        pool.Return(held);
        Assert.Equal((0, 1), (pool.InUse, pool.Kept));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(4, 4)]
    [InlineData(5, 8)]
    [InlineData(64, 64)]
    [InlineData(65, 128)]
    public void Rings_are_powers_of_two_and_come_back(int capacity, int slots)
    {
        var pool = new PagePool(0);
        byte[]?[] ring = pool.RentRing(capacity);
        Assert.Equal(slots, ring.Length);
        pool.ReturnRing(ring);
        Assert.Same(ring, pool.RentRing(capacity));
        Assert.NotSame(ring, pool.RentRing(capacity));
    }

    [Fact]
    public void Few_free_rings_are_kept_of_those_that_are_large()
    {
        var pool = new PagePool(0);
        int half = PagePool.MaxFreeRingSlots / 2;
        byte[]?[][] rings = [pool.RentRing(half), pool.RentRing(half), pool.RentRing(half)];
        foreach (byte[]?[] ring in rings) pool.ReturnRing(ring);
        Assert.Same(rings[1], pool.RentRing(half));
        Assert.Same(rings[0], pool.RentRing(half));
        Assert.NotSame(rings[2], pool.RentRing(half));
    }

    [Fact]
    public void Renting_again_allocates_nothing()
    {
        var pool = new PagePool(8);
        Cycle(pool);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Cycle(pool);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Cycle(PagePool pool)
    {
        byte[] a = pool.TryRent()!;
        byte[] b = pool.TryRent()!;
        byte[]?[] ring = pool.RentRing(16);
        pool.ReturnRing(ring);
        pool.Return(b);
        pool.Return(a);
    }
}
