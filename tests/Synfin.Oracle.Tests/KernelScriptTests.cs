using Synfin.Drill.Language;
using Synfin.Drill.Running;
using Synfin.Oracle.Tests.Drill;
using Xunit;

namespace Synfin.Oracle.Tests;

/// <summary>
/// The scripts of tests/scripts that state what Linux does (<c>// Kernel: yes</c>), told to this machine's kernel: it must pass them, or they
/// assert something that is not so. <c>SYNFIN_KERNEL_SCRIPTS=path</c> runs those below a folder, or one.
/// </summary>
[Trait("Needs", "tun")]
public sealed class KernelScriptTests(ITestOutputHelper output)
{
    /// <summary>Mostly they wait, each in a namespace of its own.</summary>
    private const int AtOnce = 12;

    /// <summary>
    /// In milliseconds, for each attempt. A kernel on a busy machine may be late; a script that is wrong fails each time. Besides each script
    /// allows an eighth of a wait.
    /// </summary>
    private static readonly int[] _tolerances = [40, 100, 300];

    [Fact]
    public void This_machines_kernel_passes_the_scripts_that_state_Linuxs_behaviour()
    {
        Needs.Kernel();
        string folder = Needs.Document("tests/scripts");
        string wanted = Environment.GetEnvironmentVariable("SYNFIN_KERNEL_SCRIPTS") is { } path ? Path.GetFullPath(path) : folder;
        string[] files = File.Exists(wanted) ? [wanted] : Directory.GetFiles(wanted, "*.pkt", SearchOption.AllDirectories);
        Array.Sort(files, StringComparer.Ordinal);
        var outcomes = new string?[files.Length];
        Parallel.For(0, files.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, i => outcomes[i] = Judge(files[i]));

        string[] judged = [.. outcomes.OfType<string>()];
        string[] failed = [.. judged.Where(outcome => outcome.Length > 0)];
        output.WriteLine($"{judged.Length - failed.Length} of {judged.Length} scripts pass");
        foreach (string failure in failed) output.WriteLine(failure);
        Assert.NotEmpty(judged);
        Assert.Empty(failed);
    }

    /// <returns>Null if it is not for the kernel, empty if it passed, else what went wrong.</returns>
    private static string? Judge(string file)
    {
        string text = File.ReadAllText(file);
        if (!text.Contains("// Kernel: yes", StringComparison.Ordinal)) return null;
        Script script = ScriptParser.Parse(file, text, new Dictionary<string, string>());
        string problem = "";
        for (int attempt = 0; attempt < _tolerances.Length; attempt++)
        {
            Timers.Duration tolerance = Timers.Duration.FromMilliseconds(_tolerances[attempt]);
            ScriptOutcome outcome = KernelStage.Run(script, script.Options.IpVersion ?? IpVersion.Ipv4, tolerance);
            if (outcome is ScriptOutcome.Passed) return "";
            problem = outcome switch
            {
                ScriptOutcome.Failed f => $"{file}:{f.Line}: expected {f.Expected}; came {f.Came}; at {f.When}",
                ScriptOutcome.Skipped s => $"{file}:{s.Line}: skipped: {s.Reason}",
                _ => outcome.ToString()!,
            };
        }
        return problem;
    }
}
