namespace Synfin.Simulation.Tests;

public sealed class TraceHashTests
{
    [Fact]
    public void The_same_words_give_the_same_fingerprint()
    {
        Assert.Equal(HashOf(1, 2, 3), HashOf(1, 2, 3));
    }

    [Theory]
    [InlineData(new ulong[] { 1, 2 }, new ulong[] { 2, 1 })]
    [InlineData(new ulong[] { 0 }, new ulong[] { 0, 0 })]
    [InlineData(new ulong[] { 1 }, new ulong[] { 1UL << 63 })]
    [InlineData(new ulong[] { 1UL << 63, 0 }, new ulong[] { 0, 1UL << 63 })]
    public void Order_number_and_every_bit_count(ulong[] a, ulong[] b) => Assert.NotEqual(HashOf(a), HashOf(b));

    [Fact]
    public void Where_one_span_ends_and_the_next_begins_counts()
    {
        TraceHash a = new();
        a.Add([1, 2, 3]);
        a.Add([4]);
        TraceHash b = new();
        b.Add([1, 2]);
        b.Add([3, 4]);
        Assert.NotEqual(a.Value, b.Value);
    }

    [Fact]
    public void Trailing_zeros_count()
    {
        TraceHash a = new();
        a.Add([1]);
        TraceHash b = new();
        b.Add([1, 0]);
        Assert.NotEqual(a.Value, b.Value);
    }

    private static ulong HashOf(params ulong[] words)
    {
        TraceHash hash = new();
        foreach (ulong word in words) hash.Add(word);
        return hash.Value;
    }
}
