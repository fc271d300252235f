using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Synfin.Packages.Tests.Support;

/// <summary>Runs programs as a user's shell would, whatever the process of these tests inherited.</summary>
internal static class Command
{
    /// <summary>After this a program, with all that it started, is ended, and the test fails.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>How the variables begin by which a test run and its build talk to their own processes.</summary>
    private static readonly string[] _ofTheOuterRun =
    [
        "MSBUILD", "VSTEST", "TESTINGPLATFORM", "XUNIT", "COREHOST",
        "DOTNET_HOST", "DOTNET_STARTUP_HOOKS", "DOTNET_ADDITIONAL_DEPS",
    ];

    private static readonly string _dotnetRoot = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    /// <summary>Runs the .NET command line that runs these tests; see <see cref="RunAsync"/>.</summary>
    public static Task<string> DotnetAsync(string folder, params string[] arguments) =>
        RunAsync(Path.Combine(_dotnetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"), folder, arguments);

    /// <summary>Runs a program and returns what it said. Any other end than exit code 0 fails the test, with the output.</summary>
    /// <param name="program">The program's path.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<string> RunAsync(string program, string folder, params string[] arguments)
    {
        using var process = new Process { StartInfo = StartOf(program, folder, arguments) };
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        string problem = "";
        using (var limit = new CancellationTokenSource(Limit))
        {
            try
            {
                // Ends with the output, so a process that is left behind and holds it open is found out, too.
                await process.WaitForExitAsync(limit.Token);
                if (process.ExitCode != 0) problem = $"ended with {process.ExitCode}";
            }
            catch (OperationCanceledException)
            {
                problem = process.HasExited ? "left a process behind that holds its output open" : $"did not end within {Limit}";
                process.Kill(entireProcessTree: true);
            }
        }

        string said = Said();
        if (problem.Length > 0) Assert.Fail($"{Path.GetFileName(program)} {string.Join(' ', arguments)}: {problem}\n{said}");
        return said;

        void Add(string? line)
        {
            if (line is null) return;
            lock (output) output.Append(line).Append('\n');
        }

        string Said()
        {
            lock (output) return output.ToString();
        }
    }

    private static ProcessStartInfo StartOf(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            bool isTheirs = _ofTheOuterRun.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase));
            if (isTheirs) start.Environment.Remove(name);
        }

        start.Environment["DOTNET_ROOT"] = _dotnetRoot;
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        // Build servers that outlive their command would keep its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        return start;
    }
}
