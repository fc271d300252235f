namespace Synfin.Ethernet;

/// <summary>Where one of an interface's addresses is in its life (RFC 4862 2, RFC 5227).</summary>
public enum AddressState : byte
{
    /// <summary>Whether another host has it is being found out; it is not used.</summary>
    Tentative,

    /// <summary>In use.</summary>
    Preferred,

    /// <summary>In use, and not chosen for anything new.</summary>
    Deprecated,

    /// <summary>Another host has it, so it was given up.</summary>
    Duplicate,

    /// <summary>It was taken away, or its lifetime ended.</summary>
    Removed,
}
