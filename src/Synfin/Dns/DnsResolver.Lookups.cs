using System.Net.Sockets;
using Synfin.Runtime;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Dns;

/// <summary>
/// Who asks what, what is known, and whose turn it is. All of it happens at the gate; what waits in between is the stack's own, so that in
/// strict mode nothing leaves its thread.
/// </summary>
public sealed partial class DnsResolver
{
    private readonly DnsCache _cache = new();
    private readonly Dictionary<DnsQuestion, DnsLookup> _lookups = [];
    private readonly List<DnsLookup> _running = [];
    private readonly List<DnsLookup> _waiting = [];
    private int _rotation;
    private bool _disposed;

    private static readonly DnsOutcome _tooMany = Failed("too many questions wait already: see DnsOptions.MaxWaiting");

    private static DnsOutcome Failed(string story) => new(DnsOutcomeKind.Failed, [], story, 0);

    private async Task<DnsOutcome> Ask(DnsQuestion question, CancellationToken ct)
    {
        if (Join(in question, ct, out ValueTask done, out DnsLookup? lookup, out bool begins) is { } known) return known;
        if (begins) _ = Run(lookup!);
        await done.ConfigureAwait(false);
        return lookup!.Outcome!;
    }

    /// <summary>Finds out what is known, or joins those who want to know.</summary>
    private DnsOutcome? Join(in DnsQuestion question, CancellationToken ct, out ValueTask done, out DnsLookup? lookup, out bool begins)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(ResolveAsync));
        done = default;
        lookup = null;
        begins = false;
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_cache.TryGet(in question, _stack.Now, out DnsOutcome? known))
        {
            CacheHits++;
            return known;
        }
        if (!_lookups.TryGetValue(question, out lookup))
        {
            begins = _running.Count < _options.MaxQueries;
            if (!begins && _waiting.Count >= _options.MaxWaiting) return _tooMany;
            int first = _options.Rotate && _servers.Length > 0 ? _rotation++ % _servers.Length : 0;
            lookup = new DnsLookup(this, in question, _options, _servers, first);
            _lookups.Add(question, lookup);
            (begins ? _running : _waiting).Add(lookup);
        }
        done = lookup.Wait(_stack.Gate, ct);
        return null;
    }

    /// <summary>Asks, and then for those who waited for their turn, one after the other.</summary>
    private async Task Run(DnsLookup first)
    {
        for (DnsLookup? lookup = first; lookup is not null;)
        {
            DnsOutcome outcome;
            try
            {
                outcome = await Query(lookup).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // Whatever it was, those who wait must not wait for ever.
                outcome = Failed(e.Message);
            }
            lookup = Finish(lookup, outcome);
        }
    }

    /// <summary>Tells the answer to all who want it; returns the question whose turn it is, if one waits.</summary>
    private DnsLookup? Finish(DnsLookup lookup, DnsOutcome outcome)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(ResolveAsync));
        Forget(lookup);
        _running.Remove(lookup);
        if (ReferenceEquals(lookup.Options, _options)) Remember(lookup.Question, outcome);
        lookup.Complete(outcome);
        if (_waiting.Count == 0 || _running.Count >= _options.MaxQueries) return null;
        DnsLookup next = _waiting[0];
        _waiting.RemoveAt(0);
        _running.Add(next);
        return next;
    }

    /// <summary>At the gate: nobody joins it any more, and if it is not over, nobody wants its answer.</summary>
    internal void Forget(DnsLookup lookup)
    {
        bool isPresent = _lookups.TryGetValue(lookup.Question, out DnsLookup? present) && ReferenceEquals(present, lookup);
        if (isPresent) _lookups.Remove(lookup.Question);
        _waiting.Remove(lookup);
        lookup.Abandon();
    }

    private void Remember(in DnsQuestion question, DnsOutcome outcome)
    {
        if (outcome.Ttl == 0 || outcome.Kind is DnsOutcomeKind.Failed) return;
        bool positive = outcome.Kind is DnsOutcomeKind.Addresses;
        Duration most = Duration.FromTimeSpan(positive ? _options.MaxTtl : _options.MaxNegativeTtl);
        Duration least = Duration.FromTimeSpan(positive ? _options.MinTtl : TimeSpan.Zero);
        Duration ttl = Duration.Min(Duration.Max(Duration.FromSeconds(outcome.Ttl), least), most);
        _cache.Add(in question, outcome, _stack.Now + ttl, _options.MaxCacheEntries);
    }

    private void AbandonAll()
    {
        if (_disposed) return;
        _disposed = true;
        DnsLookup[] all = [.. _running, .. _waiting];
        _lookups.Clear();
        _waiting.Clear();
        SocketException aborted = new((int)SocketError.OperationAborted, "The resolver was disposed of while names were being resolved.");
        foreach (DnsLookup lookup in all)
        {
            lookup.Fail(aborted);
            lookup.Abandon();
        }
    }

    /// <summary>Asks until there is an answer; an alias whose target the server did not tell is followed (RFC 1034 3.6.2).</summary>
    private async ValueTask<DnsOutcome> Query(DnsLookup lookup)
    {
        DnsQuestion question = lookup.Question;
        uint ttl = uint.MaxValue;
        for (int aliases = 0; ;)
        {
            DnsAnswer answer = await AskServers(lookup, question).ConfigureAwait(false);
            ttl = Math.Min(ttl, answer.Ttl);
            aliases += answer.AliasCount;
            switch (answer.Kind)
            {
                case DnsAnswerKind.Addresses:
                    return new DnsOutcome(DnsOutcomeKind.Addresses, answer.Addresses, "", ttl);
                case DnsAnswerKind.NoData:
                    return new DnsOutcome(DnsOutcomeKind.NoData, [], $"{answer.Trouble} says that it has no addresses", ttl);
                case DnsAnswerKind.NoName:
                    return new DnsOutcome(DnsOutcomeKind.NoName, [], $"{answer.Trouble} says that it is not there", ttl);
                case DnsAnswerKind.Alias when aliases <= DnsAnswerReader.MaxAliases:
                    question = question with { Name = answer.Alias! };
                    break;
                case DnsAnswerKind.Alias:
                    return Failed($"more than {DnsAnswerReader.MaxAliases} aliases, the last one of {question.Name}");
                default:
                    return Failed(answer.Trouble ?? "no answer");
            }
        }
    }
}
