using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>
/// Semantically opaque interface identifiers (RFC 7217 5): the same for the same network, another in each other one, so that an address
/// tells neither the Ethernet address nor where the host was before.
/// </summary>
internal static class StableIdentifier
{
    /// <summary>How often an identifier is made anew when another host has the address (IDGEN_RETRIES).</summary>
    public const int MaxCollisions = 3;

    /// <summary>The address of a 64-bit prefix.</summary>
    /// <param name="secret">The key.</param>
    /// <param name="prefix">The prefix; only its first 64 bits count.</param>
    /// <param name="mac">What names the interface (Net_Iface).</param>
    /// <param name="network">What names the network (Network_ID).</param>
    /// <param name="collisions">DAD_Counter.</param>
    public static InternetAddress AddressIn(in StackSecret secret, InternetAddress prefix, MacAddress mac, ulong network, int collisions)
    {
        // F is SipHash-2-4, a pseudo-random function of 64 bits. What is reserved is passed over, as 5 (2) asks.
        for (uint round = 0; ; round++)
        {
            ulong parameters = (ulong)collisions << 48 | (ulong)round << 32 | (uint)HashDomain.InterfaceIdentifier;
            ulong identifier = SipHash.Hash24(in secret, prefix.High, mac.Value, network, parameters);
            if (!IsReserved(identifier)) return new InternetAddress(prefix.High, identifier);
        }
    }

    /// <summary>RFC 5453: subnet-router anycast, reserved anycast, and the block of IANA's own Ethernet addresses.</summary>
    internal static bool IsReserved(ulong identifier) => identifier == 0
        || identifier is >= 0x0200_5EFF_FE00_0000 and <= 0x0200_5EFF_FEFF_FFFF
        || identifier is >= 0xFDFF_FFFF_FFFF_FF80 and <= 0xFDFF_FFFF_FFFF_FFFF;
}
