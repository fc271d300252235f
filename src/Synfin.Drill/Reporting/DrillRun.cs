using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Synfin.Drill.Language;
using Synfin.Drill.Running;

namespace Synfin.Drill.Reporting;

/// <summary>Runs scripts side by side and reports them in their order, whichever ends first.</summary>
/// <param name="options">What to run, and how.</param>
/// <param name="stage">Where a script is run.</param>
internal sealed class DrillRun(DrillOptions options, IScriptStage stage)
{
    /// <summary>Everything that ran passed, or may fail.</summary>
    public const int AllPassed = 0;

    /// <summary>A script failed.</summary>
    public const int SomeFailed = 1;

    /// <summary>A script could not be read; none failed.</summary>
    public const int Unreadable = 2;

    /// <summary>Runs everything that the options name.</summary>
    /// <param name="report">Told of each script, in order.</param>
    /// <param name="note">Told what is odd beside the scripts: waivers that nobody needs.</param>
    /// <param name="interrupt">Ends the run early.</param>
    /// <returns>The exit code: <see cref="AllPassed"/>, <see cref="SomeFailed"/>, <see cref="Unreadable"/>.</returns>
    /// <exception cref="DrillUsageException">A path is not there, or the waivers cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public int Run(IDrillReport report, Action<string> note, CancellationToken interrupt)
    {
        IReadOnlyList<string> scripts = ScriptFinder.Find(options.Paths);
        WaiverList waivers = options.Waivers is { } file ? WaiverList.Read(file) : WaiverList.None;
        var counts = new DrillCounts(0, 0, 0, 0, 0);
        foreach (ScriptReport plain in InOrder(scripts, interrupt))
        {
            ScriptReport told = plain with { Waiver = waivers.ReasonFor(plain.Path) };
            counts = counts.With(told);
            report.Write(told);
        }
        report.Finish(counts);
        foreach (string unused in waivers.Unused) note($"the waiver of '{unused}' is for no script that was run");
        if (counts.Failed > 0) return SomeFailed;
        return counts.Unreadable > 0 ? Unreadable : AllPassed;
    }

    /// <summary>Runs one script's text in all its families.</summary>
    public ScriptReport RunText(string path, string text)
    {
        Script script;
        try
        {
            script = ScriptParser.Parse(path, text, options.Defines);
        }
        catch (ScriptSyntaxException e)
        {
            return UnreadableScript(path, text, e.Line, e.Problem);
        }
        if (Families.Of(script, options.Versions, out string? reason) is not { Count: > 0 } versions)
            return new ScriptReport(path, text, [Skip(options.Versions[0], null, reason!)]);
        List<ScriptRun> runs = [];
        foreach (IpVersion version in versions) runs.Add(stage.Run(script, version));
        return new ScriptReport(path, text, runs);
    }

    private ScriptReport RunFile(string path)
    {
        try
        {
            return RunText(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return UnreadableScript(path, "", null, e.Message.TrimEnd('.'));
        }
    }

    private ScriptReport UnreadableScript(string path, string text, int? line, string problem) =>
        new(path, text, [Skip(options.Versions[0], line, $"it cannot be read: {problem}")]) { IsUnreadable = true };

    private ScriptRun Skip(IpVersion version, int? line, string reason) =>
        new(version, options.Profile ?? DrillProfile.Linux, new ScriptOutcome.Skipped(line, reason));

    /// <summary>Each worker takes the next script; results wait for those before them.</summary>
    private IEnumerable<ScriptReport> InOrder(IReadOnlyList<string> scripts, CancellationToken interrupt)
    {
        if (options.Jobs <= 1)
        {
            foreach (string script in scripts)
            {
                interrupt.ThrowIfCancellationRequested();
                yield return RunFile(script);
            }
            yield break;
        }
        var results = new TaskCompletionSource<ScriptReport>[scripts.Count];
        for (int i = 0; i < results.Length; i++) results[i] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int next = -1;
        void Work()
        {
            while (!interrupt.IsCancellationRequested && Interlocked.Increment(ref next) is var i && i < scripts.Count)
            {
                try
                {
                    results[i].SetResult(RunFile(scripts[i]));
                }
#pragma warning disable CA1031 // It is thrown again where the result is awaited.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    results[i].SetException(e);
                }
            }
        }
        int workers = Math.Min(options.Jobs, scripts.Count);
        for (int i = 0; i < workers; i++)
            _ = Task.Factory.StartNew(Work, interrupt, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        foreach (TaskCompletionSource<ScriptReport> result in results)
        {
            result.Task.Wait(interrupt);
            yield return result.Task.Result;
        }
    }
}
