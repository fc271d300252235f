using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Synfin.Stack;

namespace Synfin.Drill.Commands;

/// <summary>All knobs that scripts' commands may set.</summary>
internal static class DrillKnobs
{
    /// <summary>Our name for what <c>ip link set ... mtu n</c> and <c>ifconfig ... mtu n</c> set.</summary>
    public const string InterfaceMtu = "interface.mtu";

    private static readonly Dictionary<string, Knob> _knobs = Index();

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<Knob> All { get; } = [.. _knobs.Values.OrderBy(k => k.Name, StringComparer.Ordinal)];

    /// <summary>Finds a knob.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out Knob? knob) => _knobs.TryGetValue(name, out knob);

    /// <summary>True for names that only BSD has.</summary>
    public static bool IsBsd(string name) =>
        name.StartsWith("net.inet", StringComparison.Ordinal) || name.StartsWith("kern.", StringComparison.Ordinal);

    /// <summary>A profile by its name.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static TcpProfile ProfileOf(string name) => name switch
    {
        "default" => TcpProfile.Default,
        "rfc" => TcpProfile.Rfc,
        "linux" => TcpProfile.Linux,
        "freebsd" => TcpProfile.FreeBsd,
        _ => throw new ArgumentException($"there is no profile '{name}'; there are default, rfc, linux and freebsd", nameof(name)),
    };

    /// <summary>A knob that sets something.</summary>
    internal static Knob Sets(string name, string meaning, Func<DrillSettings, string, DrillSettings> set) => new(name, meaning, set);

    /// <summary>A knob that sets something in the profile.</summary>
    internal static Knob Profile(string name, string meaning, Func<TcpProfile, string, TcpProfile> set) =>
        new(name, meaning, (settings, value) => settings with { Profile = set(settings.Profile, value) });

    /// <summary>A knob that sets what connections begin with.</summary>
    internal static Knob Connection(string name, string meaning, Func<TcpConnectionOptions, string, TcpConnectionOptions> set) =>
        new(name, meaning, (settings, value) => settings with { Connection = set(settings.Connection, value) });

    /// <summary>A knob whose value is always in effect, or never: others cannot be had.</summary>
    internal static Knob Only(string name, string meaning, params string[] values) => new(
        name,
        $"only {string.Join(" and ", values)}: {meaning}",
        (settings, value) => values.Contains(value)
            ? settings
            : throw new FormatException($"only {string.Join(" and ", values)} can: {meaning}"));

    /// <summary>A knob that changes nothing that a script can see.</summary>
    internal static Knob Ignored(string name, string reason) => new(name, reason, null);

    private static Dictionary<string, Knob> Index()
    {
        var index = new Dictionary<string, Knob>(StringComparer.Ordinal);
        Knob mtu = Sets(InterfaceMtu, "the interface's MTU", (s, v) => s with { Mtu = KnobValue.Number(v, 576, 65_535) });
        foreach (Knob knob in (IEnumerable<Knob>)[mtu, .. LinuxKnobs.All, .. BsdKnobs.All]) index.Add(knob.Name, knob);
        return index;
    }
}
