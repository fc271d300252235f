using System.Numerics;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>
/// The path MTUs that ICMP reported, by destination (RFC 1191 6, RFC 8201 5.2). An estimate only shrinks, and is forgotten ten minutes
/// after it last did, when larger packets are tried again. Sets of four places, found by a keyed hash: nobody can choose whose place is
/// taken.
/// </summary>
/// <param name="secret">The key of the hash.</param>
/// <param name="limit">How many destinations, rounded up to a power of two, 4 at least; 0 remembers none.</param>
internal sealed class PathMtuCache(StackSecret secret, int limit)
{
    /// <summary>How long an estimate is believed (RFC 1191 6.3, RFC 8201 4: ten minutes).</summary>
    public static readonly Duration Lifetime = Duration.FromSeconds(600);

    private const int Ways = 4;

    private readonly StackSecret _secret = secret;
    private Entry[] _entries = [];
    private Timestamp _lastEnd = new(long.MinValue);

    /// <summary>The MTU towards a destination as far as it is known, at most <paramref name="most"/>.</summary>
    public int Find(InternetAddress destination, int most, Timestamp now)
    {
        if (now >= _lastEnd) return most; // nearly always: nothing was learned lately
        foreach (ref readonly Entry entry in SetOf(destination))
        {
            if (entry.Destination == destination && now < entry.Ends) return Math.Min(most, entry.Mtu);
        }
        return most;
    }

    /// <summary>
    /// ICMP said that no more fits. Only what is smaller than <paramref name="known"/> is news, and nothing tiny is believed.
    /// </summary>
    /// <param name="destination">Where to.</param>
    /// <param name="mtu">What it said, in octets.</param>
    /// <param name="known">What is sent now.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether it was news.</returns>
    public bool Learn(InternetAddress destination, int mtu, int known, Timestamp now)
    {
        mtu = Math.Max(mtu, destination.IsIpv4 ? NetworkStack.MinimumPathMtuIpv4 : NetworkStack.MinimumPathMtuIpv6);
        if (mtu >= known || limit == 0) return false;
        if (_entries.Length == 0) _entries = new Entry[Math.Max(Ways, (int)BitOperations.RoundUpToPowerOf2((uint)limit))];
        Span<Entry> set = SetOf(destination);
        ref Entry place = ref set[0];
        foreach (ref Entry entry in set)
        {
            if (entry.Destination == destination)
            {
                place = ref entry;
                break;
            }
            if (entry.Ends < place.Ends) place = ref entry;
        }
        place = new Entry(destination, mtu, now + Lifetime);
        _lastEnd = Timestamp.Max(_lastEnd, place.Ends);
        return true;
    }

    private Span<Entry> SetOf(InternetAddress destination)
    {
        ulong hash = SipHash.Hash13(in _secret, destination.High, destination.Low, (ulong)HashDomain.PathMtu);
        return _entries.AsSpan((int)(hash % (uint)(_entries.Length / Ways)) * Ways, Ways);
    }

    private readonly record struct Entry(InternetAddress Destination, int Mtu, Timestamp Ends);
}
