namespace Synfin.Core.Tests.Buffers;

/// <summary>SplitMix64: the same numbers for the same seed, on every runtime.</summary>
internal sealed class SeededGenerator(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number in [0, <paramref name="end"/>).</summary>
    public int Below(int end) => (int)(Next() % (ulong)end);

    /// <summary>A number in [0, 2^<paramref name="bits"/>), each order of magnitude as likely as the others.</summary>
    public long OfAnySize(int bits) => (long)(Next() >> 1 >> (63 - Below(bits + 1)));

    public bool OneIn(int n) => Below(n) == 0;

    public byte[] Octets(int count)
    {
        byte[] octets = new byte[count];
        for (int i = 0; i < count; i++) octets[i] = (byte)Next();
        return octets;
    }
}
