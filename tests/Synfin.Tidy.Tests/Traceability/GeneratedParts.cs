using System.Text.RegularExpressions;

namespace Synfin.Tidy.Tests.Traceability;

/// <summary>The parts of a document between "generated" and "end" marks: a program writes them, people write the rest.</summary>
public static partial class GeneratedParts
{
    /// <summary>The document with its parts written anew.</summary>
    /// <param name="document">The document as it is.</param>
    /// <param name="write">Gives a part's text by its name, without a newline at its end.</param>
    public static string Update(string document, Func<string, string> write) => Part()
        .Replace(document, m => $"{m.Groups[1].Value}\n{write(m.Groups[2].Value)}\n{m.Groups[3].Value}");

    /// <summary>What people wrote, and the marks.</summary>
    public static string WithoutThem(string document) => Update(document, _ => "");

    [GeneratedRegex(@"^(<!-- generated: ([\w-]+) -->)\n.*?^(<!-- end -->)$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Part();
}
