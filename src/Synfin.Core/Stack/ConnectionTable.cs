using Synfin.Tcp;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>
/// From a connection's name to the connection. The hash is keyed, so nobody outside can fill one bucket (CVE-2023-1206), the chains run
/// through the entries, so the table allocates nothing for an entry but its bucket.
/// </summary>
/// <param name="secret">The key of the hash.</param>
internal sealed class ConnectionTable(StackSecret secret)
{
    private readonly StackSecret _secret = secret;
    private LinearBuckets<Bucket> _buckets = new();

    /// <summary>The number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>The hash of a name; the same one in all tables of the stack.</summary>
    public uint Hash(in FourTuple tuple) => SipHash.HashForTable(in _secret, in tuple);

    /// <summary>The entry of that name, or null.</summary>
    public TableNode? Find(in FourTuple tuple) => Find(in tuple, Hash(in tuple));

    /// <summary>The entry of that name, or null.</summary>
    /// <param name="tuple">The name.</param>
    /// <param name="hash">Its <see cref="Hash"/>.</param>
    public TableNode? Find(in FourTuple tuple, uint hash)
    {
        Debug.Assert(hash == Hash(in tuple), "the hash is another name's");
        TableNode? node = _buckets[_buckets.IndexOf(hash)].First;
        while (node is not null && !(node.KeyHash == hash && node.Is(in tuple))) node = node.NextInBucket;
        return node;
    }

    /// <summary>Adds an entry under its key, which must not be there yet.</summary>
    public void Add(TableNode node)
    {
        Debug.Assert(Find(in node.Key) is null, "a name stands in the table once");
        if (++Count > _buckets.Count) Grow();

        node.KeyHash = Hash(in node.Key);
        Push(ref _buckets[_buckets.IndexOf(node.KeyHash)], node);
    }

    /// <summary>Takes an entry out; it must be in the table.</summary>
    public void Remove(TableNode node)
    {
        ref TableNode? link = ref _buckets[_buckets.IndexOf(node.KeyHash)].First;
        while (link is not null && link != node) link = ref link.NextInBucket;
        Debug.Assert(link is not null, "only what is in the table can be taken out");
        if (link is null) return;

        link = node.NextInBucket;
        node.NextInBucket = null;
        Count--;
    }

    /// <summary>Adds to each state's number how many connections are in it.</summary>
    /// <param name="counts">By state.</param>
    public void CountStates(Span<int> counts)
    {
        for (uint bucket = 0; bucket < _buckets.Count; bucket++)
        {
            for (TableNode? node = _buckets[bucket].First; node is not null; node = node.NextInBucket)
                counts[(int)((TcpConnection)node).ProtocolState]++;
        }
    }

    /// <summary>
    /// Visits all entries in the order of the buckets, which depends on the key alone. The visitor may not add or remove.
    /// </summary>
    public void ForEach(Action<TableNode> visit)
    {
        for (uint bucket = 0; bucket < _buckets.Count; bucket++)
        {
            for (TableNode? node = _buckets[bucket].First; node is not null; node = node.NextInBucket) visit(node);
        }
    }

    private void Grow()
    {
        _buckets.Split(out uint from, out uint to);
        TableNode? node = _buckets[from].First;
        _buckets[from].First = null;
        while (node is not null)
        {
            TableNode? next = node.NextInBucket;
            uint bucket = _buckets.IndexOf(node.KeyHash);
            Debug.Assert(bucket == from || bucket == to, "a split moves entries to the new bucket only");
            Push(ref _buckets[bucket], node);
            node = next;
        }
    }

    private static void Push(ref Bucket bucket, TableNode node)
    {
        node.NextInBucket = bucket.First;
        bucket.First = node;
    }

    private struct Bucket
    {
        public TableNode? First;
    }
}
