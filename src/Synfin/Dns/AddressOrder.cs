using Synfin.Wire;

namespace Synfin.Dns;

/// <summary>
/// Which of a name's addresses to try first: RFC 6724 6 in small. Rule 1 (avoid what cannot be reached), rule 5 (prefer a label like that
/// of an address of ours) and rule 6 (precedence) of its default policy table; the rest stays in the server's order (rule 10).
/// </summary>
internal static class AddressOrder
{
    /// <summary>Sorts addresses for a host.</summary>
    /// <param name="addresses">The addresses of a name.</param>
    /// <param name="own">The host's.</param>
    public static IReadOnlyList<InternetAddress> Sort(IReadOnlyList<InternetAddress> addresses, IReadOnlyList<InternetAddress> own) =>
        addresses.Count < 2 ? addresses : [.. addresses.OrderByDescending(address => Rank(address, own))]; // a stable sort

    private static int Rank(InternetAddress address, IReadOnlyList<InternetAddress> own)
    {
        (int precedence, int label) = PolicyOf(address);
        bool reachable = address.IsLoopback, alike = address.IsLoopback;
        foreach (InternetAddress source in own)
        {
            if (source.IsIpv4 != address.IsIpv4 || (IsLinkLocal(source) && !IsLinkLocal(address))) continue;
            reachable = true;
            alike |= PolicyOf(source).Label == label;
        }
        return (reachable ? 1 << 16 : 0) | (alike ? 1 << 8 : 0) | precedence;
    }

    private static bool IsLinkLocal(InternetAddress address) =>
        address.IsIpv4 ? address.Ipv4 >> 16 == 0xA9FE : address.High >> 54 == 0xFE80 >> 6;

    /// <summary>RFC 6724 2.1.</summary>
    private static (int Precedence, int Label) PolicyOf(InternetAddress address)
    {
        if (address.IsIpv4) return (35, 4);
        if (address.IsLoopback) return (50, 0);
        if (address.High >> 48 == 0x2002) return (30, 2);
        if (address.High >> 32 == 0x2001_0000) return (5, 5);
        if (address.High >> 57 == 0xFC >> 1) return (3, 13);
        if (address.High >> 54 == 0xFEC0 >> 6) return (1, 11);
        return address.High == 0 && address.Low >> 32 == 0 ? (1, 3) : (40, 1);
    }
}
