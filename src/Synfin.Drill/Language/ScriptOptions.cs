using System.Collections.Generic;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Language;

/// <summary>The option lines at a script's head (<c>--tolerance_usecs=10000</c>); null where the script says nothing.</summary>
internal sealed record ScriptOptions
{
    public Duration? Tolerance { get; init; }

    /// <summary><c>--ip_version=</c>.</summary>
    public IpVersion? IpVersion { get; init; }

    public int? Mtu { get; init; }

    /// <summary><c>--mss=</c>: what the script calls MSS in its arithmetic.</summary>
    public int? Mss { get; init; }

    /// <summary><c>--tcp_ts_tick_usecs=</c>; zero or null: TS val is not compared.</summary>
    public Duration? TimestampTick { get; init; }

    /// <summary><c>--strict_segments</c>: outbound segments are not joined.</summary>
    public bool StrictSegments { get; init; }

    public InternetAddress? LocalAddress { get; init; }

    public InternetAddress? RemoteAddress { get; init; }

    /// <summary>Names from <c>-D NAME=VALUE</c> lines; a name alone is "1".</summary>
    public IReadOnlyDictionary<string, string> Defines { get; init; } = new Dictionary<string, string>();

    /// <summary>Options that are known and change nothing here, and unknown ones: the runner skips a script with an unknown one.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];
}
