using System.Runtime.CompilerServices;
using Xunit;

namespace Synfin.Cli.Tests.Http;

/// <summary>The README is a promise: what it shows is what runs.</summary>
[Collection(HttpWorlds.Name)]
public sealed class ReadmeTests
{
    [Fact]
    public async Task Its_first_command_prints_what_it_shows()
    {
        CommandLineRun run = await CommandLineRun.Of("demo");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("```\n" + run.Output + "```\n", Readme(), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_test_against_a_reset_is_the_one_that_the_packages_are_tested_with()
    {
        string asset = File.ReadAllText(Path.Combine(Root(), "tests", "Synfin.Packages.Tests", "Assets", "TenLineTest.cs.txt"));
        string shown = asset.Replace("using Xunit;\n", "", StringComparison.Ordinal); // the template imports it
        Assert.Contains("```csharp\n" + shown + "```\n", Readme(), StringComparison.Ordinal);
    }

    private static string Readme() => File.ReadAllText(Path.Combine(Root(), "README.md"));

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(path, "..", "..", "..", ".."));
}
