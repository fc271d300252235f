using System.Numerics;
using System.Runtime.CompilerServices;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>
/// SipHash (Aumasson and Bernstein, 2012) over whole 64-bit words: the same value as over the octets of the words in little-endian order.
/// SipHash-2-4 makes what others get to see (sequence numbers, ports, cookies), the faster SipHash-1-3 what only has to spread well.
/// </summary>
internal static class SipHash
{
    /// <summary>SipHash-2-4 of <paramref name="words"/>.</summary>
    public static ulong Hash24(in StackSecret key, params ReadOnlySpan<ulong> words)
    {
        var state = new State(in key);
        foreach (ulong word in words) state.Absorb2(word);
        state.Absorb2(LengthWord(words.Length));
        return state.Finish4();
    }

    /// <summary>SipHash-1-3 of <paramref name="words"/>.</summary>
    public static ulong Hash13(in StackSecret key, params ReadOnlySpan<ulong> words)
    {
        var state = new State(in key);
        foreach (ulong word in words) state.Absorb1(word);
        state.Absorb1(LengthWord(words.Length));
        return state.Finish3();
    }

    /// <summary>
    /// SipHash-2-4 of a connection's name. Hashes of different <paramref name="domain"/>s have nothing to do with each other.
    /// </summary>
    public static ulong HashTuple(in StackSecret key, in FourTuple tuple, HashDomain domain)
    {
        var state = new State(in key);
        ulong ports = PortsWord(in tuple, domain);
        if (IsIpv4(in tuple))
        {
            state.Absorb2(Ipv4Word(in tuple));
            state.Absorb2(ports);
            state.Absorb2(LengthWord(2));
            return state.Finish4();
        }
        state.Absorb2(tuple.LocalAddress.High);
        state.Absorb2(tuple.LocalAddress.Low);
        state.Absorb2(tuple.RemoteAddress.High);
        state.Absorb2(tuple.RemoteAddress.Low);
        state.Absorb2(ports);
        state.Absorb2(LengthWord(5));
        return state.Finish4();
    }

    /// <summary>
    /// The hash of all tables of connections, SipHash-1-3: nobody outside can choose addresses and ports that fall into one bucket.
    /// </summary>
    public static uint HashForTable(in StackSecret key, in FourTuple tuple)
    {
        var state = new State(in key);
        ulong ports = PortsWord(in tuple, HashDomain.Table);
        if (IsIpv4(in tuple))
        {
            state.Absorb1(Ipv4Word(in tuple));
            state.Absorb1(ports);
            state.Absorb1(LengthWord(2));
            return (uint)state.Finish3();
        }
        state.Absorb1(tuple.LocalAddress.High);
        state.Absorb1(tuple.LocalAddress.Low);
        state.Absorb1(tuple.RemoteAddress.High);
        state.Absorb1(tuple.RemoteAddress.Low);
        state.Absorb1(ports);
        state.Absorb1(LengthWord(5));
        return (uint)state.Finish3();
    }

    // The number of words goes into the hash, so the short form of IPv4 never equals a long one.
    private static bool IsIpv4(in FourTuple tuple) => tuple.LocalAddress.IsIpv4 && tuple.RemoteAddress.IsIpv4;

    private static ulong Ipv4Word(in FourTuple tuple) => (ulong)tuple.LocalAddress.Ipv4 << 32 | tuple.RemoteAddress.Ipv4;

    private static ulong PortsWord(in FourTuple tuple, HashDomain domain) =>
        (ulong)tuple.LocalPort << 48 | (ulong)tuple.RemotePort << 32 | (uint)domain;

    // The last word holds the number of octets modulo 256 in its top octet, and the octets that are left over below: here none.
    private static ulong LengthWord(int words) => (ulong)words * sizeof(ulong) << 56;

    private struct State
    {
        private ulong _v0, _v1, _v2, _v3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public State(in StackSecret key)
        {
            _v0 = key.Key0 ^ 0x736f6d6570736575;
            _v1 = key.Key1 ^ 0x646f72616e646f6d;
            _v2 = key.Key0 ^ 0x6c7967656e657261;
            _v3 = key.Key1 ^ 0x7465646279746573;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Absorb1(ulong word)
        {
            _v3 ^= word;
            Round();
            _v0 ^= word;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Absorb2(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Finish3()
        {
            _v2 ^= 0xFF;
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Finish4()
        {
            _v2 ^= 0xFF;
            Round();
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Round()
        {
            _v0 += _v1;
            _v2 += _v3;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v1;
            _v0 += _v3;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}

/// <summary>What a keyed hash is for. One secret serves all uses, and none tells anything about another.</summary>
internal enum HashDomain : uint
{
    /// <summary>The bucket in a table of connections.</summary>
    Table = 1,

    /// <summary>F of the initial sequence number (RFC 6528 3).</summary>
    InitialSequenceNumber = 2,

    /// <summary>F of the choice of a port (RFC 6056 3.3.4).</summary>
    PortOffset = 3,

    /// <summary>G of the choice of a port (RFC 6056 3.3.4).</summary>
    PortIndex = 4,

    /// <summary>The noise in the choice of a port.</summary>
    PortNoise = 5,

    /// <summary>The code that authenticates a SYN cookie.</summary>
    Cookie = 6,

    /// <summary>The mask over a SYN cookie's MSS index.</summary>
    CookieMask = 7,

    /// <summary>The offset of a connection's timestamps (RFC 7323 5.4).</summary>
    TimestampOffset = 8,

    /// <summary>The choice of a port at random (RFC 6056 3.3.1).</summary>
    PortAtRandom = 9,

    /// <summary>F of a fragmented datagram's identification (RFC 7739 5.3).</summary>
    FragmentOffset = 10,

    /// <summary>G of a fragmented datagram's identification (RFC 7739 5.3).</summary>
    FragmentIndex = 11,

    /// <summary>The noise in a fragmented datagram's identification.</summary>
    FragmentNoise = 12,

    /// <summary>The place of a destination among the path MTUs.</summary>
    PathMtu = 13,

    /// <summary>The identifier of an echo endpoint.</summary>
    EchoIdentifier = 14,

    /// <summary>The key of the hash that says at which shard a connection is at home.</summary>
    Rss = 15,

    /// <summary>The bucket in a table of neighbours.</summary>
    Neighbor = 16,

    /// <summary>F of a stable interface identifier (RFC 7217 5).</summary>
    InterfaceIdentifier = 17,

    /// <summary>The noise in the times of questions to many (RFC 4861 10).</summary>
    NeighborNoise = 18,

    /// <summary>The secret of a part of the host.</summary>
    DerivedSecret = 19,

    /// <summary>The numbers of a <see cref="SecretRandom"/>.</summary>
    RandomNumbers = 20,
}
