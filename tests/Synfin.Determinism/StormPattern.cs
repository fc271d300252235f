using Synfin.Simulation;
using Synfin.Wire;

namespace Synfin.Determinism;

/// <summary>What applications write: each octet depends on its place, its direction and the ports, so that a wrong one is seen.</summary>
internal static class StormPattern
{
    private const int Period = 65_521;

    private static readonly byte[] _octets = Make();

    /// <summary>The stream that goes this way.</summary>
    public static int StreamOf(ushort from, ushort to) => (from * 7_919 + to * 31) % Period;

    /// <summary>The streams of a connection's end: what it writes, and what it reads.</summary>
    public static (int Written, int Read) StreamsOf(in FourTuple tuple) =>
        (StreamOf(tuple.LocalPort, tuple.RemotePort), StreamOf(tuple.RemotePort, tuple.LocalPort));

    public static void Fill(Span<byte> destination, int stream, long position)
    {
        int at = (int)((stream + position) % Period);
        while (!destination.IsEmpty)
        {
            int count = Math.Min(destination.Length, Period - at);
            _octets.AsSpan(at, count).CopyTo(destination);
            destination = destination[count..];
            at = 0;
        }
    }

    /// <summary>Whether octets are those of this place.</summary>
    public static bool Matches(ReadOnlySpan<byte> octets, int stream, long position)
    {
        int at = (int)((stream + position) % Period);
        while (!octets.IsEmpty)
        {
            int count = Math.Min(octets.Length, Period - at);
            if (!octets[..count].SequenceEqual(_octets.AsSpan(at, count))) return false;
            octets = octets[count..];
            at = 0;
        }
        return true;
    }

    private static byte[] Make()
    {
        byte[] octets = new byte[Period];
        new DeterministicRandom(9_293).NextBytes(octets);
        return octets;
    }
}
