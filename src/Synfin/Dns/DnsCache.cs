using System.Diagnostics.CodeAnalysis;
using Synfin.Timers;

namespace Synfin.Dns;

/// <summary>Answers until they are too old (RFC 1035 7.4), the one used longest ago first out. To be used at the gate.</summary>
internal sealed class DnsCache
{
    private readonly Dictionary<DnsQuestion, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();

    /// <summary>How many there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The answer, if it is there and still true.</summary>
    public bool TryGet(in DnsQuestion question, Timestamp now, [NotNullWhen(true)] out DnsOutcome? outcome)
    {
        outcome = null;
        if (!_entries.TryGetValue(question, out LinkedListNode<Entry>? node)) return false;
        _byUse.Remove(node);
        if (node.Value.Expires <= now)
        {
            _entries.Remove(question);
            return false;
        }
        _byUse.AddLast(node);
        outcome = node.Value.Outcome;
        return true;
    }

    /// <summary>Remembers an answer, and forgets another if there are more than <paramref name="most"/>.</summary>
    public void Add(in DnsQuestion question, DnsOutcome outcome, Timestamp expires, int most)
    {
        if (_entries.Remove(question, out LinkedListNode<Entry>? old)) _byUse.Remove(old);
        if (most == 0) return;
        while (_entries.Count >= most)
        {
            _entries.Remove(_byUse.First!.Value.Question);
            _byUse.RemoveFirst();
        }
        _entries.Add(question, _byUse.AddLast(new Entry(question, outcome, expires)));
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _entries.Clear();
        _byUse.Clear();
    }

    private readonly record struct Entry(DnsQuestion Question, DnsOutcome Outcome, Timestamp Expires);
}
