using System.Text.RegularExpressions;
using Synfin.Tidy.Tests.Tree;

namespace Synfin.Tidy.Tests.Traceability;

/// <summary>
/// The names by which documents speak of source files: [Output], or [Engine/ClosingTests] where several files are called alike. A file that
/// moves keeps its label; one that is gone leaves a label that leads nowhere, and a test fails.
/// </summary>
public sealed partial class FileLabels
{
    private readonly Dictionary<string, List<string>> _paths = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names the C# files among <paramref name="files"/>.</summary>
    public FileLabels(IEnumerable<SourceFile> files)
    {
        foreach (SourceFile file in files.Where(f => f.IsCSharp))
        {
            foreach (string name in Suffixes(file.Path))
            {
                if (!_paths.TryGetValue(name, out List<string>? paths)) _paths.Add(name, paths = []);
                paths.Add(file.Path);
            }
        }
    }

    /// <summary>The shortest end of the path, without ".cs", that no other file has.</summary>
    public string LabelOf(string path) => Suffixes(path).First(name => _paths[name].Count == 1);

    /// <summary>The path of a file, or null if none, or more than one, is called so.</summary>
    public string? PathOf(string label) => _paths.TryGetValue(label, out List<string>? paths) && paths.Count == 1 ? paths[0] : null;

    /// <summary>The labels that a text uses, each once, in their order.</summary>
    public static IReadOnlyList<string> UsedIn(string text) =>
        [.. Label().Matches(Code().Replace(text, "")).Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Suffixes(string path)
    {
        string[] parts = path[..^".cs".Length].Split('/');
        for (int from = parts.Length - 1; from >= 0; from--) yield return string.Join('/', parts[from..]);
    }

    // Neither a link with its target, [a](b), nor the definition of one, [a]: b.
    [GeneratedRegex(@"\[([A-Z][\w./-]*)\](?![(\[:])")]
    private static partial Regex Label();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex Code();
}
