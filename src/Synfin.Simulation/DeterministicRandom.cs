using System.Buffers.Binary;
using System.Numerics;

namespace Synfin.Simulation;

/// <summary>
/// The simulation's only source of chance: xoshiro256** (Blackman and Vigna), filled from the seed by splitmix64. It is our own, so that a
/// seed gives the same run on every version of .NET.
/// </summary>
public sealed class DeterministicRandom
{
    private readonly ulong _seed;
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts a stream of numbers.</summary>
    /// <param name="seed">Any number; equal seeds give equal streams.</param>
    public DeterministicRandom(ulong seed)
    {
        _seed = seed;
        _s0 = SplitMix64(ref seed);
        _s1 = SplitMix64(ref seed);
        _s2 = SplitMix64(ref seed);
        _s3 = SplitMix64(ref seed);
    }

    /// <summary>
    /// A stream of its own for one consumer. It depends on this stream's seed and the label, not on what was drawn: a new consumer
    /// disturbs no other. The same label gives the same stream again.
    /// </summary>
    public DeterministicRandom Fork(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        TraceHash hash = new();
        hash.Add(_seed);
        hash.Add(label);
        return new DeterministicRandom(hash.Value);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number in [0, 1), in steps of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Whether something that has this probability happens.</summary>
    /// <param name="probability">0 (never) to 1 (always).</param>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>A number in [0, <paramref name="limit"/>), each equally likely.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
    public long Next(long limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ulong range = (ulong)limit;

        // Lemire's multiplication; the few low products that would favour some numbers are drawn again.
        ulong threshold = unchecked(0 - range) % range;
        while (true)
        {
            ulong high = Math.BigMul(NextUInt64(), range, out ulong low);
            if (low >= threshold) return (long)high;
        }
    }

    /// <summary>Fills a span.</summary>
    public void NextBytes(Span<byte> destination)
    {
        while (destination.Length >= sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination, NextUInt64());
            destination = destination[sizeof(ulong)..];
        }
        if (destination.IsEmpty) return;
        Span<byte> last = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(last, NextUInt64());
        last[..destination.Length].CopyTo(destination);
    }

    private static ulong SplitMix64(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
