using System.Collections.Generic;
using Synfin.Drill.Language;

namespace Synfin.Drill.Reporting;

/// <summary>What to run, and how.</summary>
internal sealed record DrillOptions
{
    /// <summary>Scripts, and folders of them.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>The profile of every script; null leaves it to each script's set-up.</summary>
    public DrillProfile? Profile { get; init; }

    /// <summary>The families to run scripts in, as far as a script allows.</summary>
    public IReadOnlyList<IpVersion> Versions { get; init; } = [IpVersion.Ipv4, IpVersion.Ipv6, IpVersion.Ipv4MappedIpv6];

    /// <summary>Let pass that PSH is there or missing.</summary>
    public bool LenientPsh { get; init; }

    /// <summary>Let pass another order or padding of TCP options.</summary>
    public bool LenientOptions { get; init; }

    /// <summary>Let pass packets that no line wanted at the end.</summary>
    public bool AllowLeftovers { get; init; }

    /// <summary>Names for the scripts' <c>#ifdef</c>, and values for them.</summary>
    public IReadOnlyDictionary<string, string> Defines { get; init; } = new Dictionary<string, string>();

    /// <summary>How many scripts run at a time.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>The folder of captures, or null for none.</summary>
    public string? PcapFolder { get; init; }

    /// <summary>Show a ladder of each run.</summary>
    public bool Ladder { get; init; }

    /// <summary>One JSON object a script and one at the end, instead of text.</summary>
    public bool Json { get; init; }

    /// <summary>A file of scripts that may fail, with reasons; or null.</summary>
    public string? Waivers { get; init; }

    /// <summary>The columns that the details of a failure may take.</summary>
    public int Width { get; init; } = 80;
}
