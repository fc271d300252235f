using System.CommandLine;
using Synfin.Cli.Connect;
using Synfin.Cli.Hosts;
using Synfin.Cli.Ping;

namespace Synfin.Cli.CommandLine;

/// <summary>The arguments of <c>synfin ping</c>.</summary>
internal static class PingDefinition
{
    private const int MostRequests = int.MaxValue;
    private const int LargestSize = 65_507;
    private const double ShortestInterval = 0.001;
    private const double LongestWait = 3_600;

    /// <summary>The command, bound to its action.</summary>
    public static Command Create(CommandContext context)
    {
        var command = new CheckedCommand("ping", "Send echo requests (ICMP, ICMPv6) to HOST from this stack (Linux)");
        Func<ParseResult, Target> target = CommandArguments.AddTarget(command);
        Option<int?> count = CommandOptions.Number<int>("-c", "N", 1, MostRequests, "Stop after N requests");
        Option<TimeSpan?> interval = CommandOptions.Seconds(
            "-i", ShortestInterval, LongestWait, "From one request to the next [default: 1]");
        Option<int?> size = CommandOptions.Number<int>("-s", "N", 0, LargestSize,
            $"Octets of data in a request [default: {PingOptions.DefaultSize}]");
        Option<int?> timeToLive = CommandOptions.Number<int>("-t", "N", 1, byte.MaxValue,
            $"The time to live, or hop limit [default: {PingOptions.DefaultTimeToLive}]");
        Option<TimeSpan?> patience = CommandOptions.Seconds(
            "-W", ShortestInterval, LongestWait, "How long an answer may take [default: 10]");
        foreach (Option option in (Option[])[count, interval, size, timeToLive, patience]) command.Options.Add(option);
        HostDefinition host = HostDefinition.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            var defaults = new PingOptions { Target = target(parsed) };
            PingOptions options = defaults with
            {
                Count = parsed.GetValue(count),
                Interval = parsed.GetValue(interval) ?? defaults.Interval,
                Size = parsed.GetValue(size) ?? defaults.Size,
                TimeToLive = parsed.GetValue(timeToLive) ?? defaults.TimeToLive,
                Patience = parsed.GetValue(patience) ?? defaults.Patience,
            };
            return HostSession.RunAsync(
                context, host.Read(parsed), "synfin ping", context.Error, (session, ct) => PingCommand.RunAsync(options, session, ct));
        });
        return command;
    }
}
