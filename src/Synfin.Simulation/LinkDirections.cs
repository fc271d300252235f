namespace Synfin.Simulation;

/// <summary>One or both directions of a link.</summary>
[Flags]
public enum LinkDirections
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>From the link's first to its second end.</summary>
    Forward = 1,

    /// <summary>From the link's second to its first end.</summary>
    Backward = 2,

    /// <summary>Both.</summary>
    Both = Forward | Backward,
}
