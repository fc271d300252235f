using System.Numerics;
using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>Which of two own addresses suits a destination better: rules 2 and 8 of RFC 6724 5.</summary>
internal static class SourceSelection
{
    private const int Interface = 1;
    private const int Link = 2;
    private const int Site = 5;
    private const int Global = 14;

    /// <summary>Whether <paramref name="candidate"/> is to be taken instead of <paramref name="current"/>.</summary>
    public static bool IsBetter(InternetAddress candidate, InternetAddress current, InternetAddress destination)
    {
        if (ScopeOf(candidate) != ScopeOf(current)) return HasBetterScope(candidate, current, destination);
        return !destination.IsIpv4 && CommonPrefix(candidate, destination) > CommonPrefix(current, destination);
    }

    /// <summary>Rule 2: the smallest scope that reaches the destination, else the largest.</summary>
    public static bool HasBetterScope(InternetAddress candidate, InternetAddress current, InternetAddress destination)
    {
        int a = ScopeOf(candidate), b = ScopeOf(current), wanted = ScopeOf(destination);
        return a < b ? a >= wanted : a > b && b < wanted;
    }

    /// <summary>The scope of an address (RFC 6724 3.1, 3.2), larger ones reach farther.</summary>
    internal static int ScopeOf(InternetAddress address)
    {
        if (address.IsLoopback) return Interface;
        if (address.IsIpv4) return address.Ipv4 >> 16 == 0xA9FE ? Link : Global; // 169.254/16
        if (address.IsMulticast) return (int)(address.High >> 48) & 0xF;
        return (int)(address.High >> 54) switch
        {
            0x3FA => Link, // fe80::/10
            0x3FB => Site, // fec0::/10
            _ => Global,
        };
    }

    /// <summary>Of the 64 bits of the subnet: what follows names hosts, and says nothing of how near they are.</summary>
    private static int CommonPrefix(InternetAddress a, InternetAddress b) => BitOperations.LeadingZeroCount(a.High ^ b.High);
}
