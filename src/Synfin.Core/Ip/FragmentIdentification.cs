using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>
/// Identifications of datagrams that are fragmented: a keyed offset for each pair of hosts, and counters that few pairs share (RFC 7739
/// 5.3). None comes again before all others had their turn, as far as the field allows (RFC 6864 4.3), and nobody can guess those of
/// another pair.
/// </summary>
/// <param name="secret">The key of all hashes.</param>
internal sealed class FragmentIdentification(StackSecret secret)
{
    private const int Counters = 1_024;
    private const int LargestLeap = 8;

    private readonly StackSecret _secret = secret;
    private uint[]? _counters;
    private ulong _choices;

    /// <summary>The next one for datagrams from one address to another; IPv4 uses its low 16 bits.</summary>
    public uint Next(InternetAddress source, InternetAddress destination, byte protocol)
    {
        _counters ??= new uint[Counters];
        var pair = new FourTuple(source, protocol, destination, 0);
        ulong offset = SipHash.HashTuple(in _secret, in pair, HashDomain.FragmentOffset);
        ref uint counter = ref _counters[SipHash.HashTuple(in _secret, in pair, HashDomain.FragmentIndex) % Counters];
        // 16 bits are too few to leap over some of them.
        counter += source.IsIpv4 ? 1 : 1 + (uint)(SipHash.Hash13(in _secret, _choices++, (ulong)HashDomain.FragmentNoise) % LargestLeap);
        return (uint)offset + counter;
    }
}
