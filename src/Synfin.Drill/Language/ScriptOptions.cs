using System.Collections.Generic;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Language;

/// <summary>The option lines at a script's head (<c>--tolerance_usecs=10000</c>); null where the script says nothing.</summary>
internal sealed record ScriptOptions
{
    public Duration? Tolerance { get; init; }

    /// <summary><c>--tolerance_percent=</c>: the part of the time since the last event that an event may deviate, in percent.</summary>
    public double? TolerancePercent { get; init; }

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

    /// <summary><c>--bind_port=</c>: the local port of <c>bind(3, ..., ...)</c>.</summary>
    public int? BindPort { get; init; }

    /// <summary><c>--connect_port=</c>: the remote port of <c>connect(3, ..., ...)</c>.</summary>
    public int? ConnectPort { get; init; }

    /// <summary><c>--init_scripts=</c>: a command before the first event; it is there as a <see cref="CommandEvent"/> too.</summary>
    public string? InitScripts { get; init; }

    /// <summary>Names from <c>-D NAME=VALUE</c> lines; a name alone is "1".</summary>
    public IReadOnlyDictionary<string, string> Defines { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Options that nobody knows, and constructs that are read but cannot be run (tunnel headers, SCTP, MPTCP), each as text: the runner
    /// skips a script that has one and gives it as the reason. Options that are known and change nothing here are not among them.
    /// </summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];
}
