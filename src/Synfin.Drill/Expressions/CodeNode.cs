namespace Synfin.Drill.Expressions;

/// <summary>An expression.</summary>
internal abstract record CodeNode
{
    /// <summary>As written.</summary>
    public string Source { get; init; } = "";

    public sealed record Literal(CodeValue Value) : CodeNode;

    public sealed record Name(string Identifier, int Line) : CodeNode;

    public sealed record Unary(string Operator, CodeNode Operand, int Line) : CodeNode;

    public sealed record Binary(string Operator, CodeNode Left, CodeNode Right, int Line) : CodeNode;

    /// <summary><c>a &lt; b &lt;= c</c>: all of them must hold.</summary>
    public sealed record Comparison(CodeNode First, IReadOnlyList<(string Operator, CodeNode Right)> Rest, int Line) : CodeNode;

    /// <summary><c>and</c> or <c>or</c>: the right operand only if needed.</summary>
    public sealed record Logical(bool IsAnd, CodeNode Left, CodeNode Right) : CodeNode;

    /// <summary><c>a if condition else b</c></summary>
    public sealed record Conditional(CodeNode Condition, CodeNode Then, CodeNode Else) : CodeNode;

    public sealed record List(IReadOnlyList<CodeNode> Items) : CodeNode;

    public sealed record Index(CodeNode Target, CodeNode Position, int Line) : CodeNode;

    /// <summary>A function, or a string's method with the string as first argument.</summary>
    public sealed record Call(string Function, IReadOnlyList<CodeNode> Arguments, int Line) : CodeNode;

    /// <summary>The expressions within.</summary>
    public IEnumerable<CodeNode> Parts => this switch
    {
        Unary n => [n.Operand],
        Binary n => [n.Left, n.Right],
        Comparison n => [n.First, .. n.Rest.Select(r => r.Right)],
        Logical n => [n.Left, n.Right],
        Conditional n => [n.Condition, n.Then, n.Else],
        List n => n.Items,
        Index n => [n.Target, n.Position],
        Call n => n.Arguments,
        _ => [],
    };
}
