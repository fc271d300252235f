using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>Says which local ports may be taken for the destination that the caller has in mind.</summary>
internal interface IPortPredicate
{
    /// <summary>Whether <paramref name="port"/> may be taken.</summary>
    bool IsFree(ushort port);
}

/// <summary>
/// Double-hash port selection (RFC 6056 3.3.4, algorithm 4): a destination starts at an offset of its own and goes on from a counter that
/// it shares with few others. The counters also take small keyed leaps, so the ports that one destination sees do not count the
/// connections to another one that shares its counter (CVE-2022-1012, CVE-2022-32296).
/// </summary>
/// <param name="secret">The key of both hashes.</param>
/// <param name="first">The first port of the range, at least 1.</param>
/// <param name="last">The last port of the range.</param>
internal sealed class PortAllocator(StackSecret secret, ushort first, ushort last)
{
    private const int Counters = 4_096;
    private const int LargestLeap = 8;

    private readonly StackSecret _secret = secret;
    private readonly uint _first = first;
    private readonly uint _ports = first >= 1 && last >= first
        ? (uint)(last - first + 1)
        : throw new ArgumentOutOfRangeException(nameof(last), "the range of ports is empty or holds port 0");
    private readonly uint[] _counters = new uint[Counters];
    private ulong _choices;
    private ulong _randomChoices;

    /// <summary>Looks for a port for a connection to the given destination; tries each port of the range at most once.</summary>
    /// <returns>Whether one was free.</returns>
    public bool TryChoose<TFree>(
        InternetAddress local, InternetAddress remote, ushort remotePort, ref TFree free, out ushort port)
        where TFree : struct, IPortPredicate, allows ref struct
    {
        var destination = new FourTuple(local, 0, remote, remotePort);
        ulong offset = SipHash.HashTuple(in _secret, in destination, HashDomain.PortOffset);
        ref uint counter = ref _counters[SipHash.HashTuple(in _secret, in destination, HashDomain.PortIndex) % Counters];
        uint start = (uint)((offset % _ports + counter) % _ports);

        for (uint tried = 0; tried < _ports; tried++)
        {
            port = (ushort)(_first + (start + tried) % _ports);
            if (!free.IsFree(port)) continue;
            counter = (counter + Math.Max(tried + 1, Leap())) % _ports;
            return true;
        }
        port = 0;
        return false;
    }

    /// <summary>
    /// Looks for a port at random (RFC 6056 3.3.1, algorithm 1), for who has no destination yet: whoever sees one port learns nothing about
    /// the next. From there on it tries each port of the range at most once.
    /// </summary>
    /// <returns>Whether one was free.</returns>
    public bool TryChooseAtRandom<TFree>(ref TFree free, out ushort port)
        where TFree : struct, IPortPredicate, allows ref struct
    {
        uint start = (uint)(SipHash.Hash13(in _secret, _randomChoices++, (ulong)HashDomain.PortAtRandom) % _ports);
        for (uint tried = 0; tried < _ports; tried++)
        {
            port = (ushort)(_first + (start + tried) % _ports);
            if (free.IsFree(port)) return true;
        }
        port = 0;
        return false;
    }

    private uint Leap() => 1 + (uint)(SipHash.Hash13(in _secret, _choices++, (ulong)HashDomain.PortNoise) % LargestLeap);
}
