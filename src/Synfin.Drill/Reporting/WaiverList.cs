using System;
using System.Collections.Generic;
using System.IO;

namespace Synfin.Drill.Reporting;

/// <summary>Scripts that may fail, each with its reason: lines of <c>path: reason</c>; <c>#</c> begins a comment.</summary>
internal sealed class WaiverList
{
    private readonly List<(string Path, string Reason)> _waivers = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>No waivers.</summary>
    public static WaiverList None => new();

    /// <summary>Reads a file.</summary>
    /// <exception cref="DrillUsageException">It cannot be read, or a line has no reason.</exception>
    public static WaiverList Read(string file)
    {
        try
        {
            return Parse(file, File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DrillUsageException($"the waivers cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="DrillUsageException">A line has no reason, or a path is there twice.</exception>
    public static WaiverList Parse(string file, string text)
    {
        var list = new WaiverList();
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon <= 0) throw new DrillUsageException($"{file}:{i + 1}: a waiver is 'path: reason', not '{line}'");
            string path = line[..colon].Trim();
            if (list._waivers.Exists(w => w.Path == path)) throw new DrillUsageException($"{file}:{i + 1}: '{path}' is waived twice");
            list._waivers.Add((path, line[(colon + 2)..].Trim()));
        }
        return list;
    }

    /// <summary>The reason for which a script may fail; null if it may not. A waiver's path may leave out folders at the front.</summary>
    public string? ReasonFor(string script)
    {
        string path = script.Replace('\\', '/');
        foreach ((string waived, string reason) in _waivers)
        {
            if (path != waived && !path.EndsWith("/" + waived, StringComparison.Ordinal)) continue;
            _used.Add(waived);
            return reason;
        }
        return null;
    }

    /// <summary>The waivers that no script has asked for.</summary>
    public IEnumerable<string> Unused
    {
        get
        {
            foreach ((string path, string _) in _waivers)
            {
                if (!_used.Contains(path)) yield return path;
            }
        }
    }
}
