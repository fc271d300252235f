using BenchmarkDotNet.Attributes;
using Synfin.Buffers;

namespace Synfin.Benchmarks;

/// <summary>
/// What does it cost a write of 64 KiB that its bytes go into pages, as a stream's buffer keeps them, and not into one block? The pages are
/// taken in a fixed but scattered order, as a pool that has been in use gives them out.
/// </summary>
public class WhatDoPagesCostACopy
{
    private const int Size = 64 * 1024;
    private const int Pages = Size / PagePool.PageSize;

    /// <summary>Odd, so that the walk through a power of two visits every page.</summary>
    private const int Stride = 7;

    private readonly byte[] _source = new byte[Size];
    private readonly byte[] _block = new byte[Size];
    private readonly byte[][] _pages = new byte[Pages][];

    /// <summary>Makes the pages.</summary>
    [GlobalSetup]
    public void MakePages()
    {
        for (int i = 0; i < Pages; i++) _pages[i * Stride % Pages] = new byte[PagePool.PageSize];
    }

    /// <summary>The floor: one copy.</summary>
    [Benchmark(Baseline = true)]
    public void IntoOneBlock() => _source.AsSpan().CopyTo(_block);

    /// <summary>One copy a page.</summary>
    [Benchmark]
    public void IntoPages()
    {
        for (int i = 0; i < Pages; i++) _source.AsSpan(i * PagePool.PageSize, PagePool.PageSize).CopyTo(_pages[i]);
    }
}
