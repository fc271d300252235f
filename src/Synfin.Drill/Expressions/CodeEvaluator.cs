namespace Synfin.Drill.Expressions;

/// <summary>What expressions come to.</summary>
internal static class CodeEvaluator
{
    /// <summary>Evaluates an expression.</summary>
    /// <param name="node">The expression.</param>
    /// <param name="find">The value of a name, or null.</param>
    /// <exception cref="CodeProblemException">It has no value, here or in Python.</exception>
    public static CodeValue Evaluate(CodeNode node, Func<string, CodeValue?> find)
    {
        switch (node)
        {
            case CodeNode.Literal literal:
                return literal.Value;
            case CodeNode.Name name:
                return find(name.Identifier)
                    ?? throw CodeProblemException.Unsupported(name.Line, $"the name {name.Identifier} is not known");
            case CodeNode.Unary unary:
                return Unary(unary, Evaluate(unary.Operand, find));
            case CodeNode.Binary binary:
                return CodeArithmetic.Compute(binary.Operator, Evaluate(binary.Left, find), Evaluate(binary.Right, find), binary.Line);
            case CodeNode.Comparison comparison:
                return CodeValue.Of(Holds(comparison, find));
            case CodeNode.Logical logical:
                CodeValue left = Evaluate(logical.Left, find);
                return left.IsTrue == logical.IsAnd ? Evaluate(logical.Right, find) : left;
            case CodeNode.Conditional choice:
                return Evaluate(Evaluate(choice.Condition, find).IsTrue ? choice.Then : choice.Else, find);
            case CodeNode.List list:
                return CodeValue.Of([.. list.Items.Select(item => Evaluate(item, find))]);
            case CodeNode.Index index:
                return At(Evaluate(index.Target, find), Evaluate(index.Position, find), index.Line);
            case CodeNode.Call call:
                return CodeFunctions.Call(call.Function, [.. call.Arguments.Select(a => Evaluate(a, find))], call.Line);
            default:
                throw new System.Diagnostics.UnreachableException(node.GetType().Name);
        }
    }

    private static CodeValue Unary(CodeNode.Unary node, CodeValue value) => node.Operator switch
    {
        "not" => CodeValue.Of(!value.IsTrue),
        "~" when value.IsWhole => CodeValue.Of(~value.Integer),
        "-" or "+" when value.IsNumber => CodeArithmetic.Compute(node.Operator, CodeValue.Of(Int128.Zero), value, node.Line),
        _ => throw CodeProblemException.Failed(node.Line, node.Operator, $"'{node.Operator}' of {value} ({value.Kind}) has no meaning"),
    };

    private static bool Holds(CodeNode.Comparison comparison, Func<string, CodeValue?> find)
    {
        CodeValue left = Evaluate(comparison.First, find);
        foreach ((string op, CodeNode node) in comparison.Rest)
        {
            CodeValue right = Evaluate(node, find);
            if (!Holds(op, left, right, comparison.Line)) return false;
            left = right;
        }

        return true;
    }

    private static bool Holds(string op, CodeValue left, CodeValue right, int line) => op switch
    {
        "==" => left.IsEqualTo(right),
        "!=" => !left.IsEqualTo(right),
        "in" => Contains(right, left, line),
        "not in" => !Contains(right, left, line),
        "<" => CodeArithmetic.Compare(left, right, line) < 0,
        "<=" => CodeArithmetic.Compare(left, right, line) <= 0,
        ">" => CodeArithmetic.Compare(left, right, line) > 0,
        _ => CodeArithmetic.Compare(left, right, line) >= 0,
    };

    private static bool Contains(CodeValue whole, CodeValue part, int line) => whole.Kind switch
    {
        CodeKind.List => whole.Items.Any(part.IsEqualTo),
        CodeKind.Text when part.Kind == CodeKind.Text => whole.Text.Contains(part.Text, StringComparison.Ordinal),
        _ => throw CodeProblemException.Failed(line, "in", $"nothing is in {whole} ({whole.Kind})"),
    };

    private static CodeValue At(CodeValue whole, CodeValue position, int line)
    {
        int count = whole.Kind == CodeKind.List ? whole.Items.Count : whole.Kind == CodeKind.Text ? whole.Text.Length : -1;
        if (count < 0 || !position.IsWhole)
            throw CodeProblemException.Failed(line, "[]", $"{whole} ({whole.Kind}) has no place {position}");
        Int128 at = position.Integer < 0 ? position.Integer + count : position.Integer;
        if (at < 0 || at >= count) throw CodeProblemException.Failed(line, "[]", $"place {position} of {count} does not exist");
        return whole.Kind == CodeKind.List ? whole.Items[(int)at] : CodeValue.Of(whole.Text[(int)at].ToString());
    }
}
