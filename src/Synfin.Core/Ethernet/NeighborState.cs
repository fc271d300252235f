namespace Synfin.Ethernet;

/// <summary>How sure we are of a neighbour (RFC 4861 7.3.2); of IPv4's too.</summary>
public enum NeighborState : byte
{
    /// <summary>Asked for, and not answered yet.</summary>
    Incomplete,

    /// <summary>It answered not long ago.</summary>
    Reachable,

    /// <summary>Its address is known, and was not confirmed for a while. Nothing is asked until something is sent.</summary>
    Stale,

    /// <summary>Something was sent; upper layers have a little time to hear of it.</summary>
    Delay,

    /// <summary>It is asked whether it is still there.</summary>
    Probe,

    /// <summary>Told by the host's owner; never asked about, never changed.</summary>
    Permanent,
}
