using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>
/// The connections in TIME-WAIT: at most 64 octets each, buckets and slack included, and bounded. All of them wait equally long, so they
/// end in the order in which they began or began again: one FIFO is their timer. At the limit the oldest makes room, since it is the one
/// least likely to be needed.
/// </summary>
/// <param name="secret">The key of the hash.</param>
/// <param name="limit">The most entries; 0 keeps none.</param>
internal sealed class TimeWaitTable(StackSecret secret, int limit) : SlabTable<TimeWaitEntry>
{
    /// <summary>The most addresses of ours that entries can have between them.</summary>
    public const int MaxLocalAddresses = 1_024;

    private const long NanosecondsPerMillisecond = 1_000_000;

    private readonly StackSecret _secret = secret;
    private readonly int _limit = limit;
    private LocalAddress[] _localAddresses = new LocalAddress[4];
    private int _localAddressCount;
    private IndexFifo _byExpiry = new();

    // In milliseconds: no entry ends later, and none can be 2^32 ms older, so it makes 64 bits of an entry's 32.
    private long _lastExpiry;

    /// <summary>When the first entry ends, or <see cref="Timestamp.Never"/>.</summary>
    public Timestamp NextDeadline => _byExpiry.First == None ? Timestamp.Never : DeadlineOf(_byExpiry.First);

    /// <summary>The name of the entry that would make room for another at the limit; none if there is none.</summary>
    public FourTuple Oldest => _byExpiry.First == None ? default : TupleOf(_byExpiry.First);

    /// <summary>The entry of that name, or -1.</summary>
    public int Find(in FourTuple tuple) => Count == 0 ? None : Find(in tuple, SipHash.HashForTable(in _secret, in tuple));

    /// <summary>The entry of that name, or -1.</summary>
    /// <param name="tuple">The name.</param>
    /// <param name="hash">Its <see cref="ConnectionTable.Hash"/>.</param>
    public int Find(in FourTuple tuple, uint hash)
    {
        if (Count == 0) return None;
        int local = IndexOf(tuple.LocalAddress);
        if (local == None) return None;

        int index = FirstOf(hash);
        while (index != None && !this[index].Is(in tuple, (ushort)local)) index = Next(index);
        return index;
    }

    /// <summary>Adds an entry; the caller then fills in what TIME-WAIT has to know. The name must not be there yet.</summary>
    /// <param name="tuple">The connection's name.</param>
    /// <param name="now">The time.</param>
    /// <param name="timeWait">2MSL; if it is shorter than that of the entries before, the entry waits for them.</param>
    /// <param name="recycled">Whether the oldest entry had to go.</param>
    /// <returns>The entry, or -1 if none can be kept: the limit is 0, or there are too many local addresses.</returns>
    public int Add(in FourTuple tuple, Timestamp now, Duration timeWait, out bool recycled)
    {
        Debug.Assert(Find(in tuple) == None, "a name stands in the table once");
        recycled = Count >= _limit && Count > 0;
        if (recycled) Remove(_byExpiry.First);
        if (Count >= _limit) return None;

        int local = UseLocalAddress(tuple.LocalAddress);
        if (local == None) return None;

        int index = Allocate(SipHash.HashForTable(in _secret, in tuple));
        ref TimeWaitEntry entry = ref this[index];
        entry.RemoteAddress = tuple.RemoteAddress;
        entry.RemotePort = tuple.RemotePort;
        entry.LocalPort = tuple.LocalPort;
        entry.LocalAddress = (ushort)local;
        AppendWithExpiry(index, now, timeWait);
        return index;
    }

    /// <summary>Starts the 2MSL time-out again, as when the peer's FIN comes a second time.</summary>
    public void Restart(int index, Timestamp now, Duration timeWait)
    {
        Unlink(ref _byExpiry, index);
        AppendWithExpiry(index, now, timeWait);
    }

    /// <summary>Forgets an entry.</summary>
    public void Remove(int index)
    {
        int local = this[index].LocalAddress;
        Unlink(ref _byExpiry, index);
        Free(index);
        _localAddresses[local].Uses--;
    }

    /// <summary>Forgets the next entry whose time is over.</summary>
    /// <param name="now">The time.</param>
    /// <param name="tuple">Its name.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryExpire(Timestamp now, out FourTuple tuple)
    {
        int oldest = _byExpiry.First;
        if (oldest == None || DeadlineOf(oldest) > now)
        {
            tuple = default;
            return false;
        }
        tuple = TupleOf(oldest);
        Remove(oldest);
        return true;
    }

    /// <summary>An entry's name.</summary>
    public FourTuple TupleOf(int index) => TupleOf(in this[index]);

    /// <summary>When an entry ends: its start plus 2MSL, rounded up to a millisecond.</summary>
    public Timestamp DeadlineOf(int index)
    {
        uint before = unchecked((uint)_lastExpiry - this[index].Expiry);
        return new Timestamp((_lastExpiry - before) * NanosecondsPerMillisecond);
    }

    /// <summary>The offset of an entry's timestamps, the same as while it was a connection.</summary>
    public uint TimestampOffset(int index)
    {
        FourTuple tuple = TupleOf(index);
        return TimestampClock.Offset(in _secret, in tuple);
    }

    /// <inheritdoc/>
    protected override uint HashOf(in TimeWaitEntry entry)
    {
        FourTuple tuple = TupleOf(in entry);
        return SipHash.HashForTable(in _secret, in tuple);
    }

    private FourTuple TupleOf(in TimeWaitEntry entry) =>
        new(_localAddresses[entry.LocalAddress].Address, entry.LocalPort, entry.RemoteAddress, entry.RemotePort);

    private void AppendWithExpiry(int index, Timestamp now, Duration timeWait)
    {
        Debug.Assert(timeWait.IsFinite, "TIME-WAIT ends");
        long expiry = ((now + timeWait).Nanoseconds + NanosecondsPerMillisecond - 1) / NanosecondsPerMillisecond;
        _lastExpiry = Math.Max(_lastExpiry, expiry);
        this[index].Expiry = unchecked((uint)_lastExpiry);
        Append(ref _byExpiry, index);
    }

    // A stack has few addresses, most often one: a search in order is the fastest.
    private int IndexOf(InternetAddress address)
    {
        for (int i = 0; i < _localAddressCount; i++)
        {
            if (_localAddresses[i].Address == address && _localAddresses[i].Uses > 0) return i;
        }
        return None;
    }

    private int UseLocalAddress(InternetAddress address)
    {
        int index = IndexOf(address);
        if (index == None) index = UnusedLocalAddress();
        if (index == None) return None;
        _localAddresses[index].Address = address;
        _localAddresses[index].Uses++;
        return index;
    }

    private int UnusedLocalAddress()
    {
        for (int i = 0; i < _localAddressCount; i++)
        {
            if (_localAddresses[i].Uses == 0) return i;
        }
        if (_localAddressCount == MaxLocalAddresses) return None;
        if (_localAddressCount == _localAddresses.Length) Array.Resize(ref _localAddresses, _localAddresses.Length * 2);
        return _localAddressCount++;
    }

    private struct LocalAddress
    {
        public InternetAddress Address;
        public int Uses;
    }
}
