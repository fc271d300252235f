namespace Synfin.Captures.Ladders;

/// <summary>What a folded run held.</summary>
/// <param name="Segments">Segments in both directions.</param>
/// <param name="OctetsToRight">Octets of text that the left host sent.</param>
/// <param name="OctetsToLeft">Octets of text that the right host sent.</param>
public sealed record LadderRun(int Segments, long OctetsToRight, long OctetsToLeft)
{
    /// <summary>Octets of text in both directions.</summary>
    public long Octets => OctetsToRight + OctetsToLeft;
}
