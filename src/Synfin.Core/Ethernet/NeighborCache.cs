using System.Collections.Generic;
using System.Numerics;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>
/// The neighbours of an interface, by address under a keyed hash. Each <see cref="NeighborClass"/> has a limit of its own and an order of
/// last use: a flood of one kind pushes out only its own kind.
/// </summary>
internal sealed class NeighborCache
{
    private const int Classes = 4;

    private readonly StackSecret _secret;
    private readonly Neighbor?[] _buckets;
    private readonly int[] _limits;
    private readonly int[] _counts = new int[Classes];
    private readonly Neighbor?[] _oldest = new Neighbor?[Classes];
    private readonly Neighbor?[] _newest = new Neighbor?[Classes];
    private readonly Stack<Neighbor> _free = new();
    private Neighbor? _lastFound;

    public NeighborCache(EthernetOptions options, StackSecret secret)
    {
        _secret = secret;
        _limits = [options.MaxUnresolvedNeighbors, options.MaxUnconfirmedNeighbors, options.MaxNeighbors, int.MaxValue];
        int most = Math.Min(options.MaxUnresolvedNeighbors + options.MaxUnconfirmedNeighbors + options.MaxNeighbors, 1 << 20);
        _buckets = new Neighbor?[BitOperations.RoundUpToPowerOf2((uint)most)];
    }

    /// <summary>The entry of an address, or null. The one found last is found again without a hash.</summary>
    public Neighbor? Find(InternetAddress address)
    {
        if (_lastFound is { } last && last.Address == address) return last;
        Neighbor? found = _buckets[BucketOf(address)];
        while (found is not null && found.Address != address) found = found.NextInBucket;
        if (found is not null) _lastFound = found;
        return found;
    }

    /// <summary>How many there are of a class.</summary>
    public int Count(NeighborClass kind) => _counts[(int)kind];

    /// <summary>Who has to go before there is room for another of a class, or null.</summary>
    public Neighbor? Excess(NeighborClass kind) => _counts[(int)kind] >= _limits[(int)kind] ? _oldest[(int)kind] : null;

    /// <summary>Adds an entry; there has to be room.</summary>
    public Neighbor Add(InternetAddress address, NeighborClass kind)
    {
        Debug.Assert(Excess(kind) is null && Find(address) is null, "there is room, and one entry an address");
        if (!_free.TryPop(out Neighbor? added)) added = new Neighbor();
        added.Address = address;
        ref Neighbor? bucket = ref _buckets[BucketOf(address)];
        added.NextInBucket = bucket;
        bucket = added;
        Append(added, kind);
        return added;
    }

    /// <summary>Gives an entry another class; there has to be room.</summary>
    public void Move(Neighbor neighbor, NeighborClass kind)
    {
        if (neighbor.Class == kind) return;
        Debug.Assert(Excess(kind) is null, "there is room");
        Unlink(neighbor);
        Append(neighbor, kind);
    }

    /// <summary>The entry was used.</summary>
    public void Touch(Neighbor neighbor)
    {
        if (neighbor.Newer is null) return;
        NeighborClass kind = neighbor.Class;
        Unlink(neighbor);
        Append(neighbor, kind);
    }

    /// <summary>Forgets an entry, whose timer and packets are gone already.</summary>
    public void Remove(Neighbor neighbor)
    {
        ref Neighbor? link = ref _buckets[BucketOf(neighbor.Address)];
        while (link != neighbor) link = ref link!.NextInBucket;
        link = neighbor.NextInBucket;
        Unlink(neighbor);
        if (_lastFound == neighbor) _lastFound = null;
        neighbor.Clear();
        _free.Push(neighbor);
    }

    /// <summary>All entries: the permanent ones, then from the surest kind to the least, the last used first.</summary>
    public List<NeighborEntry> List()
    {
        List<NeighborEntry> all = [];
        for (int kind = Classes - 1; kind >= 0; kind--)
        {
            for (Neighbor? at = _newest[kind]; at is not null; at = at.Older) all.Add(new(at.Address, at.Mac, at.State, at.IsRouter));
        }
        return all;
    }

    /// <summary>Checks every invariant; for tests.</summary>
    public void CheckInvariants()
    {
        int listed = 0;
        for (int kind = 0; kind < Classes; kind++)
        {
            int count = 0;
            for (Neighbor? at = _newest[kind]; at is not null; at = at.Older)
            {
                count++;
                bool unresolved = kind == (int)NeighborClass.Unresolved;
                if (unresolved == at.IsResolved || (int)at.Class != kind)
                    throw new InvalidOperationException($"{at.Address} is {at.State} among {at.Class}");
                if (unresolved && !at.IsScheduled) throw new InvalidOperationException($"{at.Address} is asked for, and no timer runs");
                if (!unresolved && at.FirstWaiting is not null)
                    throw new InvalidOperationException($"packets wait for {at.Address} in vain");
                if (Find(at.Address) != at) throw new InvalidOperationException($"{at.Address} is not found");
            }
            if (count != _counts[kind] || count > _limits[kind])
                throw new InvalidOperationException($"{count} neighbours of class {kind}, counted {_counts[kind]}, limit {_limits[kind]}");
            listed += count;
        }
        int filed = 0;
        foreach (Neighbor? bucket in _buckets)
        {
            for (Neighbor? at = bucket; at is not null; at = at.NextInBucket) filed++;
        }
        if (filed != listed) throw new InvalidOperationException($"{filed} neighbours in the table, {listed} in the lists");
    }

    private int BucketOf(InternetAddress address) =>
        (int)SipHash.Hash13(in _secret, address.High, address.Low, (ulong)HashDomain.Neighbor) & (_buckets.Length - 1);

    private void Append(Neighbor neighbor, NeighborClass kind)
    {
        neighbor.Class = kind;
        neighbor.Newer = null;
        neighbor.Older = _newest[(int)kind];
        if (neighbor.Older is null) _oldest[(int)kind] = neighbor;
        else neighbor.Older.Newer = neighbor;
        _newest[(int)kind] = neighbor;
        _counts[(int)kind]++;
    }

    private void Unlink(Neighbor neighbor)
    {
        int kind = (int)neighbor.Class;
        if (neighbor.Older is null) _oldest[kind] = neighbor.Newer;
        else neighbor.Older.Newer = neighbor.Newer;
        if (neighbor.Newer is null) _newest[kind] = neighbor.Older;
        else neighbor.Newer.Older = neighbor.Older;
        neighbor.Older = neighbor.Newer = null;
        _counts[kind]--;
    }
}
