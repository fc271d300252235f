using System.Text.RegularExpressions;
using Synfin.Packages.Tests.Support;

namespace Synfin.Packages.Tests;

/// <summary>What a user gets who has the packages and not the repository.</summary>
public sealed partial class TheInstalledPackages(PackedSolution solution)
{
    [Fact]
    public async Task Serve_a_test_of_a_new_project_and_the_code_of_their_readmes()
    {
        UserProject project = await UserProject.CreateAsync(solution);
        project.AddCode("TenLineTest.cs", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Assets", "TenLineTest.cs.txt")));
        foreach (string library in project.Libraries) project.AddReadme(library);

        string output = await project.TestAsync();
        Assert.Matches(@"(?m)^\s*Passed: [1-9]", output);
        Assert.Equal(project.Libraries.Order(StringComparer.OrdinalIgnoreCase), project.RestoredLibraries());
    }

    [Fact]
    public async Task Bring_a_tool_that_draws_a_handshake()
    {
        string folder = solution.MakeFolder("tool");
        await Command.DotnetAsync(
            folder, "tool", "install", "Synfin.Cli", "--version", solution.Version, "--tool-path", folder, "--source", solution.Packages);
        string synfin = Path.Combine(folder, OperatingSystem.IsWindows() ? "synfin.exe" : "synfin");

        Assert.Matches(@"^synfin \d+\.\d+\.\d+\n$", await Command.RunAsync(synfin, folder, "--version"));
        string ladder = await Command.RunAsync(synfin, folder, "demo", "handshake");
        Assert.Matches(OpeningSegment(), ladder);
        Assert.Contains("ESTABLISHED --> <SEQ=1><ACK=1><CTL=ACK>", ladder, StringComparison.Ordinal);
    }

    [GeneratedRegex("SYN-SENT +--> <SEQ=0><CTL=SYN> +--> SYN-RECEIVED")]
    private static partial Regex OpeningSegment();
}
