namespace Synfin.Captures.Ladders;

/// <summary>How much of a segment's way a row shows.</summary>
public enum LadderPassage : byte
{
    /// <summary>All of it: nothing that the receiver did falls between sending and arrival.</summary>
    Whole,

    /// <summary>It leaves and is in flight after this row ("--> ... "); it may arrive in a later one.</summary>
    Departs,

    /// <summary>It was in flight and arrives in this row.</summary>
    Arrives,

    /// <summary>It leaves and never arrives.</summary>
    Lost,
}
