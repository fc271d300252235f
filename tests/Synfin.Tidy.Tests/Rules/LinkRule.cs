using System.Text.RegularExpressions;
using Synfin.Tidy.Tests.Tree;

namespace Synfin.Tidy.Tests.Rules;

/// <summary>Links of Markdown files to files of the tree, and to headings in them, lead somewhere.</summary>
public static partial class LinkRule
{
    /// <summary>Checks one Markdown file that lies in <paramref name="root"/>.</summary>
    public static IEnumerable<Finding> Check(SourceFile file, string root)
    {
        bool inCode = false;
        for (int i = 0; i < file.Lines.Count; i++)
        {
            if (file.Lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal)) inCode = !inCode;
            if (inCode) continue;
            foreach (Match match in Link().Matches(InlineCode().Replace(file.Lines[i], "")))
            {
                string target = match.Groups[1].Value;
                if (!IsElsewhere(target) && Problem(file, target, root) is { } problem) yield return file.At(i + 1, "link", problem);
            }
        }
    }

    private static bool IsElsewhere(string target) =>
        target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal);

    private static string? Problem(SourceFile file, string target, string root)
    {
        string[] parts = target.Split('#', 2);
        bool toItself = parts[0].Length == 0;
        string path = Path.GetFullPath(Path.Combine(root, Path.GetDirectoryName(file.Path)!, Uri.UnescapeDataString(parts[0])));
        if (!toItself && !File.Exists(path) && !Directory.Exists(path)) return $"'{target}' leads to no file";
        if (parts.Length < 2 || !(toItself || path.EndsWith(".md", StringComparison.Ordinal))) return null;
        string text = toItself ? file.Text : File.ReadAllText(path);
        return text.Split('\n').Any(line => line.StartsWith('#') && Anchor(line) == parts[1]) ? null : $"'{target}' leads to no heading";
    }

    /// <summary>The anchor of a heading, as the usual renderers make it: lower case, spaces to '-', other marks dropped.</summary>
    private static string Anchor(string heading) => NotInAnchors()
        .Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "")
        .Replace(' ', '-');

    [GeneratedRegex(@"\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
