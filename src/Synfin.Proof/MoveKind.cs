namespace Synfin.Proof;

/// <summary>What can happen next.</summary>
internal enum MoveKind : byte
{
    /// <summary>A segment arrives.</summary>
    Deliver,

    /// <summary>A segment arrives, and a copy of it stays in the network.</summary>
    Duplicate,

    /// <summary>A segment is lost.</summary>
    Lose,

    /// <summary>An application does what its program says next.</summary>
    Call,

    /// <summary>Time passes up to an end's next deadline.</summary>
    Fire,

    /// <summary>A stranger's segment arrives.</summary>
    Forge,
}
