using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>
/// The half-open connections of all listeners: a SYN cache (RFC 4987 3.5), bounded as a whole. All entries that sent their SYN,ACK equally
/// often wait equally long, so each number of retries has a FIFO, and the FIFOs' heads are the timer.
/// </summary>
/// <param name="secret">The key of the hash.</param>
/// <param name="limit">The most entries.</param>
internal sealed class SynQueue(StackSecret secret, int limit) : SlabTable<SynEntry>
{
    /// <summary>The most that <see cref="SynEntry.Retries"/> can count.</summary>
    public const int MaxRetries = 15;

    private readonly StackSecret _secret = secret;
    private readonly int _limit = limit;
    private readonly IndexFifo[] _levels = NewLevels();

    /// <summary>When the first scheduled entry's time is over, or <see cref="Timestamp.Never"/>.</summary>
    public Timestamp NextDeadline
    {
        get
        {
            int head = EarliestHead();
            return head == None ? Timestamp.Never : this[head].Deadline;
        }
    }

    /// <summary>The entry of that name, or -1.</summary>
    public int Find(in FourTuple tuple) => Count == 0 ? None : Find(in tuple, SipHash.HashForTable(in _secret, in tuple));

    /// <summary>The entry of that name, or -1.</summary>
    /// <param name="tuple">The name.</param>
    /// <param name="hash">Its <see cref="ConnectionTable.Hash"/>.</param>
    public int Find(in FourTuple tuple, uint hash)
    {
        int index = FirstOf(hash);
        while (index != None && this[index].Tuple != tuple) index = Next(index);
        return index;
    }

    /// <summary>Adds an entry; the caller then fills it in and schedules it. The name must not be there yet.</summary>
    /// <param name="tuple">The connection's name.</param>
    /// <param name="index">The entry, or -1.</param>
    /// <returns>False at the limit.</returns>
    public bool TryAdd(in FourTuple tuple, out int index)
    {
        Debug.Assert(Find(in tuple) == None, "a name stands in the queue once");
        index = None;
        if (Count >= _limit) return false;

        index = Allocate(SipHash.HashForTable(in _secret, in tuple));
        ref SynEntry entry = ref this[index];
        entry.Tuple = tuple;
        entry.WindowScale = SynEntry.NoWindowScale;
        entry.Deadline = Timestamp.Never;
        return true;
    }

    /// <summary>
    /// Sets an entry's deadline, among those with as many retries. A deadline before that of the last one scheduled there waits for it.
    /// </summary>
    public void Schedule(int index, Timestamp deadline)
    {
        Unschedule(index);
        ref SynEntry entry = ref this[index];
        Debug.Assert(entry.Retries <= MaxRetries, "there is a FIFO for each number of retries");
        ref IndexFifo level = ref _levels[entry.Retries];
        entry.Deadline = level.Last == None ? deadline : Timestamp.Max(deadline, this[level.Last].Deadline);
        entry.Level = (byte)(entry.Retries + 1);
        Append(ref level, index);
    }

    /// <summary>Forgets an entry.</summary>
    public void Remove(int index)
    {
        Unschedule(index);
        Free(index);
    }

    /// <summary>The first entry of a listener from an index on, or -1.</summary>
    public int NextOf(int listenerId, int index)
    {
        while (index < Slots && !(IsInUse(index) && this[index].ListenerId == listenerId)) index++;
        return index < Slots ? index : None;
    }

    /// <summary>
    /// Finds the next entry whose time is over. It has no deadline any more but stays in the queue: the caller schedules or removes it.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="index">The entry, or -1.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryExpire(Timestamp now, out int index)
    {
        index = EarliestHead();
        if (index == None) return false;
        if (this[index].Deadline > now)
        {
            index = None;
            return false;
        }
        Unschedule(index);
        return true;
    }

    /// <inheritdoc/>
    protected override uint HashOf(in SynEntry entry) => SipHash.HashForTable(in _secret, in entry.Tuple);

    private static IndexFifo[] NewLevels()
    {
        var levels = new IndexFifo[MaxRetries + 1];
        Array.Fill(levels, new IndexFifo());
        return levels;
    }

    private void Unschedule(int index)
    {
        ref SynEntry entry = ref this[index];
        if (entry.Level == 0) return;
        Unlink(ref _levels[entry.Level - 1], index);
        entry.Level = 0;
        entry.Deadline = Timestamp.Never;
    }

    private int EarliestHead()
    {
        int earliest = None;
        foreach (ref readonly IndexFifo level in _levels.AsSpan())
        {
            int head = level.First;
            if (head == None) continue;
            if (earliest == None || this[head].Deadline < this[earliest].Deadline) earliest = head;
        }
        return earliest;
    }
}
