using System.Reflection;
using System.Xml.Linq;

namespace Synfin.Packages.Tests.Support;

/// <summary>What the repository says of its packages.</summary>
internal static class Repository
{
    private static readonly Lazy<string> _root = new(FindRoot);

    /// <summary>The folder of Synfin.slnx.</summary>
    public static string Root => _root.Value;

    /// <summary>The configuration that these tests, and so the projects of src, are built in.</summary>
    public static string Configuration { get; } =
        typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>The names of the projects of src, each a package.</summary>
    public static IReadOnlyList<string> Projects { get; } =
    [
        .. Directory.EnumerateDirectories(Path.Combine(Root, "src"))
            .Select(folder => Path.GetFileName(folder)!)
            .Where(name => File.Exists(ProjectFile(name)) && !Values(name, "IsPackable").Contains("false"))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A file of a project of src.</summary>
    public static string PathOf(string project, string file) => Path.Combine(Root, "src", project, file);

    /// <summary>Whether a project's package is a tool, not a library.</summary>
    public static bool IsTool(string project) => Values(project, "PackAsTool").Contains("true");

    /// <summary>The projects that a project refers to itself.</summary>
    public static IEnumerable<string> ProjectsUsedBy(string project) => XDocument.Load(ProjectFile(project))
        .Descendants("ProjectReference")
        .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));

    /// <summary>The packages from elsewhere that a project needs when it runs, not only when it is built.</summary>
    public static IEnumerable<string> PackagesUsedBy(string project) => XDocument.Load(ProjectFile(project))
        .Descendants("PackageReference")
        .Where(reference => (string?)reference.Attribute("PrivateAssets") != "all")
        .Select(reference => (string)reference.Attribute("Include")!);

    /// <summary>The version of a package from elsewhere, which the whole repository uses.</summary>
    public static string VersionOf(string package) => XDocument.Load(Path.Combine(Root, "Directory.Packages.props"))
        .Descendants("PackageVersion")
        .Where(version => (string?)version.Attribute("Include") == package)
        .Select(version => (string)version.Attribute("Version")!)
        .Single();

    private static string ProjectFile(string project) => PathOf(project, $"{project}.csproj");

    private static IEnumerable<string> Values(string project, string property) =>
        XDocument.Load(ProjectFile(project)).Descendants(property).Select(element => element.Value);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Synfin.slnx"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Synfin.slnx.");
    }
}
