using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Synfin.Cli.Connect;

namespace Synfin.Cli.CommandLine;

/// <summary>Arguments whose errors say what is wrong and what would be right.</summary>
internal static class CommandArguments
{
    /// <summary>A TCP port.</summary>
    public static Argument<int> Port(string name, string description) => new(name)
    {
        HelpName = name,
        Description = description,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0) return port;
            result.AddError($"{name} is a whole number from 1 to 65535, not '{text}'");
            return 0;
        },
    };

    /// <summary>HOST with -4 and -6, added to a command; the target is read by what is returned.</summary>
    public static Func<ParseResult, Target> AddTarget(Command command)
    {
        var host = new Argument<string>("HOST") { HelpName = "HOST", Description = "The peer: an address, or a name that --dns knows" };
        Option<bool> ipv4 = CommandOptions.Switch("-4", "IPv4 only");
        Option<bool> ipv6 = CommandOptions.Switch("-6", "IPv6 only");
        command.Arguments.Add(host);
        command.Options.Add(ipv4);
        command.Options.Add(ipv6);
        Target Make(string? name, bool only4, bool only6) =>
            new(name ?? "", only4 ? AddressFamily.InterNetwork : only6 ? AddressFamily.InterNetworkV6 : AddressFamily.Unspecified);
        command.Validators.Add(result =>
        {
            if (result.GetResult(host) is not { Tokens.Count: > 0 }) return; // the parser says that it is missing
            bool only4 = result.GetValue(ipv4), only6 = result.GetValue(ipv6);
            string? problem = only4 && only6 ? "-4 and -6 are both there; take one" : Make(result.GetValue(host), only4, only6).FindProblem();
            if (problem is not null) result.AddError(problem);
        });
        return parsed => Make(parsed.GetValue(host), parsed.GetValue(ipv4), parsed.GetValue(ipv6));
    }
}
