using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Core.Tests.Stack;

/// <summary>Names of connections for the tests of tables and keyed hashes.</summary>
internal static class Tuples
{
    public static readonly StackSecret Secret = new(0x0706050403020100, 0x0f0e0d0c0b0a0908);

    public static readonly StackSecret OtherSecret = new(0x0706050403020101, 0x0f0e0d0c0b0a0908);

    /// <summary>The n-th of 2^32 IPv4 connections to one server port.</summary>
    public static FourTuple V4(int n) => new(
        InternetAddress.FromIpv4(10, 0, 0, 1), 443, InternetAddress.FromIpv4(0x0B000000 + ((uint)n >> 14)), (ushort)(1024 + (n & 0x3FFF)));

    /// <summary>The n-th of 2^32 IPv6 connections to one server port.</summary>
    public static FourTuple V6(int n) => new(
        new InternetAddress(0x20010db8_00000000, 1), 443,
        new InternetAddress(0x20010db8_00000001, (uint)n >> 14), (ushort)(1024 + (n & 0x3FFF)));

    /// <summary>One of a few names, of both families and of several local addresses and ports, so that names come back.</summary>
    public static FourTuple Any(Random random)
    {
        FourTuple tuple = random.Next(2) == 0 ? V4(random.Next(400)) : V6(random.Next(400));
        ushort port = (ushort)(443 + random.Next(2));
        return random.Next(2) == 0
            ? tuple with { LocalPort = port }
            : tuple with { LocalPort = port, LocalAddress = new InternetAddress(tuple.LocalAddress.High, tuple.LocalAddress.Low + 1) };
    }

    public static Timestamp At(double milliseconds) => new((long)(milliseconds * 1e6));

    /// <summary>The chi-square statistic of counts that should all be equal.</summary>
    public static double ChiSquare(ReadOnlySpan<int> counts)
    {
        long total = 0;
        foreach (int count in counts) total += count;
        double expected = (double)total / counts.Length;
        double sum = 0;
        foreach (int count in counts) sum += (count - expected) * (count - expected) / expected;
        return sum;
    }
}
