using System.Text;

namespace Synfin.Captures.Ladders;

/// <summary>Breaks text into lines.</summary>
public static class WordWrap
{
    /// <summary>
    /// Lines of at most <paramref name="width"/>, broken between words; a number stays with its unit, and only a word that is longer than a
    /// line is broken within.
    /// </summary>
    public static IReadOnlyList<string> Lines(string text, int width)
    {
        List<string> lines = [];
        var line = new StringBuilder();
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            bool hasUnit = char.IsAsciiDigit(word[0]) && i + 1 < words.Length && word.Length + 1 + words[i + 1].Length <= width;
            if (hasUnit) word += " " + words[++i];
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line.ToString());
                line.Clear();
            }
            line.Append(line.Length > 0 ? " " : "").Append(word);
            for (; line.Length > width; line.Remove(0, width)) lines.Add(line.ToString(0, width));
        }
        if (line.Length > 0) lines.Add(line.ToString());
        return lines;
    }
}
