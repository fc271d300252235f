using System.Globalization;
using Synfin.Dns;
using Synfin.Wire;

namespace Synfin.Linux;

/// <summary>
/// Reads resolv.conf(5) as glibc does: what it does not know it skips, numbers have its limits, of <c>domain</c> and <c>search</c> the last
/// counts.
/// </summary>
public static class ResolvConf
{
    /// <summary>Where Linux has it.</summary>
    public const string Path = "/etc/resolv.conf";

    /// <summary>The most servers that are taken (MAXNS).</summary>
    public const int MaxServers = 3;

    /// <summary>The most octets of the file that are read.</summary>
    public const int MaxLength = 65_536;

    private const int MaxNdots = 15;
    private const int MaxTimeout = 30;
    private const int MaxAttempts = 5;

    /// <summary>Reads the file; without one, or without a server in it, the server is this host (127.0.0.1).</summary>
    /// <param name="path">The file; null for <see cref="Path"/>.</param>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static DnsOptions Read(string? path = null)
    {
        path ??= Path;
        if (!File.Exists(path)) return Parse("");
        using StreamReader reader = new(path);
        char[] text = new char[MaxLength];
        return Parse(text.AsSpan(0, reader.ReadBlock(text)));
    }

    /// <summary>Reads the text of such a file. Whatever it is, it ends and does not throw.</summary>
    public static DnsOptions Parse(ReadOnlySpan<char> text)
    {
        List<InternetAddress> servers = [];
        DnsOptions options = new();
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            if (line.IsEmpty || line[0] is '#' or ';') continue; // glibc knows comments only at the start of a line
            string[] words = line.ToString().Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || char.IsWhiteSpace(line[0])) continue;
            switch (words[0])
            {
                case "nameserver" when servers.Count < MaxServers && TryReadServer(words[1], out InternetAddress server):
                    servers.Add(server);
                    break;
                case "domain":
                    options = options with { Search = Domains(words.AsSpan(1, 1)) };
                    break;
                case "search":
                    options = options with { Search = Domains(words.AsSpan(1)) };
                    break;
                case "options":
                    foreach (string word in words.AsSpan(1)) options = With(options, word);
                    break;
                default:
                    break;
            }
        }
        if (servers.Count == 0) servers.Add(InternetAddress.FromIpv4(127, 0, 0, 1));
        return options with { Servers = servers };
    }

    /// <summary>An address; a zone (fe80::1%eth0) has no meaning in a stack with addresses of its own and is cut off.</summary>
    private static bool TryReadServer(string word, out InternetAddress server)
    {
        int zone = word.IndexOf('%', StringComparison.Ordinal);
        return InternetAddress.TryParse(zone < 0 ? word : word.AsSpan(0, zone), out server) && !server.IsUnspecified;
    }

    private static List<string> Domains(ReadOnlySpan<string> words)
    {
        List<string> domains = [];
        foreach (string word in words)
        {
            if (domains.Count < DnsOptions.MaxSearch && word != "." && DnsName.TryParse(word, out _, out _)) domains.Add(word);
        }
        return domains;
    }

    private static DnsOptions With(DnsOptions options, string word)
    {
        if (word == "rotate") return options with { Rotate = true };
        if (TryReadNumber(word, "ndots:", out int ndots)) return options with { Ndots = Math.Min(ndots, MaxNdots) };
        if (TryReadNumber(word, "timeout:", out int timeout))
            return options with { Timeout = TimeSpan.FromSeconds(Math.Clamp(timeout, 1, MaxTimeout)) };
        if (TryReadNumber(word, "attempts:", out int attempts)) return options with { Attempts = Math.Clamp(attempts, 1, MaxAttempts) };
        return options;
    }

    private static bool TryReadNumber(string word, string key, out int number)
    {
        number = 0;
        if (!word.StartsWith(key, StringComparison.Ordinal)) return false;
        ReadOnlySpan<char> digits = word.AsSpan(key.Length);
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9')) return false;
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number)) number = int.MaxValue;
        return true;
    }
}
