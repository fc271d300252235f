using System;
using System.Collections.Generic;
using System.IO;

namespace Synfin.Drill.Reporting;

/// <summary>Finds the scripts that paths name: files as they are, and of folders all <c>*.pkt</c> below them in ordinal order.</summary>
internal static class ScriptFinder
{
    private const string Pattern = "*.pkt";

    /// <summary>The scripts, each once, in the order of the paths.</summary>
    /// <exception cref="DrillUsageException">A path does not exist, or a folder has no scripts.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths)
    {
        List<string> found = [];
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            foreach (string script in Expand(path))
            {
                if (known.Add(Path.GetFullPath(script))) found.Add(script);
            }
        }
        return found;
    }

    private static string[] Expand(string path)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) throw new DrillUsageException($"there is no file or folder '{path}'");
        string[] scripts = Directory.GetFiles(path, Pattern, SearchOption.AllDirectories);
        if (scripts.Length == 0) throw new DrillUsageException($"the folder '{path}' has no scripts ({Pattern})");
        for (int i = 0; i < scripts.Length; i++) scripts[i] = scripts[i].Replace('\\', '/');
        Array.Sort(scripts, string.CompareOrdinal);
        return scripts;
    }
}
