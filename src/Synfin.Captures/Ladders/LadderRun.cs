namespace Synfin.Captures.Ladders;

/// <summary>What a folded run held.</summary>
/// <param name="Segments">Segments in both directions.</param>
/// <param name="OctetsToRight">Octets of text that the left host sent.</param>
/// <param name="OctetsToLeft">Octets of text that the right host sent.</param>
public sealed record LadderRun(int Segments, long OctetsToRight, long OctetsToLeft)
{
    /// <summary>How many of the segments never arrived.</summary>
    public int Lost { get; init; }

    /// <summary>How many of the segments carried what had been sent before; their text is not counted again.</summary>
    public int Retransmissions { get; init; }

    /// <summary>Octets of text in both directions.</summary>
    public long Octets => OctetsToRight + OctetsToLeft;
}
