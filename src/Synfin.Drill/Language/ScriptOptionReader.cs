using System.Globalization;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Language;

/// <summary>Reads a script's option lines.</summary>
/// <param name="path">For messages.</param>
internal sealed class ScriptOptionReader(string path)
{
    /// <summary>
    /// Options of packetdrill that say where and how it runs on a machine: interface, gateway, output, speed. In virtual time they have no
    /// meaning.
    /// </summary>
    private static readonly HashSet<string> _withoutEffect =
    [
        "verbose", "debug", "dry_run", "code_command", "code_format", "non_fatal", "netmask_ip", "gateway_ip", "speed", "tun_name",
        "tun_dev", "persistent_tun_dev", "no_cleanup", "send_omit_free", "so_filename", "so_flags", "wire_client", "wire_server",
        "wire_client_dev", "wire_server_dev", "wire_server_at", "wire_server_ip", "wire_server_port", "default_timeout", "hint_cleanup_cmd",
    ];

    private readonly Dictionary<string, string> _defines = new(StringComparer.Ordinal);
    private readonly List<string> _unknown = [];

    /// <summary>What was read so far.</summary>
    public ScriptOptions Options { get; private set; } = new();

    /// <summary>Gives a name a value.</summary>
    public void Define(string name, string value)
    {
        _defines[name] = value;
        Options = Options with { Defines = _defines };
    }

    /// <summary>Keeps something that the runner cannot do; the script is skipped with it as the reason.</summary>
    public void Refuse(string what)
    {
        _unknown.Add(what);
        Options = Options with { Unknown = _unknown };
    }

    /// <summary>Reads a line of options.</summary>
    /// <exception cref="ScriptSyntaxException">A value cannot be read.</exception>
    public void ReadLine(int line, string text)
    {
        string[] words = text.Replace(" = ", "=", StringComparison.Ordinal).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            if (word is "-D" or "--define")
            {
                if (++i == words.Length) throw new ScriptSyntaxException(path, line, $"{word} has no name; expected {word} NAME=VALUE");
                ReadDefine(words[i]);
            }
            else if (word.StartsWith("-D", StringComparison.Ordinal)) ReadDefine(word[2..]);
            else if (word.StartsWith("--define=", StringComparison.Ordinal)) ReadDefine(word[9..]);
            else if (word.StartsWith("--", StringComparison.Ordinal)) ReadOption(line, word[2..]);
            else throw new ScriptSyntaxException(path, line, $"expected an option (--name=value), but '{word}' comes");
        }
    }

    private void ReadDefine(string text)
    {
        int equals = text.IndexOf('=');
        if (equals < 0) Define(text, "1");
        else Define(text[..equals], text[(equals + 1)..]);
    }

    private void ReadOption(int line, string text)
    {
        int equals = text.IndexOf('=');
        string name = equals < 0 ? text : text[..equals];
        string value = equals < 0 ? "" : text[(equals + 1)..].Trim('"');
        Options = name switch
        {
            "tolerance_usecs" => Options with { Tolerance = Microseconds(line, name, value) },
            "tolerance_percent" => Options with { TolerancePercent = Percent(line, name, value) },
            "ip_version" => Options with { IpVersion = Version(line, value) },
            "mtu" => Options with { Mtu = Number(line, name, value) },
            "mss" => Options with { Mss = Number(line, name, value) },
            "tcp_ts_tick_usecs" => Options with { TimestampTick = Microseconds(line, name, value) },
            "strict_segments" => Options with { StrictSegments = value is not ("0" or "false" or "no") },
            "local_ip" => Options with { LocalAddress = Address(line, name, value) },
            "remote_ip" => Options with { RemoteAddress = Address(line, name, value) },
            "bind_port" => Options with { BindPort = Port(line, name, value) },
            "connect_port" => Options with { ConnectPort = Port(line, name, value) },
            "init_scripts" => Options with { InitScripts = value },
            _ => Options,
        };
        if (!IsKnown(name)) Refuse($"--{text}");
    }

    private static bool IsKnown(string name) => _withoutEffect.Contains(name) || name is "tolerance_usecs" or "tolerance_percent"
        or "ip_version" or "mtu" or "mss" or "tcp_ts_tick_usecs" or "strict_segments" or "local_ip" or "remote_ip" or "bind_port"
        or "connect_port" or "init_scripts";

    private IpVersion Version(int line, string value) => value switch
    {
        "ipv4" or "4" => IpVersion.Ipv4,
        "ipv6" or "6" => IpVersion.Ipv6,
        "ipv4-mapped-ipv6" or "ipv4_mapped_ipv6" => IpVersion.Ipv4MappedIpv6,
        _ => throw Bad(line, "ip_version", "ipv4, ipv6 or ipv4-mapped-ipv6", value),
    };

    private int Number(int line, string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw Bad(line, name, "a whole number", value);

    private int Port(int line, string name, string value) =>
        ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number)
            ? number
            : throw Bad(line, name, "a port, 0 to 65535", value);

    private Duration Microseconds(int line, string name, string value) =>
        uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? Duration.FromMicroseconds(number)
            : throw Bad(line, name, "microseconds, a whole number", value);

    private double Percent(int line, string name, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number <= 100
            ? number
            : throw Bad(line, name, "a percentage", value);

    private InternetAddress Address(int line, string name, string value)
    {
        int slash = value.IndexOf('/');
        return InternetAddress.TryParse(slash < 0 ? value : value.AsSpan(0, slash), out InternetAddress address)
            ? address
            : throw Bad(line, name, "an IP address", value);
    }

    private ScriptSyntaxException Bad(int line, string name, string wanted, string value) =>
        new(path, line, $"--{name}: expected {wanted}, but '{value}' comes");
}
