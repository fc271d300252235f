namespace Synfin.Simulation.Faults;

/// <summary>What happens to a segment.</summary>
public enum VerdictKind
{
    /// <summary>Nothing: it goes its way.</summary>
    Pass,

    /// <summary>It is lost.</summary>
    Drop,

    /// <summary>It is held back; later segments overtake it.</summary>
    Delay,

    /// <summary>Copies of it follow.</summary>
    Duplicate,

    /// <summary>One bit of it is flipped.</summary>
    Corrupt,
}
