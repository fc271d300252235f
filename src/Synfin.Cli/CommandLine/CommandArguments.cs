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
    public static Func<ParseResult, Target> AddTarget(CheckedCommand command)
    {
        var host = new Argument<string>("HOST") { HelpName = "HOST", Description = "The peer: an address, or a name that --dns knows" };
        Option<bool> ipv4 = CommandOptions.Switch("-4", "IPv4 only");
        Option<bool> ipv6 = CommandOptions.Switch("-6", "IPv6 only");
        command.Arguments.Add(host);
        command.Options.Add(ipv4);
        command.Options.Add(ipv6);
        AddressFamily FamilyOf(ParseResult parsed) => parsed.GetValue(ipv4) ? AddressFamily.InterNetwork
            : parsed.GetValue(ipv6) ? AddressFamily.InterNetworkV6 : AddressFamily.Unspecified;
        Target Read(ParseResult parsed) => new(parsed.GetValue(host) ?? "", FamilyOf(parsed));
        command.Check(parsed =>
            parsed.GetValue(ipv4) && parsed.GetValue(ipv6) ? "-4 and -6 are both there; take one" : Read(parsed).FindProblem());
        return Read;
    }
}
