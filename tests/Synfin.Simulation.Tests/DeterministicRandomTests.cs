namespace Synfin.Simulation.Tests;

public sealed class DeterministicRandomTests
{
    [Fact]
    public void The_stream_of_a_seed_is_xoshiro256_filled_by_splitmix64()
    {
        // From the reference implementations (prng.di.unimi.it) with the seed 0: splitmix64 gives the state, xoshiro256** the numbers.
        DeterministicRandom random = new(0);
        Assert.Equal(0x99EC5F36CB75F2B4UL, random.NextUInt64());
        Assert.Equal(0xBF6E1F784956452AUL, random.NextUInt64());
        Assert.Equal(0x1A5F849D4933E6E0UL, random.NextUInt64());
    }

    [Fact]
    public void Equal_seeds_give_equal_streams_and_others_do_not()
    {
        DeterministicRandom a = new(7);
        DeterministicRandom b = new(7);
        DeterministicRandom c = new(8);
        ulong first = a.NextUInt64();
        Assert.Equal(first, b.NextUInt64());
        Assert.NotEqual(first, c.NextUInt64());
    }

    [Fact]
    public void A_fork_does_not_depend_on_what_was_drawn()
    {
        DeterministicRandom drawn = new(7);
        drawn.NextUInt64();
        Assert.Equal(new DeterministicRandom(7).Fork("loss").NextUInt64(), drawn.Fork("loss").NextUInt64());
    }

    [Fact]
    public void Forks_of_other_labels_and_of_the_parent_differ()
    {
        DeterministicRandom random = new(7);
        DeterministicRandom[] streams = [random.Fork("a"), random.Fork("b"), random.Fork("a").Fork("b"), random];
        Assert.Equal(4, streams.Select(stream => stream.NextUInt64()).Distinct().Count());
    }

    [Fact]
    public void Doubles_lie_between_0_and_1_and_spread()
    {
        DeterministicRandom random = new(3);
        double sum = 0;
        for (int i = 0; i < 10_000; i++)
        {
            double value = random.NextDouble();
            Assert.InRange(value, 0, 1 - 1e-16);
            sum += value;
        }
        Assert.InRange(sum / 10_000, 0.49, 0.51);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(long.MaxValue)]
    public void Numbers_stay_below_the_limit(long limit)
    {
        DeterministicRandom random = new(5);
        for (int i = 0; i < 1_000; i++) Assert.InRange(random.Next(limit), 0, limit - 1);
    }

    [Fact]
    public void Every_number_comes_about_equally_often()
    {
        DeterministicRandom random = new(5);
        int[] counts = new int[6];
        for (int i = 0; i < 60_000; i++) counts[random.Next(6)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void A_limit_of_zero_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new DeterministicRandom(1).Next(0));

    [Fact]
    public void Octets_of_any_length_are_filled()
    {
        byte[] octets = new byte[21];
        new DeterministicRandom(9).NextBytes(octets);
        Assert.Contains(octets[16..], octet => octet != 0);
        byte[] again = new byte[21];
        new DeterministicRandom(9).NextBytes(again);
        Assert.Equal(octets, again);
    }
}
