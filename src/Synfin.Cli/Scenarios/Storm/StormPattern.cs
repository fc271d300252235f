using Synfin.Simulation;

namespace Synfin.Cli.Scenarios.Storm;

/// <summary>What applications write: octets without repetition, so that one at a wrong place is seen.</summary>
internal static class StormPattern
{
    private const int Length = 1 << 20;

    private static readonly byte[] _octets = Make();

    /// <summary>A part of a stream of at most 512 KiB.</summary>
    /// <param name="stream">Which stream.</param>
    /// <param name="offset">Its first octet.</param>
    /// <param name="count">How many.</param>
    public static ReadOnlyMemory<byte> Slice(int stream, int offset, int count) =>
        _octets.AsMemory(stream * 7_919 % (Length / 2) + offset, count);

    private static byte[] Make()
    {
        byte[] octets = new byte[Length];
        new DeterministicRandom(1).NextBytes(octets);
        return octets;
    }
}
