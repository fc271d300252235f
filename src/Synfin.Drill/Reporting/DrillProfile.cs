namespace Synfin.Drill.Reporting;

/// <summary>The profiles by their names on the command line.</summary>
internal enum DrillProfile
{
    /// <summary>Synfin's own choices.</summary>
    Default,

    /// <summary>RFC 9293 and its amendments to the letter.</summary>
    Rfc,

    /// <summary>As Linux.</summary>
    Linux,

    /// <summary>As FreeBSD.</summary>
    FreeBsd,
}
