using System.CommandLine;
using System.CommandLine.Parsing;
using Synfin.Cli.Drill;
using Synfin.Drill.Language;
using Synfin.Drill.Reporting;

namespace Synfin.Cli.CommandLine;

/// <summary>The arguments of <c>synfin drill</c>.</summary>
internal static class DrillDefinition
{
    private const int MostJobs = 1_024;

    /// <summary>The families by their names on the command line.</summary>
    private static readonly Dictionary<string, IpVersion[]> _families = new(StringComparer.Ordinal)
    {
        ["4"] = [IpVersion.Ipv4],
        ["6"] = [IpVersion.Ipv6],
        ["mapped"] = [IpVersion.Ipv4MappedIpv6],
        ["all"] = [IpVersion.Ipv4, IpVersion.Ipv6, IpVersion.Ipv4MappedIpv6],
    };

    /// <summary>The command, bound to its action.</summary>
    public static Command Create(CommandContext context)
    {
        var paths = new Argument<string[]>("PATH")
        {
            HelpName = "PATH",
            Description = "Scripts, and folders whose *.pkt are run",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<DrillProfile?> profile = Profile();
        Option<IpVersion[]?> ip = Families();
        Option<bool> psh = CommandOptions.Switch("--lenient-psh", "Let pass that PSH is there or missing; said on the script's line");
        Option<bool> order = CommandOptions.Switch("--lenient-options", "Let pass another order or padding of TCP options; said, too");
        Option<bool> leftovers = CommandOptions.Switch("--allow-leftovers", "Let pass packets after a script's last line; said, too");
        Option<Dictionary<string, string>?> defines = Defines();
        Option<int?> jobs = CommandOptions.Number<int>("--jobs", "N", 1, MostJobs, "Scripts at a time [default: the processors]");
        Option<string?> pcap = CommandOptions.Text("--pcap", "DIR", "Write each run's packets to a file in DIR, as pcapng");
        Option<bool> ladder = CommandOptions.Switch("--ladder", "Show a ladder of each run");
        Option<bool> json = CommandOptions.Switch("--json", "One JSON object a line and script, and one with the counts");
        Option<string?> waivers = CommandOptions.Text("--waivers", "FILE", "Scripts that may fail: lines of 'path: reason'");

        var command = new CheckedCommand("drill", "Run packetdrill scripts against this stack, in virtual time")
        {
            paths, profile, ip, psh, order, leftovers, defines, jobs, pcap, ladder, json, waivers,
        };
        DrillOptions Read(ParseResult parsed)
        {
            var options = new DrillOptions();
            return options with
            {
                Paths = parsed.GetValue(paths) ?? [],
                Profile = parsed.GetValue(profile),
                Versions = parsed.GetValue(ip) is { Length: > 0 } versions ? versions : options.Versions,
                LenientPsh = parsed.GetValue(psh),
                LenientOptions = parsed.GetValue(order),
                AllowLeftovers = parsed.GetValue(leftovers),
                Defines = parsed.GetValue(defines) ?? options.Defines,
                Jobs = parsed.GetValue(jobs) ?? Environment.ProcessorCount,
                PcapFolder = parsed.GetValue(pcap),
                Ladder = parsed.GetValue(ladder),
                Json = parsed.GetValue(json),
                Waivers = parsed.GetValue(waivers),
                Width = context.Terminal.Width,
            };
        }
        command.SetAction(parsed => DrillCommand.Run(Read(parsed), context));
        return command;
    }

    private static Option<DrillProfile?> Profile() => new("--profile")
    {
        HelpName = "default|rfc|linux|freebsd",
        Description = "The choices in which TCPs differ [default: as the script's set-up says, or else linux]",
        CustomParser = result =>
        {
            string[] names = [.. Enum.GetNames<DrillProfile>().Select(name => name.ToLowerInvariant())];
            string text = result.Tokens[0].Value;
            int index = Array.IndexOf(names, text.ToLowerInvariant());
            if (index >= 0) return Enum.GetValues<DrillProfile>()[index];
            result.AddError($"--profile is one of {string.Join(", ", names)}, not '{text}'{NearestName.Suggestion(text, names)}");
            return null;
        },
    };

    private static Option<IpVersion[]?> Families() => new("--ip")
    {
        HelpName = string.Join('|', _families.Keys),
        Description = "The family; mapped is IPv4 through IPv6 sockets [default: all that a script allows]",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (_families.TryGetValue(text, out IpVersion[]? versions)) return versions;
            result.AddError($"--ip is one of {string.Join(", ", _families.Keys)}, not '{text}'");
            return null;
        },
    };

    private static Option<Dictionary<string, string>?> Defines() => new("-D")
    {
        HelpName = "NAME=VALUE",
        Description = "Define a name for #ifdef, with or without a value; may be repeated",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            Dictionary<string, string> values = new(StringComparer.Ordinal);
            foreach (Token token in result.Tokens)
            {
                string[] parts = token.Value.Split('=', 2);
                if (parts[0].Length == 0) result.AddError($"-D takes NAME or NAME=VALUE, not '{token.Value}'");
                else values[parts[0]] = parts.Length > 1 ? parts[1] : "1";
            }
            return values;
        },
    };
}
