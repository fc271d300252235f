namespace Synfin.Ip;

/// <summary>How far the fragments of a datagram have been sent, when the link was full in between.</summary>
internal struct FragmentCursor
{
    /// <summary>The octets of the IP payload that are sent; 0 if none.</summary>
    public int Offset;

    /// <summary>What the datagram's fragments have in common; only meaningful if some were sent.</summary>
    public uint Identification;
}
