using System.Diagnostics;
using System.Reflection;
using System.Xml.Linq;

namespace Synfin.Mutants.Tests;

/// <summary>Makes mutants of the engine with the SDK's own compiler, and asks a copy of the program about them.</summary>
internal sealed class Workshop : IDisposable
{
    /// <summary>How long a judge may take before it counts as stuck: a mutant may loop.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(100);

    private readonly string _folder = Directory.CreateTempSubdirectory("synfin-mutant-").FullName;

    /// <summary>The engine's sources.</summary>
    public static string Sources { get; } = Path.GetFullPath(typeof(Workshop).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "EngineSources").Value!);

    /// <summary>The SDK's compiler; null if this machine has only the runtime.</summary>
    public static string? Compiler { get; } = FindCompiler();

    private static string Framework => Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private static string DotnetRoot => Path.GetFullPath(Path.Combine(Framework, "..", "..", ".."));

    /// <summary>The sources with the fault in them.</summary>
    /// <exception cref="InvalidOperationException">The text is not there, or not once: the source has changed.</exception>
    public static string Mutate(Mutant mutant)
    {
        string text = File.ReadAllText(Path.Combine(Sources, mutant.File)).ReplaceLineEndings("\n");
        int count = text.Split(mutant.Find).Length - 1;
        if (count == 1) return text.Replace(mutant.Find, mutant.Replacement, StringComparison.Ordinal);
        throw new InvalidOperationException(
            $"src/Synfin.Core/{mutant.File} has the text of the mutant '{mutant.Name}' {count} times, not once: it has changed, and "
                + $"Mutants.cs must follow: {mutant.Find}");
    }

    /// <summary>Compiles the engine with the fault into a copy of the program.</summary>
    public async Task MakeAsync(Mutant mutant, CancellationToken cancellation)
    {
        string mutated = Path.Combine(_folder, Path.GetFileName(mutant.File));
        await File.WriteAllTextAsync(mutated, Mutate(mutant), cancellation);
        string settings = Path.Combine(_folder, "Settings.cs");
        await File.WriteAllTextAsync(settings, Settings(), cancellation);
        string original = Path.GetFullPath(Path.Combine(Sources, mutant.File));
        string separator = Path.DirectorySeparatorChar.ToString();
        string[] sources =
        [
            .. Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories)
                .Where(file => file != original && !file.Contains($"{separator}obj{separator}", StringComparison.Ordinal)
                    && !file.Contains($"{separator}bin{separator}", StringComparison.Ordinal)),
            mutated,
            settings,
        ];
        string answers = Path.Combine(_folder, "compile.rsp");
        await File.WriteAllLinesAsync(
            answers,
            [
                "-nologo", "-target:library", "-optimize+", "-nullable:enable", "-langversion:latest", "-warn:0", "-nostdlib+",
                $"-out:\"{Path.Combine(_folder, "Synfin.Core.dll")}\"",
                .. Directory.EnumerateFiles(Framework, "*.dll").Where(IsReference).Select(file => $"-reference:\"{file}\""),
                .. sources.Select(file => $"\"{file}\""),
            ],
            cancellation);
        CopyProgram();
        (int exitCode, string output) = await RunAsync([Compiler!, "-noconfig", $"@{answers}"], cancellation);
        if (exitCode != 0) throw new InvalidOperationException($"the mutant '{mutant.Name}' does not compile:\n{output}");
    }

    /// <summary>Asks the program with this engine.</summary>
    public async Task<(int ExitCode, string Output)> AskAsync(string judge, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(s_patience);
        try
        {
            return await RunAsync([Path.Combine(_folder, "Synfin.Cli.dll"), .. judge.Split(' ')], late.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (-1, $"no answer within {s_patience.TotalSeconds} s");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What the project file and the SDK would add: who sees internals, usings for all files, the version.</summary>
    private static string Settings()
    {
        XElement project = XDocument.Load(Path.Combine(Sources, "Synfin.Core.csproj")).Root!;
        IEnumerable<string> Items(string name) => project.Descendants(name).Select(item => item.Attribute("Include")!.Value);
        return string.Concat(Items("Using").Select(name => $"global using {name};\n"))
            + string.Concat(Items("InternalsVisibleTo").Select(
                name => $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{name}\")]\n"))
            + $"[assembly: System.Reflection.AssemblyVersion(\"{typeof(Synfin.Stack.NetworkStack).Assembly.GetName().Version}\")]\n";
    }

    /// <summary>The program and what it needs, without the engine; without a list of files the host takes all that are there.</summary>
    private void CopyProgram()
    {
        string from = AppContext.BaseDirectory;
        HashSet<string> wanted = [.. Directory.GetFiles(from, "Synfin.*.dll"), Path.Combine(from, "Synfin.dll"),
            Path.Combine(from, "System.CommandLine.dll"), Path.Combine(from, "Spectre.Console.dll"),
            Path.Combine(from, "Synfin.Cli.runtimeconfig.json")];
        foreach (string file in wanted)
        {
            string name = Path.GetFileName(file);
            if (name is not "Synfin.Core.dll" && !name.Contains("Tests", StringComparison.Ordinal))
                File.Copy(file, Path.Combine(_folder, name), overwrite: true);
        }
    }

    private static bool IsReference(string file)
    {
        string name = Path.GetFileName(file);
        return (name.StartsWith("System.", StringComparison.Ordinal) || name is "mscorlib.dll" or "netstandard.dll")
            && !name.Contains("Native", StringComparison.Ordinal);
    }

    private static string? FindCompiler()
    {
        string sdks = Path.Combine(DotnetRoot, "sdk");
        return !Directory.Exists(sdks) ? null : Directory.GetDirectories(sdks)
            .OrderDescending(StringComparer.Ordinal)
            .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll"))
            .FirstOrDefault(File.Exists);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path.Combine(DotnetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetFullPath(Path.Combine(Sources, "..", "..")), // scripts are named from the root of the tree
        };
        start.ArgumentList.Add("exec");
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
            Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, await output + await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
