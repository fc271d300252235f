namespace Synfin.Wire;

/// <summary>How much a router recommends itself as the default router (RFC 4191 2.1).</summary>
public enum RouterPreference
{
    /// <summary>Only if there is no other.</summary>
    Low = -1,

    /// <summary>Like most.</summary>
    Medium = 0,

    /// <summary>Before others.</summary>
    High = 1,
}
