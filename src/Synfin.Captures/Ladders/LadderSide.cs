namespace Synfin.Captures.Ladders;

/// <summary>One of the two life lines of a ladder.</summary>
public enum LadderSide : byte
{
    /// <summary>Neither: something between the two, or about both.</summary>
    None,

    /// <summary>The left host.</summary>
    Left,

    /// <summary>The right host.</summary>
    Right,
}
