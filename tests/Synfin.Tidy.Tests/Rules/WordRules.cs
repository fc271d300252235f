using System.Text.RegularExpressions;
using Synfin.Tidy.Tests.Tree;

namespace Synfin.Tidy.Tests.Rules;

/// <summary>What no line of the tree may say.</summary>
public static partial class WordRules
{
    /// <summary>No marks of unfinished work.</summary>
    public static IEnumerable<Finding> Unfinished(SourceFile file) =>
        Matches(file, UnfinishedMark(), "unfinished", m => $"'{m.Value}': finish it, or leave it out");

    /// <summary>No conditional code but for DEBUG.</summary>
    public static IEnumerable<Finding> Conditional(SourceFile file) =>
        Matches(file, ConditionOtherThanDebug(), "conditional", m => $"'{m.Value.Trim()}': one target, one code; only DEBUG may differ");

    /// <summary>Whoever silences a warning says why on the same line.</summary>
    public static IEnumerable<Finding> SilencedWarning(SourceFile file) =>
        Matches(file, UnexplainedSilence(), "silenced-warning", _ =>
            "say why on the same line: '// because ...', or Justification = \"...\"");

    /// <summary>Lines end with their last visible character.</summary>
    public static IEnumerable<Finding> TrailingWhitespace(SourceFile file) =>
        Matches(file, WhitespaceAtTheEnd(), "trailing-whitespace", _ => "whitespace at the end of the line");

    /// <summary>Files end with a newline, and with one only.</summary>
    public static IEnumerable<Finding> FinalNewline(SourceFile file)
    {
        bool ends = file.Text.EndsWith('\n') && !file.Text.EndsWith("\n\n", StringComparison.Ordinal);
        if (!ends) yield return file.At(file.Lines.Count, "final-newline", "the file ends with exactly one newline");
    }

    /// <summary>No path of a particular machine.</summary>
    public static IEnumerable<Finding> MachinePath(SourceFile file) =>
        Matches(file, PathOfOneMachine(), "machine-path", m => $"'{m.Value}' is a path of one machine");

    /// <summary>Documentation says something.</summary>
    public static IEnumerable<Finding> EmptySummary(SourceFile file) =>
        Matches(file, SummaryOfNothing(), "empty-summary", _ => "a summary that says nothing");

    private static IEnumerable<Finding> Matches(SourceFile file, Regex regex, string rule, Func<Match, string> problem)
    {
        for (int i = 0; i < file.Lines.Count; i++)
        {
            if (regex.Match(file.Lines[i]) is { Success: true } match) yield return file.At(i + 1, rule, problem(match));
        }
    }

    // The odd spelling, here and below: the pattern does not match its own source.
    [GeneratedRegex(@"\b(TOD[O]|FIXM[E]|HAC[K]|XX[X])\b|NotImplemente[d]Exception")]
    private static partial Regex UnfinishedMark();

    [GeneratedRegex(@"^\s*#(if|elif)\b(?!\s+!?DEBUG\s*$).*")]
    private static partial Regex ConditionOtherThanDebug();

    [GeneratedRegex(@"^\s*#pragma warning disable(?!.*//\s*\w)|^\s*\[(\w+:\s*)?SuppressMessage\((?!.*Justification)")]
    private static partial Regex UnexplainedSilence();

    [GeneratedRegex(@"[ \t\r]+$")]
    private static partial Regex WhitespaceAtTheEnd();

    [GeneratedRegex(@"(?<![\w.)\]])/(wor[k]|roo[t]|hom[e]/\w+|tmp/bash_job[s])/")]
    private static partial Regex PathOfOneMachine();

    [GeneratedRegex(@"<summary>\s*\S{0,3}\s*</summary>")]
    private static partial Regex SummaryOfNothing();
}
