using System.Numerics;

namespace Synfin.Timers;

/// <summary>
/// A hierarchical timing wheel (Varghese and Lauck, 1987). A node's level is the highest group of six bits in which the tick of its
/// deadline differs from the wheel's own tick, its slot is the value of that group. So each slot lies wholly before those to its right and
/// before all higher levels, no slot wraps, and eight levels hold every deadline there is. Deadlines are exact: a tick only groups them.
/// </summary>
/// <param name="start">The time at which it starts.</param>
internal sealed class TimerWheel(Timestamp start)
{
    /// <summary>log2 of a tick in nanoseconds: 131 us.</summary>
    private const int TickShift = 17;

    private const int LevelShift = 6;
    private const int SlotMask = (1 << LevelShift) - 1;

    /// <summary>17 + 8 * 6 bits: more than a timestamp has.</summary>
    private const int Levels = 8;

    private readonly SlotList[] _slots = new SlotList[Levels << LevelShift];

    /// <summary>For each level, which slots have nodes.</summary>
    private readonly ulong[] _occupied = new ulong[Levels];

    /// <summary>Which levels have nodes.</summary>
    private uint _occupiedLevels;

    /// <summary>The tick that all nodes are filed against. Never runs back.</summary>
    private long _tick = Math.Max(0, start.Nanoseconds >> TickShift);

    /// <summary>In the slot of this tick, the last node that was seen and was not due at <see cref="_scannedAt"/>.</summary>
    private TimerNode? _scanned;

    private Timestamp _scannedAt;
    private Timestamp _scannedMinimum;

    /// <summary>How many nodes are scheduled.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// When to call <see cref="Expire"/>: never later than the earliest deadline, and earlier only if a node was cancelled or moved out of
    /// the first slot. A call of <see cref="Expire"/> at that time puts it right. <see cref="Timestamp.Never"/> if nothing is scheduled.
    /// </summary>
    public Timestamp NextDeadline
    {
        get
        {
            if (_occupiedLevels == 0) return Timestamp.Never;
            int level = BitOperations.TrailingZeroCount(_occupiedLevels);
            int slot = BitOperations.TrailingZeroCount(_occupied[level]);
            return _slots[(level << LevelShift) | slot].Minimum;
        }
    }

    /// <summary>Schedules a node, or moves it. A deadline in the past is due at once; <see cref="Timestamp.Never"/> cancels.</summary>
    public void Schedule(TimerNode node, Timestamp deadline)
    {
        Cancel(node);
        if (!deadline.IsSet) return;
        node.Deadline = deadline;
        Place(node);
        Count++;
    }

    /// <summary>Takes a node out, if it is in.</summary>
    public void Cancel(TimerNode node)
    {
        if (!node.IsScheduled) return;
        Unlink(node);
        node.Deadline = Timestamp.Never;
        Count--;
    }

    /// <summary>Takes out one node that is due; call it until there is none. Order: by tick, then by when they were scheduled.</summary>
    /// <returns>The node, or null if no deadline is at or before <paramref name="now"/>.</returns>
    public TimerNode? Expire(Timestamp now)
    {
        long nowTick = Math.Max(_tick, now.Nanoseconds >> TickShift);
        while (_occupiedLevels != 0)
        {
            int level = BitOperations.TrailingZeroCount(_occupiedLevels);
            int slot = BitOperations.TrailingZeroCount(_occupied[level]);
            long slotTick = FirstTickOf(level, slot);
            if (slotTick > nowTick) break;
            _tick = slotTick;
            if (level > 0)
            {
                Cascade(level, slot);
                continue;
            }

            TimerNode? due = FirstDue(ref _slots[slot], now);
            if (due is not null)
            {
                Cancel(due);
                return due;
            }

            // All nodes of earlier ticks are due, so this is the tick of now: what is left waits for the rest of it.
            Debug.Assert(slotTick == nowTick);
            return null;
        }

        _tick = nowTick;
        return null;
    }

    /// <summary>The first due node of the slot. Goes on where it stopped if it is asked again at the same time.</summary>
    private TimerNode? FirstDue(ref SlotList list, Timestamp now)
    {
        if (list.Minimum > now) return null;
        if (_scanned is null || _scannedAt != now)
        {
            _scanned = null;
            _scannedAt = now;
            _scannedMinimum = Timestamp.Never;
        }

        for (TimerNode? node = _scanned is null ? list.First : _scanned.Next; node is not null; node = node.Next)
        {
            if (node.Deadline <= now) return node;
            _scanned = node;
            _scannedMinimum = Timestamp.Min(_scannedMinimum, node.Deadline);
        }

        list.Minimum = _scannedMinimum;
        return null;
    }

    /// <summary>The wheel reached the first tick of a slot: its nodes move to lower levels, in their order.</summary>
    private void Cascade(int level, int slot)
    {
        ref SlotList list = ref _slots[(level << LevelShift) | slot];
        TimerNode? node = list.First;
        list = default;
        MarkEmpty(level, slot);
        while (node is not null)
        {
            TimerNode? next = node.Next;
            Place(node);
            node = next;
        }
    }

    private void Place(TimerNode node)
    {
        long tick = Math.Max(_tick, node.Deadline.Nanoseconds >> TickShift);
        int level = BitOperations.Log2((ulong)(tick ^ _tick)) / LevelShift;
        int slot = (int)(tick >> (level * LevelShift)) & SlotMask;
        int index = (level << LevelShift) | slot;
        ref SlotList list = ref _slots[index];
        node.Slot = (short)index;
        node.Next = null;
        node.Previous = list.Last;
        if (list.Last is null)
        {
            list.First = node;
            list.Minimum = node.Deadline;
            _occupied[level] |= 1ul << slot;
            _occupiedLevels |= 1u << level;
        }
        else
        {
            list.Last.Next = node;
            list.Minimum = Timestamp.Min(list.Minimum, node.Deadline);
        }

        list.Last = node;
    }

    private void Unlink(TimerNode node)
    {
        if (ReferenceEquals(node, _scanned)) _scanned = node.Previous;
        ref SlotList list = ref _slots[node.Slot];
        if (node.Previous is null) list.First = node.Next;
        else node.Previous.Next = node.Next;
        if (node.Next is null) list.Last = node.Previous;
        else node.Next.Previous = node.Previous;
        if (list.First is null) MarkEmpty(node.Slot >> LevelShift, node.Slot & SlotMask);
        node.Next = null;
        node.Previous = null;
        node.Slot = -1;
    }

    private void MarkEmpty(int level, int slot)
    {
        _occupied[level] &= ~(1ul << slot);
        if (_occupied[level] == 0) _occupiedLevels &= ~(1u << level);
    }

    /// <summary>The first tick of a slot: the wheel's tick above the level, the slot's number in it, zeros below.</summary>
    private long FirstTickOf(int level, int slot)
    {
        int shift = level * LevelShift;
        return ((_tick >> shift) & ~(long)SlotMask | (long)slot) << shift;
    }

    private struct SlotList
    {
        public TimerNode? First;
        public TimerNode? Last;

        /// <summary>Not later than the earliest deadline of the list.</summary>
        public Timestamp Minimum;
    }
}
