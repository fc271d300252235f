using System.Globalization;
using System.Text;
using Synfin.Captures.Ladders;
using Synfin.Simulation.Faults;

namespace Synfin.Simulation;

/// <summary>What a failed test tells, and the file that it leaves.</summary>
internal static class FailureReport
{
    /// <summary>Columns of the ladder.</summary>
    public const int Width = 80;

    /// <summary>Rows of the ladder; of more the last are told.</summary>
    public const int MostRows = 60;

    /// <summary>Where the packets' files go if the options do not say it.</summary>
    public const string FolderVariable = "SYNFIN_ARTIFACTS";

    private const int LongestName = 60;
    private const string HowToRecord = "start the options from SimulationOptions.ForTests";

    /// <summary>At the gate.</summary>
    public static SimulationFailedException Make(SimulatedNetwork net, string what, Exception? cause, string name)
    {
        StringBuilder text = new();
        text.AppendLine(what.TrimEnd()).AppendLine();
        string mode = net.Gate.IsShared ? "hosted" : "strict";
        text.Append(CultureInfo.InvariantCulture, $"seed {net.Options.Seed}, {mode} mode, virtual time {net.Now}").AppendLine();
        AppendFaults(net, text);
        AppendLadder(net, text);
        string? file = AppendPackets(net, text, name);
        return new SimulationFailedException(text.ToString(), cause, net.Options.Seed, file);
    }

    private static void AppendFaults(SimulatedNetwork net, StringBuilder text)
    {
        text.AppendLine("faults:");
        bool isEmpty = true;
        foreach (IFault fault in net.AllFaults)
        {
            text.Append("  ").AppendLine(fault.Tally);
            isEmpty = false;
        }
        if (isEmpty) text.AppendLine("  none");
    }

    private static void AppendLadder(SimulatedNetwork net, StringBuilder text)
    {
        text.AppendLine();
        if (net.Ladder is null)
        {
            text.AppendLine($"no ladder was recorded: {HowToRecord}, or set RecordLadder");
            return;
        }
        Ladder ladder = net.Ladder.Build();
        if (ladder.Rows.Count == 0)
        {
            text.AppendLine("the ladder is empty: nothing was sent");
            return;
        }
        if (ladder.Rows.Count > MostRows)
        {
            text.Append(CultureInfo.InvariantCulture, $"the last {MostRows} of the ladder's {ladder.Rows.Count} rows:").AppendLine();
            ladder = LastRowsOf(ladder);
        }
        text.Append(TextLadderRenderer.Render(ladder, Width));
    }

    private static Ladder LastRowsOf(Ladder ladder)
    {
        LadderRow[] rows = [.. ladder.Rows.Skip(ladder.Rows.Count - MostRows)];
        return new Ladder
        {
            Left = ladder.Left,
            Right = ladder.Right,
            Start = ladder.Start,
            Absolute = ladder.Absolute,
            Connections = [.. ladder.Connections.Where(c => rows.Any(row => row.Connection == c.Number))],
            Rows = rows,
            Missing = ladder.Missing,
        };
    }

    private static string? AppendPackets(SimulatedNetwork net, StringBuilder text, string name)
    {
        text.AppendLine();
        if (!net.Options.RecordPackets)
        {
            text.AppendLine($"no packets were recorded: {HowToRecord}, or set RecordPackets");
            return null;
        }
        try
        {
            string path = PathFor(net, name);
            net.WritePcapng(path);
            text.AppendLine($"packets, an interface for each host: {path}");
            return path;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string advice = $"set SimulationOptions.ArtifactsFolder or {FolderVariable} to a folder that can be written";
            text.AppendLine($"the packets could not be written: {problem.Message} ({advice})");
            return null;
        }
    }

    private static string PathFor(SimulatedNetwork net, string name)
    {
        string? folder = net.Options.ArtifactsFolder ?? Environment.GetEnvironmentVariable(FolderVariable);
        if (string.IsNullOrEmpty(folder)) folder = Path.Combine(Path.GetTempPath(), "synfin");
        Directory.CreateDirectory(folder);
        string plain = string.Concat(name.Where(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-').Take(LongestName));
        string unique = Path.GetFileNameWithoutExtension(Path.GetRandomFileName());
        string file = string.Create(CultureInfo.InvariantCulture, $"{plain}-seed{net.Options.Seed}-{unique}.pcapng").TrimStart('-');
        return Path.GetFullPath(Path.Combine(folder, file));
    }
}
