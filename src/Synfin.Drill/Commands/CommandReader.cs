using System.Buffers;
using System.Globalization;

namespace Synfin.Drill.Commands;

/// <summary>Recognises what commands between backticks ask for. They are never run.</summary>
internal static class CommandReader
{
    private const int DeepestShell = 4;
    private const string ProcSys = "/proc/sys/";
    private const string Tunnel = "interfaces, routes and queues of a machine have no counterpart in virtual time";

    private static readonly SearchValues<char> _nameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private static readonly Dictionary<string, string> _withoutEffect = new(StringComparer.Ordinal)
    {
        ["true"] = "it does nothing",
        [":"] = "it does nothing",
        ["set"] = "it is a shell's option",
        ["exit"] = "it ends a shell",
        ["echo"] = "it prints",
        ["printf"] = "it prints",
        ["date"] = "it prints",
        ["logger"] = "it prints",
        ["dmesg"] = "it prints",
        ["sync"] = "it writes files",
        ["chmod"] = "it changes files",
        ["rm"] = "it removes files",
        ["sleep"] = "virtual time goes on by the times of events alone",
        ["kldload"] = "modules need no loading here; the knobs say what is used",
        ["kldstat"] = "modules need no loading here; the knobs say what is used",
        ["modprobe"] = "modules need no loading here; the knobs say what is used",
        ["ethtool"] = "segments are compared as a whole, however an interface cuts them",
    };

    /// <summary>What a command asks for, in order.</summary>
    public static IReadOnlyList<CommandAction> Read(string command)
    {
        var actions = new List<CommandAction>();
        Read(command, actions, 0);
        return actions;
    }

    private static void Read(string command, List<CommandAction> actions, int depth)
    {
        foreach (ShellPipeline pipeline in ShellReader.Read(command))
        {
            if (pipeline.IsAlternative) continue; // what is before it succeeds, or the script is skipped
            ShellCommand first = WithoutPrefixes(pipeline.Commands[0]);
            if (first.Words.Count == 0) continue;
            if (first.Words is ["sh" or "bash" or "/bin/sh" or "/bin/bash", "-c", var inner] && depth < DeepestShell)
                Read(inner, actions, depth + 1);
            else if (pipeline.Commands.Count > 1) actions.Add(ReadPipeline(pipeline));
            else actions.AddRange(ReadOne(first, pipeline.Text));
        }
    }

    /// <summary>Without <c>sudo</c>, <c>env</c> and <c>NAME=value</c> before the program.</summary>
    private static ShellCommand WithoutPrefixes(ShellCommand command)
    {
        int skip = 0;
        while (skip < command.Words.Count && IsPrefix(command.Words[skip])) skip++;
        return command with { Words = [.. command.Words.Skip(skip)] };
    }

    private static bool IsPrefix(string word)
    {
        if (word is "sudo" or "env" or "exec") return true;
        int equals = word.IndexOf('=');
        return equals > 0 && word.AsSpan(0, equals).IndexOfAnyExcept(_nameCharacters) < 0;
    }

    private static List<CommandAction> ReadOne(ShellCommand command, string text)
    {
        IReadOnlyList<string> words = command.Words;
        string name = words[0][(words[0].LastIndexOf('/') + 1)..];
        if (name.StartsWith("defaults", StringComparison.Ordinal)) return [new CommandAction.SelectProfile("linux")];
        if (name.StartsWith("set_sysctls", StringComparison.Ordinal)) return ReadKnobs(words.Skip(1), text);
        if (name.Contains("restore", StringComparison.Ordinal))
            return [new CommandAction.NoOperation("every script begins with fresh knobs")];
        return name switch
        {
            "sysctl" => ReadKnobs(words.Skip(1).Where(w => !w.StartsWith('-')), text),
            "echo" or "printf" when KnobOfPath(command.Target) is { } knob => [SetKnob(knob, string.Join(' ', ValuesOf(words)))],
            "tcpdrop" => [new CommandAction.Drop([.. words.Skip(1)])],
            "ip" or "ifconfig" => [ReadInterface(words, text)],
            "tc" when words is [_, "qdisc", ..] => [ReadQueue(words, text)],
            _ when _withoutEffect.TryGetValue(name, out string? reason) => [new CommandAction.NoOperation(reason)],
            _ => [new CommandAction.Unknown(text)],
        };
    }

