namespace Synfin.Drill.Expressions;

/// <summary>A statement.</summary>
/// <param name="Line">In the script.</param>
internal abstract record CodeStatement(int Line)
{
    public sealed record Assert(int Line, CodeNode Condition, CodeNode? Message) : CodeStatement(Line);

    /// <summary><c>name = value</c>, or <c>name op= value</c>.</summary>
    public sealed record Assignment(int Line, string Target, string? Operator, CodeNode Value) : CodeStatement(Line);

    /// <summary><c>if</c> with its block; <c>elif</c> is an <c>if</c> in the other block.</summary>
    public sealed record If(int Line, CodeNode Condition, IReadOnlyList<CodeStatement> Then, IReadOnlyList<CodeStatement> Else)
        : CodeStatement(Line);

    /// <summary>An expression for its own sake.</summary>
    public sealed record Evaluation(int Line, CodeNode Value) : CodeStatement(Line);
}
