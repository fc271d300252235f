namespace Synfin.Wire;

/// <summary>The messages of neighbor discovery, by ICMPv6 type (RFC 4861 4).</summary>
public enum NeighborDiscoveryType : byte
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Which routers are there?</summary>
    RouterSolicitation = 133,

    /// <summary>A router is here, and these prefixes are.</summary>
    RouterAdvertisement = 134,

    /// <summary>Who has the target, or is it still there?</summary>
    NeighborSolicitation = 135,

    /// <summary>The target is here.</summary>
    NeighborAdvertisement = 136,

    /// <summary>Another first hop is nearer.</summary>
    Redirect = 137,
}
