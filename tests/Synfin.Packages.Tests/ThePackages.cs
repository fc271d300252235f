using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Synfin.Packages.Tests.Support;

namespace Synfin.Packages.Tests;

/// <summary>What is in the packages that `dotnet pack` makes.</summary>
public sealed class ThePackages(PackedSolution solution)
{
    public static TheoryData<string> Projects => [.. Repository.Projects];

    public static TheoryData<string> Libraries => [.. Repository.Projects.Where(project => !Repository.IsTool(project))];

    [Fact]
    public void Are_the_projects_of_src_each_with_its_symbols_and_no_other()
    {
        IEnumerable<string> expected = Repository.Projects
            .SelectMany(project => new[] { $"{project}.{solution.Version}.nupkg", $"{project}.{solution.Version}.snupkg" });
        IEnumerable<string> made = Directory.EnumerateFiles(solution.Packages).Select(file => Path.GetFileName(file)!);
        Assert.Equal(expected.Order(StringComparer.Ordinal), made.Order(StringComparer.Ordinal));
        Assert.Superset(
            new HashSet<string> { "Synfin", "Synfin.Captures", "Synfin.Cli", "Synfin.Core", "Synfin.Linux", "Synfin.Simulation" },
            new HashSet<string>(Repository.Projects));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Say_what_they_are_and_under_which_licence(string project)
    {
        using PackageFile package = solution.Open(project);
        Assert.Equal(project, package["id"]);
        Assert.Equal(solution.Version, package["version"]);
        Assert.Equal("MIT", package["license"]);
        Assert.Equal("expression", (string?)package.Elements("license").Single().Attribute("type"));
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "LICENSE")), package.Text("LICENSE"));
        Assert.NotEqual("Package Description", package["description"]);
        Assert.Contains("tcp", package["tags"]!.Split(' '));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Carry_a_readme_of_their_own(string project)
    {
        using PackageFile package = solution.Open(project);
        Assert.Equal("README.md", package["readme"]);
        string readme = package.Text("README.md");
        Assert.Equal(File.ReadAllText(Repository.PathOf(project, "README.md")), readme);
        Assert.StartsWith($"# {project}\n", readme);
        // A registry shows the file alone: a path into the repository would lead nowhere there.
        Assert.DoesNotContain("](", readme.Replace("](https://", "", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Carry_the_documentation_of_their_assembly(string project)
    {
        using PackageFile package = solution.Open(project);
        var documentation = XDocument.Parse(package.Text($"{FolderOf(project)}/{project}.xml"));
        Assert.Equal(project, documentation.Descendants("assembly").Single().Element("name")!.Value);
        Assert.NotEmpty(documentation.Descendants("summary"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Have_the_symbols_of_the_very_assembly_beside_them(string project)
    {
        using PackageFile package = solution.Open(project);
        using PackageFile symbols = solution.OpenSymbols(project);
        string path = $"{FolderOf(project)}/{project}";
        using var assembly = new PEReader(new MemoryStream(package.Bytes($"{path}.dll")));
        using var pdb = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols.Bytes($"{path}.pdb")));

        DebugDirectoryEntry entry = assembly.ReadDebugDirectory().Single(e => e.Type == DebugDirectoryEntryType.CodeView);
        var identity = new BlobContentId(pdb.GetMetadataReader().DebugMetadataHeader!.Id);
        Assert.Equal(assembly.ReadCodeViewDebugDirectoryData(entry).Guid, identity.Guid);
        Assert.Equal(entry.Stamp, identity.Stamp);
        Assert.Equal([".nuspec", ".pdb"], symbols.Files.Select(file => Path.GetExtension(file)).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Need_what_their_project_refers_to_in_the_same_version(string project)
    {
        using PackageFile package = solution.Open(project);
        IEnumerable<string> needed = package.Elements("dependency")
            .Select(e => $"{(string?)e.Attribute("id")} {(string?)e.Attribute("version")}");
        IEnumerable<string> referred =
        [
            .. Repository.ProjectsUsedBy(project).Select(name => $"{name} {solution.Version}"),
            .. Repository.PackagesUsedBy(project).Select(name => $"{name} {Repository.VersionOf(name)}"),
        ];
        Assert.Equal(referred.Order(StringComparer.Ordinal), needed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Have_one_tool_whose_command_is_synfin()
    {
        string tool = Assert.Single(Repository.Projects, Repository.IsTool);
        using PackageFile package = solution.Open(tool);
        Assert.Equal("DotnetTool", (string?)package.Elements("packageType").Single().Attribute("name"));
        Assert.Empty(package.Elements("dependency"));
        var settings = XDocument.Parse(package.Text($"{FolderOf(tool)}/DotnetToolSettings.xml"));
        Assert.Equal("synfin", (string?)settings.Descendants("Command").Single().Attribute("Name"));
    }

    private static string FolderOf(string project) => Repository.IsTool(project) ? "tools/net10.0/any" : "lib/net10.0";
}
