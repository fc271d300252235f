using System.Runtime.CompilerServices;

namespace Synfin.Stack;

/// <summary>
/// The buckets of a hash table that grows by one bucket at a time (linear hashing, Litwin 1980). No call ever moves the whole table, which
/// would hold up all connections at once, and there is never more than one bucket for each entry, in chunks below the large-object heap.
/// </summary>
/// <typeparam name="T">A bucket; its default value is the empty one.</typeparam>
internal struct LinearBuckets<T>
    where T : struct
{
    private const int ChunkShift = 10;
    private const uint ChunkSize = 1u << ChunkShift;

    private T[][] _chunks;
    private uint _mask;
    private uint _split;

    /// <summary>A table of 1,024 buckets.</summary>
    public LinearBuckets()
    {
        _chunks = [new T[ChunkSize]];
        _mask = ChunkSize - 1;
    }

    /// <summary>The number of buckets.</summary>
    public readonly uint Count => _mask + 1 + _split;

    /// <summary>A bucket.</summary>
    public readonly ref T this[uint bucket]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _chunks[bucket >> ChunkShift][bucket & (ChunkSize - 1)];
    }

    /// <summary>Which bucket a hash belongs to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint IndexOf(uint hash)
    {
        uint bucket = hash & _mask;
        return bucket < _split ? hash & (_mask << 1 | 1) : bucket;
    }

    /// <summary>
    /// Adds a bucket. The caller then sorts the entries of <paramref name="from"/> into <paramref name="from"/> and
    /// <paramref name="to"/> by <see cref="IndexOf"/>; all other entries stay where they are.
    /// </summary>
    public void Split(out uint from, out uint to)
    {
        from = _split;
        to = Count;
        uint chunk = to >> ChunkShift;
        if (chunk == _chunks.Length) Array.Resize(ref _chunks, _chunks.Length * 2);
        _chunks[chunk] ??= new T[ChunkSize];

        if (++_split <= _mask) return;
        _mask = _mask << 1 | 1;
        _split = 0;
    }
}
