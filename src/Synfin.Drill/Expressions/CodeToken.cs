namespace Synfin.Drill.Expressions;

/// <summary>A word of code.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As written; of a string, its value.</param>
/// <param name="Value">Of a number or string.</param>
/// <param name="Line">In the script.</param>
/// <param name="Start">Where it begins in the code.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct CodeToken(CodeTokenKind Kind, string Text, CodeValue Value, int Line, int Start, int End);

/// <summary>The kinds of words.</summary>
internal enum CodeTokenKind
{
    Name,

    /// <summary>A number or string.</summary>
    Literal,

    Operator,

    /// <summary>The end of a logical line.</summary>
    End,
}
