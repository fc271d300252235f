using System.Text.Json;
using Synfin.Cli.CommandLine;
using Synfin.Linux.Status;

namespace Synfin.Cli.Status;

/// <summary>`synfin status`: asks the running hosts of this machine for their connections, as `ss -tin` asks the kernel.</summary>
internal static class StatusCommand
{
    private const string Extension = ".sock";

    /// <summary>How long one host may take to answer.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>Shows each host.</summary>
    /// <returns>0; 1 if there is no host, or none that answers.</returns>
    public static async Task<int> RunAsync(StatusOptions options, CommandContext context)
    {
        if (!TryFind(options, context, out IReadOnlyList<string> sockets, out string? problem))
            return SynfinCommandLine.Fail(context.Error, problem!, ExitCode.Failure);
        int shown = 0;
        foreach (string socket in sockets)
        {
            HostReport report;
            try
            {
                using var late = new CancellationTokenSource(_patience, context.Time);
                report = await StatusClient.AskAsync(socket, late.Token).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException)
            {
                string reason = failure is IOException ? failure.Message : $"{socket}: it does not answer";
                SynfinCommandLine.Fail(context.Error, reason, ExitCode.Failure);
                continue;
            }
            if (shown++ > 0 && !options.Json) await context.Output.WriteLineAsync().ConfigureAwait(false);
            Show(report, options, context.Output);
        }
        return shown > 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Show(HostReport report, StatusOptions options, TextWriter output)
    {
        if (options.Json) output.WriteLine(JsonSerializer.Serialize(report, CliJson.Default.HostReport));
        else new StatusTable(output, options.Width).Write(report, options.All);
    }

    private static bool TryFind(StatusOptions options, CommandContext context, out IReadOnlyList<string> sockets, out string? problem)
    {
        problem = null;
        if (options.Socket is { } path)
        {
            sockets = [path];
            return true;
        }
        sockets = StatusSockets.Find(context.StatusFolder);
        bool isHidden = context.StatusFolder is null && StatusSockets.HasHiddenOnes();
        string hint = isHidden ? "; root may have some: 'sudo synfin status' shows them" : "";
        if (sockets.Count == 0) problem = $"no host of yours is running{hint}";
        if (sockets.Count == 0 || options.Name is not { } name) return problem is null;

        string[] devices = [.. sockets.Select(DeviceOf)];
        string[] same = [.. sockets.Where(socket => DeviceOf(socket) == name)];
        if (same.Length == 0)
        {
            string suggestion = NearestName.Suggestion(name, devices);
            if (suggestion.Length == 0) suggestion = $"; there are {string.Join(", ", devices)}{hint}";
            problem = $"no host of yours runs on '{name}'{suggestion}";
        }
        sockets = same;
        return problem is null;
    }

    /// <summary>DEVICE of DEVICE-PID.sock.</summary>
    private static string DeviceOf(string socket)
    {
        string name = Path.GetFileName(socket)[..^Extension.Length];
        return name.LastIndexOf('-') is > 0 and var dash ? name[..dash] : name;
    }
}
