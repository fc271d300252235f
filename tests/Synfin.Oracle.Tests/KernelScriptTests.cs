using Synfin.Drill.Language;
using Synfin.Drill.Running;
using Synfin.Oracle.Tests.Drill;
using Xunit;

namespace Synfin.Oracle.Tests;

/// <summary>
/// The scripts of tests/scripts that state what Linux does (<c>// Kernel: yes</c>), told to this machine's kernel: it must pass them, or
/// they
/// assert something that is not so. <c>SYNFIN_KERNEL_SCRIPTS=path</c> runs those below a folder, or one.
/// </summary>
[Trait("Needs", "tun")]
[Collection(Needs.OneKernel)]
public sealed class KernelScriptTests(ITestOutputHelper output)
{
    /// <summary>Mostly they wait, each in a namespace of its own.</summary>
    private const int AtOnce = 8;

    /// <summary>A script that is wrong fails each time.</summary>
    private const int Attempts = 4;

    /// <summary>
    /// A run in which this machine was too late with a line of the script says nothing; so often it is made again, one by one.
    /// </summary>
    private const int LateAttempts = 12;

    [Fact]
    public void This_machines_kernel_passes_the_scripts_that_state_Linuxs_behaviour()
    {
        Needs.Kernel();
        using var patience = new Priority();
        string folder = Needs.Document("tests/scripts");
        string wanted = Environment.GetEnvironmentVariable("SYNFIN_KERNEL_SCRIPTS") is { } path ? Path.GetFullPath(path) : folder;
        string[] files = File.Exists(wanted) ? [wanted] : Directory.GetFiles(wanted, "*.pkt", SearchOption.AllDirectories);
        files = [.. files.Where(IsForTheKernel).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(files);
        var verdicts = new Verdict[files.Length];
        var many = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        Parallel.For(0, files.Length, many, i => verdicts[i] = Judge(files[i], Attempts));
        for (int i = 0; i < files.Length; i++)
        {
            if (verdicts[i].Kind is not VerdictKind.Passes) verdicts[i] = Judge(files[i], LateAttempts);
        }

        string[] failed = [.. verdicts.Where(v => v.Kind is VerdictKind.Fails).Select(v => v.Problem)];
        string[] unheard = [.. verdicts.Where(v => v.Kind is VerdictKind.TooLate).Select(v => v.Problem)];
        int passed = files.Length - failed.Length - unheard.Length;
        output.WriteLine($"{passed} of {files.Length} scripts pass, {unheard.Length} were not heard");
        foreach (string problem in failed.Concat(unheard)) output.WriteLine(problem);
        Assert.Empty(failed);
        Assert.SkipWhen(unheard.Length > files.Length / 10, "this machine is too busy: a tenth of the scripts could not be played in time");
    }

    private static bool IsForTheKernel(string file) => File.ReadAllText(file).Contains("// Kernel: yes", StringComparison.Ordinal);

    private static Verdict Judge(string file, int attempts)
    {
        Script script = ScriptParser.Parse(file, File.ReadAllText(file), new Dictionary<string, string>());
        Verdict verdict = default;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            ScriptOutcome outcome = KernelStage.Run(script, script.Options.IpVersion ?? IpVersion.Ipv4);
            if (outcome is ScriptOutcome.Passed) return new Verdict(VerdictKind.Passes, "");
            verdict = outcome switch
            {
                ScriptOutcome.Failed f => new(
                    f.Came.StartsWith(ScriptRunner.Late, StringComparison.Ordinal) ? VerdictKind.TooLate : VerdictKind.Fails,
                    $"{file}:{f.Line}: expected {f.Expected}; came {f.Came}; at {f.When}"),
                ScriptOutcome.Skipped s => new(VerdictKind.Fails, $"{file}:{s.Line}: skipped: {s.Reason}"),
                _ => new(VerdictKind.Fails, outcome.ToString()!),
            };
        }
        return verdict;
    }

    private enum VerdictKind
    {
        Passes,
        Fails,
        TooLate,
    }

    private readonly record struct Verdict(VerdictKind Kind, string Problem);

    /// <summary>While the kernel's clock counts, this process goes before others.</summary>
    private sealed class Priority : IDisposable
    {
        private readonly ProcessPriorityClass _before = Process.GetCurrentProcess().PriorityClass;

        public Priority() => Process.GetCurrentProcess().PriorityClass = ProcessPriorityClass.High;

        public void Dispose() => Process.GetCurrentProcess().PriorityClass = _before;
    }
}