    private static IEnumerable<string> ValuesOf(IReadOnlyList<string> words) => words.Skip(1).Where(w => w is not ("-n" or "-e" or "-E"));

    /// <summary><c>name=value</c> each; a name alone is only shown.</summary>
    private static List<CommandAction> ReadKnobs(IEnumerable<string> words, string text)
    {
        var actions = new List<CommandAction>();
        string[] all = [.. words];
        for (int i = 0; i < all.Length; i++)
        {
            string word = all[i];
            if (i + 2 < all.Length && all[i + 1] == "=") (word, i) = ($"{word}={all[i + 2]}", i + 2);
            int equals = word.IndexOf('=');
            if (word.Contains('$', StringComparison.Ordinal)) actions.Add(new CommandAction.Unknown(text));
            else if (equals <= 0) actions.Add(new CommandAction.NoOperation($"it shows {word}"));
            else actions.Add(SetKnob(KnobOfPath(word[..equals]) ?? word[..equals].Replace('/', '.'), word[(equals + 1)..]));
        }

        return actions.Count > 0 ? actions : [new CommandAction.NoOperation("it shows knobs")];
    }

    private static CommandAction SetKnob(string name, string value) => name == "net.inet.tcp.hostcache.purgenow"
        ? new CommandAction.NoOperation("every script begins without remembered hosts")
        : new CommandAction.SetKnob(name, string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    private static string? KnobOfPath(string? path) =>
        path is not null && path.StartsWith(ProcSys, StringComparison.Ordinal) ? path[ProcSys.Length..].Replace('/', '.') : null;

    private static CommandAction ReadInterface(IReadOnlyList<string> words, string text)
    {
        if (words is ["ip", "tcp_metrics" or "tcpmetrics", ..] or ["ip", "route", "flush", "cache", ..])
            return new CommandAction.NoOperation("every script begins without remembered hosts");
        int mtu = Array.IndexOf([.. words], "mtu");
        if (words is ["ip", "link", "set", ..] or ["ifconfig", ..] && mtu > 0 && mtu + 1 < words.Count)
            return new CommandAction.SetKnob(DrillKnobs.InterfaceMtu, words[mtu + 1]);
        return words is ["ip", "link", "set", .., "up"] or ["ifconfig", _, "up"]
            ? new CommandAction.NoOperation(Tunnel)
            : new CommandAction.Unknown(text);
    }

    /// <summary>Queues that only hold packets change nothing; those that delay or drop do.</summary>
    private static CommandAction ReadQueue(IReadOnlyList<string> words, string text) =>
        words.Any(w => w is "fq" or "fq_codel" or "pfifo_fast" or "pfifo" or "noqueue" or "del") && !words.Contains("netem")
            ? new CommandAction.NoOperation(Tunnel)
            : new CommandAction.Unknown(text);

    /// <summary>
    /// <c>sockstat ... | grep -c STATE | grep N</c>, with other greps between: N sockets are in STATE; without the last, at least one.
    /// </summary>
    private static CommandAction ReadPipeline(ShellPipeline pipeline)
    {
        var unknown = new CommandAction.Unknown(pipeline.Text);
        string program = pipeline.Commands[0].Words[0];
        if (program[(program.LastIndexOf('/') + 1)..] is not ("sockstat" or "netstat" or "ss")) return unknown;
        string? state = null;
        int? count = null;
        bool counts = false;
        foreach (ShellCommand command in pipeline.Commands.Skip(1))
        {
            if (command.Words[0] == "wc") counts = true;
            if (command.Words[0] is "wc" or "tr" or "cat") continue;
            if (command.Words[0] is not ("grep" or "egrep")) return unknown;
            string pattern = (command.Words.LastOrDefault(w => !w.StartsWith('-')) ?? "").Trim('^', '$');
            if (counts && int.TryParse(pattern, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) count = number;
            else if (SocketStates.IsState(pattern)) state = pattern.ToUpperInvariant();
            else if (counts) return unknown;
            counts |= command.Words.Any(IsCount);
        }

        return state is null ? unknown : new CommandAction.ExpectSockets(state, count);
    }

    private static bool IsCount(string word) =>
        word == "--count" || (word.StartsWith('-') && !word.StartsWith("--", StringComparison.Ordinal) && word.Contains('c'));
}
