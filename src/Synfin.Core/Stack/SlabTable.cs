using System.Runtime.CompilerServices;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>The links of an entry of a <see cref="SlabTable{T}"/>; they belong to the table.</summary>
internal interface ISlabEntry
{
    /// <summary>The next entry of the bucket, or of the free ones.</summary>
    int NextInBucket { get; set; }

    /// <summary>The entry before this one in its FIFO.</summary>
    int Earlier { get; set; }

    /// <summary>The entry after this one in its FIFO.</summary>
    int Later { get; set; }
}

/// <summary>
/// A hash table of small entries by value: in chunks, so that growth copies nothing and half-empty doubling wastes nothing, with indices
/// for links, which take half the room of references and give the garbage collector nothing to follow. Entries can also stand in a FIFO.
/// </summary>
/// <typeparam name="T">An entry.</typeparam>
internal abstract class SlabTable<T>
    where T : struct, ISlabEntry
{
    /// <summary>No entry.</summary>
    protected const int None = -1;

    private const int ChunkShift = 9;
    private const int ChunkSize = 1 << ChunkShift;

    // A free entry's link is LastFree - (the next free entry + 1): always below None, so a free entry can be told from one in use.
    private const int LastFree = -2;

    private T[][] _chunks = new T[4][];
    private LinearBuckets<int> _firsts = new();
    private int _free = None;

    /// <summary>The number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>An entry; the reference stays good until the entry is removed.</summary>
    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _chunks[index >> ChunkShift][index & (ChunkSize - 1)];
    }

    /// <summary>Entries that were ever in use at the same time: each index is below it.</summary>
    protected int Slots { get; private set; }

    /// <summary>The hash of an entry's name.</summary>
    protected abstract uint HashOf(in T entry);

    /// <summary>Whether the index, below <see cref="Slots"/>, is an entry in use.</summary>
    protected bool IsInUse(int index) => this[index].NextInBucket > LastFree;

    /// <summary>The first entry of a hash's bucket, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected int FirstOf(uint hash) => _firsts[_firsts.IndexOf(hash)] - 1;

    /// <summary>The next entry of the same bucket, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected int Next(int index) => this[index].NextInBucket;

    /// <summary>Makes room for an entry in the bucket of its hash; but for its links it is all zeros, and the caller fills it in.</summary>
    protected int Allocate(uint hash)
    {
        if (++Count > _firsts.Count) Grow();
        int index = _free != None ? TakeFree() : TakeNew();
        ref T entry = ref this[index];
        entry = default;
        entry.Earlier = None;
        entry.Later = None;
        Push(hash, index);
        return index;
    }

    /// <summary>Takes an entry out of its bucket and gives its room back. It must not stand in a FIFO.</summary>
    protected void Free(int index)
    {
        ref T entry = ref this[index];
        ref int first = ref _firsts[_firsts.IndexOf(HashOf(in entry))];
        if (first == index + 1)
        {
            first = entry.NextInBucket + 1;
        }
        else
        {
            int before = first - 1;
            while (this[before].NextInBucket != index) before = this[before].NextInBucket;
            this[before].NextInBucket = entry.NextInBucket;
        }
        entry.NextInBucket = LastFree - (_free + 1);
        _free = index;
        Count--;
    }

    /// <summary>Puts an entry that stands in no FIFO at the end of one.</summary>
    protected void Append(ref IndexFifo fifo, int index)
    {
        ref T entry = ref this[index];
        Debug.Assert(entry.Earlier == None && entry.Later == None && fifo.First != index, "an entry stands in one FIFO");
        entry.Earlier = fifo.Last;
        if (fifo.Last == None) fifo.First = index;
        else this[fifo.Last].Later = index;
        fifo.Last = index;
    }

    /// <summary>Takes an entry out of the FIFO that it stands in.</summary>
    protected void Unlink(ref IndexFifo fifo, int index)
    {
        ref T entry = ref this[index];
        Debug.Assert(entry.Earlier != None || fifo.First == index, "the entry stands in another FIFO or in none");
        if (entry.Earlier == None) fifo.First = entry.Later;
        else this[entry.Earlier].Later = entry.Later;
        if (entry.Later == None) fifo.Last = entry.Earlier;
        else this[entry.Later].Earlier = entry.Earlier;
        entry.Earlier = None;
        entry.Later = None;
    }

    private int TakeFree()
    {
        int index = _free;
        _free = LastFree - this[index].NextInBucket - 1;
        return index;
    }

    private int TakeNew()
    {
        int chunk = Slots >> ChunkShift;
        if (chunk == _chunks.Length) Array.Resize(ref _chunks, _chunks.Length * 2);
        _chunks[chunk] ??= new T[ChunkSize];
        return Slots++;
    }

    private void Grow()
    {
        _firsts.Split(out uint from, out _);
        int index = _firsts[from] - 1;
        _firsts[from] = 0;
        while (index != None)
        {
            int next = this[index].NextInBucket;
            Push(HashOf(in this[index]), index);
            index = next;
        }
    }

    // A bucket holds its first entry's index plus one, so that the zeros of a new chunk are empty buckets.
    private void Push(uint hash, int index)
    {
        ref int first = ref _firsts[_firsts.IndexOf(hash)];
        this[index].NextInBucket = first - 1;
        first = index + 1;
    }
}

/// <summary>A FIFO through the entries of a <see cref="SlabTable{T}"/>.</summary>
internal struct IndexFifo
{
    /// <summary>The entry that came first, or -1.</summary>
    public int First = -1;

    /// <summary>The entry that came last, or -1.</summary>
    public int Last = -1;

    /// <summary>An empty FIFO.</summary>
    public IndexFifo()
    {
    }
}
