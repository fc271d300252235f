using System.Globalization;
using System.Text.Json;
using Synfin.Cli.CommandLine;
using Synfin.Proof;
using Synfin.Stack;

namespace Synfin.Cli.Check;

/// <summary>`synfin check`: explores the engine in small scopes, exhaustively.</summary>
internal static class CheckCommand
{
    /// <summary>The profiles by name.</summary>
    public static IReadOnlyList<TcpProfile> Profiles { get; } = [TcpProfile.Default, TcpProfile.Rfc, TcpProfile.Linux, TcpProfile.FreeBsd];

    /// <summary>Explores, or does one run.</summary>
    /// <returns>0 if all properties hold; 1 if one does not, or a scope is too large; 2 if a name is unknown.</returns>
    public static int Run(CheckOptions options, TextWriter output, TextWriter error)
    {
        if (options.List) return List(output);
        if (!TryFind(options, out IReadOnlyList<Scope> scopes, out string? problem))
            return SynfinCommandLine.Fail(error, problem!, ExitCode.Usage);
        if (options.Replay is { } run) return Replay(scopes, run, options.Width, output, error);
        WriteHead(options.Format, output);
        bool holds = true;
        foreach (Scope scope in scopes) holds &= Explore(scope, options, output);
        return holds ? ExitCode.Success : ExitCode.Failure;
    }

    private static bool Explore(Scope scope, CheckOptions options, TextWriter output)
    {
        var explorer = new ExplorerOptions();
        if (options.MaxStates is { } most) explorer = explorer with { MaxStates = most };
        ScopeResult result = Explorer.Explore(scope, explorer);
        if (options.Format is CheckFormat.Json)
            output.WriteLine(JsonSerializer.Serialize(ScopeReport.Of(result), CheckJson.Default.ScopeReport));
        else
            output.WriteLine(RowOf(result, options.Format));
        if (options.Format is not CheckFormat.Text || result.Holds) return result.Holds;
        if (result.Breach is not { } breach)
        {
            output.WriteLine($"  stopped at {result.States} states, before it had seen all: --max-states allows more");
            return false;
        }
        output.WriteLine();
        output.WriteLine($"  {breach.Property} does not hold: {breach.What}");
        output.WriteLine($"  synfin check --scope {scope.Name} --accidents {scope.Accidents} --profile {scope.Profile.Name} "
            + $"--replay \"{string.Join(' ', result.Run)}\"");
        output.WriteLine();
        output.WriteLine(Counterexample.Draw(scope, result.Run, options.Width).Ladder);
        return false;
    }

    private static void WriteHead(CheckFormat format, TextWriter output)
    {
        if (format is CheckFormat.Text)
            output.WriteLine($"{"scope",-20}{"accidents",10}{"states",12}{"transitions",14}{"depth",7}{"time",10}");
        if (format is not CheckFormat.Markdown) return;
        output.WriteLine("| Scope | Profile | Accidents | States | Transitions | Depth | Seconds |");
        output.WriteLine("|---|---|--:|--:|--:|--:|--:|");
    }

    private static string RowOf(ScopeResult result, CheckFormat format)
    {
        Scope scope = result.Scope;
        double seconds = result.Elapsed.TotalSeconds;
        if (format is CheckFormat.Text)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{scope.Name,-20}{scope.Accidents,10}{result.States,12:N0}{result.Transitions,14:N0}{result.Depth,7}{seconds,8:0.0} s");
        }
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {scope.Name} | {scope.Profile.Name} | {scope.Accidents} | {result.States:N0} | {result.Transitions:N0} | {result.Depth} | "
                + $"{seconds:0.0} |");
    }

    private static int List(TextWriter output)
    {
        foreach (Scope scope in Scopes.All)
        {
            output.WriteLine($"{scope.Name,-20}{scope.About}");
            output.WriteLine($"{"",-20}a: {scope.A}; b: {scope.B}; accidents: {scope.Accidents}{(scope.Wide ? "; only if named" : "")}");
        }
        output.WriteLine($"{Scopes.WideSet,-20}all of them, with one accident more");
        return ExitCode.Success;
    }

    private static int Replay(IReadOnlyList<Scope> scopes, string run, int width, TextWriter output, TextWriter error)
    {
        if (scopes.Count != 1) return SynfinCommandLine.Fail(error, "--replay is for one scope: name it with --scope", ExitCode.Usage);
        try
        {
            (string ladder, Breach? breach) = Counterexample.Draw(scopes[0], Move.ParseRun(run), width);
            output.WriteLine(ladder);
            output.WriteLine(breach is null ? "all properties hold" : $"{breach.Property} does not hold: {breach.What}");
            return breach is null ? ExitCode.Success : ExitCode.Failure;
        }
        catch (FormatException e)
        {
            return SynfinCommandLine.Fail(error, $"--replay: {e.Message}", ExitCode.Usage);
        }
    }

    private static bool TryFind(CheckOptions options, out IReadOnlyList<Scope> scopes, out string? problem)
    {
        List<Scope> found = [];
        scopes = found;
        problem = null;
        string[] known = [.. Scopes.All.Select(scope => scope.Name), Scopes.WideSet];
        foreach (string name in options.Scopes)
        {
            if (name == Scopes.WideSet) found.AddRange(Scopes.Widened);
            else if (Scopes.All.FirstOrDefault(scope => scope.Name == name) is { } scope) found.Add(scope);
            else problem ??= $"there is no scope '{name}'{NearestName.Suggestion(name, known)}; 'synfin check --list' shows all";
        }
        if (found.Count == 0) found.AddRange(Scopes.Default);
        TcpProfile? profile = Profiles.FirstOrDefault(profile => profile.Name == options.Profile);
        if (profile is null) problem ??= $"--profile is one of {string.Join(", ", Profiles.Select(p => p.Name))}, not '{options.Profile}'";
        if (problem is not null) return false;
        scopes = [.. found.Select(scope => scope with { Profile = profile!, Accidents = options.Accidents ?? scope.Accidents })];
        return true;
    }
}
