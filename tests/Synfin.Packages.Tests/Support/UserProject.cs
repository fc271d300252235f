using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Synfin.Packages.Tests.Support;

/// <summary>A test project outside of the repository, made by `dotnet new`, that uses all the libraries as packages.</summary>
internal sealed partial class UserProject
{
    private const string Name = "UserTests";

    private static readonly string[] _testPackages = ["Microsoft.NET.Test.Sdk", "xunit.v3", "xunit.runner.visualstudio"];

    private readonly string _folder;
    private readonly string _cache;

    private UserProject(string folder, string cache)
    {
        _folder = folder;
        _cache = cache;
    }

    /// <summary>The packages that are libraries.</summary>
    public IReadOnlyList<string> Libraries { get; } = [.. Repository.Projects.Where(project => !Repository.IsTool(project))];

    /// <summary>A project with nothing but references.</summary>
    public static async Task<UserProject> CreateAsync(PackedSolution solution)
    {
        string folder = solution.MakeFolder(Name);
        var project = new UserProject(folder, solution.MakeFolder("cache"));
        await Command.DotnetAsync(
            folder, "new", "console", "--name", Name, "--output", ".", "--no-restore", "--debug:custom-hive", solution.MakeFolder("hive"));
        File.Delete(Path.Combine(folder, "Program.cs"));
        string machinesPackages = await Command.DotnetAsync(folder, "nuget", "locals", "global-packages", "--list");
        project.WriteSources(solution.Packages, machinesPackages.Split(": ", 2)[1].Trim());
        project.AddReferences(solution.Version);
        return project;
    }

    /// <summary>Adds a source file.</summary>
    public void AddCode(string name, string code) => File.WriteAllText(Path.Combine(_folder, name), code);

    /// <summary>Adds the C# of a library's README, as the body of a method.</summary>
    public void AddReadme(string library)
    {
        string readme = File.ReadAllText(Repository.PathOf(library, "README.md"));
        string[] parts = [.. CSharpBlock().Matches(readme).Select(m => m.Groups[1].Value)];
        Assert.True(parts.Length > 0, $"src/{library}/README.md shows no C#");
        for (int i = 0; i < parts.Length; i++)
        {
            string name = $"ReadmeOf{library.Replace(".", "", StringComparison.Ordinal)}{i}";
            IEnumerable<string> usings = UsingDirective().Matches(parts[i]).Select(m => m.Value);
            AddCode($"{name}.cs", $$"""
                {{string.Join('\n', usings)}}
                internal static class {{name}}
                {
                    public static async Task RunAsync()
                    {
                        await Task.CompletedTask;
                {{UsingDirective().Replace(parts[i], "")}}
                    }
                }
                """);
        }
    }

    /// <summary>Restores, builds and tests it; returns what was said.</summary>
    public Task<string> TestAsync() =>
        Command.DotnetAsync(_folder, "test", "--configuration", "Release", "--logger", "console;verbosity=normal");

    /// <summary>The packages of ours that were installed.</summary>
    public IEnumerable<string> RestoredLibraries() => Directory.EnumerateDirectories(_cache)
        .Select(package => Libraries.Single(l => l.Equals(Path.GetFileName(package), StringComparison.OrdinalIgnoreCase)))
        .Order(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The new packages are the only source and are unpacked into a cache of their own, which goes with the project. What else a test
    /// project needs, these tests needed too: it is read from the machine's cache, not downloaded again.
    /// </summary>
    private void WriteSources(string packages, string machinesPackages) => new XDocument(
        new XElement(
            "configuration",
            new XElement("packageSources", new XElement("clear"), Add("synfin", packages)),
            new XElement("packageSourceMapping", new XElement("clear")),
            new XElement("fallbackPackageFolders", Add("machine", machinesPackages)))).Save(Path.Combine(_folder, "nuget.config"));

    private void AddReferences(string version)
    {
        string path = Path.Combine(_folder, $"{Name}.csproj");
        var project = XDocument.Load(path);
        IEnumerable<(string Name, string Version)> references =
            [.. Libraries.Select(library => (library, version)), .. _testPackages.Select(name => (name, Repository.VersionOf(name)))];
        project.Root!.Add(new XElement(
            "PropertyGroup",
            new XElement("RestorePackagesPath", _cache),
            // As the body of a method a README's code has calls that nobody awaits, and functions that nobody calls.
            new XElement("NoWarn", "$(NoWarn);CS4014;CS8321")));
        project.Root.Add(new XElement("ItemGroup", references.Select(r =>
            new XElement("PackageReference", new XAttribute("Include", r.Name), new XAttribute("Version", r.Version)))));
        project.Save(path);
    }

    private static XElement Add(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(@"^using [\w.]+;$", RegexOptions.Multiline)]
    private static partial Regex UsingDirective();
}
