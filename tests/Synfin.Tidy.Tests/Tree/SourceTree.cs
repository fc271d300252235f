namespace Synfin.Tidy.Tests.Tree;

/// <summary>The files of this repository.</summary>
public static class SourceTree
{
    private static readonly string[] _skippedFolders =
        ["bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", ".git", ".vs", ".idea"];

    private static readonly string[] _textFiles =
        [".cs", ".csproj", ".props", ".targets", ".slnx", ".json", ".md", ".txt", ".yml", ".sh", ".pkt",
        ".editorconfig", ".gitignore", "/run"];

    private static readonly Lazy<string> _root = new(FindRoot);
    private static readonly Lazy<IReadOnlyList<SourceFile>> _files = new(Read);

    /// <summary>The folder of Synfin.slnx.</summary>
    public static string Root => _root.Value;

    /// <summary>All text files, in the order of their paths.</summary>
    public static IReadOnlyList<SourceFile> Files => _files.Value;

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Synfin.slnx"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Synfin.slnx.");
    }

    private static List<SourceFile> Read() =>
        [.. Walk(new DirectoryInfo(Root))
            .Select(file => (file.FullName, Relative: Path.GetRelativePath(Root, file.FullName).Replace('\\', '/')))
            .Where(file => _textFiles.Any(end => file.Relative.EndsWith(end, StringComparison.Ordinal)))
            .OrderBy(file => file.Relative, StringComparer.Ordinal)
            .Select(file => new SourceFile(file.Relative, File.ReadAllText(file.FullName)))];

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(d => !_skippedFolders.Contains(d.Name)).SelectMany(Walk));
}
