namespace Synfin.Drill.Expressions;

/// <summary>Expressions, with Python's precedence.</summary>
internal sealed partial class CodeParser
{
    private const int Deepest = 64;
    private static readonly string[][] _levels = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%"]];
    private static readonly HashSet<string> _comparisons = ["==", "!=", "<>", "<", "<=", ">", ">="];
    private int _depth;

    /// <summary>An expression, or several with commas between, which are a tuple.</summary>
    private CodeNode ReadExpressions()
    {
        CodeNode first = ReadExpression();
        if (Current.Text != "," || Current.Kind != CodeTokenKind.Operator) return first;
        var items = new List<CodeNode> { first };
        while (Take(","))
        {
            if (Current.Kind == CodeTokenKind.End || Current.Text is ")" or ";") break;
            items.Add(ReadExpression());
        }

        return new CodeNode.List(items);
    }

    private CodeNode ReadExpression()
    {
        Enter(Current.Line);
        int start = Current.Start;
        CodeNode node = ReadOr();
        if (Take("if"))
        {
            CodeNode condition = ReadOr();
            Expect("else");
            node = new CodeNode.Conditional(condition, node, ReadExpression());
        }

        Leave();
        return Sourced(node, start);
    }

    private CodeNode Sourced(CodeNode node, int start) =>
        node with { Source = _code[start..(_token > 0 ? _lines[_line].Tokens[_token - 1].End : start)] };

    private CodeNode ReadOr()
    {
        CodeNode left = ReadAnd();
        while (Take("or")) left = new CodeNode.Logical(IsAnd: false, left, ReadAnd());
        return left;
    }

    private CodeNode ReadAnd()
    {
        CodeNode left = ReadNot();
        while (Take("and")) left = new CodeNode.Logical(IsAnd: true, left, ReadNot());
        return left;
    }

    private CodeNode ReadNot()
    {
        CodeToken first = Current;
        if (!Take("not")) return Sourced(ReadComparison(), first.Start);
        Enter(first.Line);
        CodeNode operand = ReadNot();
        Leave();
        return Sourced(new CodeNode.Unary("not", operand, first.Line), first.Start);
    }

    private CodeNode ReadComparison()
    {
        int line = Current.Line;
        CodeNode first = ReadBinary(0);
        var rest = new List<(string, CodeNode)>();
        while (TakeComparison() is { } op) rest.Add((op, ReadBinary(0)));
        return rest.Count == 0 ? first : new CodeNode.Comparison(first, rest, line);
    }

    private string? TakeComparison()
    {
        if (Current.Kind == CodeTokenKind.Operator && _comparisons.Contains(Current.Text))
        {
            string op = Current.Text;
            Next();
            return op == "<>" ? "!=" : op;
        }

        if (Take("in")) return "in";
        if (Take("is")) return Take("not") ? "!=" : "==";
        if (!Take("not")) return null;
        Expect("in");
        return "not in";
    }

    private CodeNode ReadBinary(int level)
    {
        if (level == _levels.Length) return ReadUnary();
        CodeNode left = ReadBinary(level + 1);
        while (Current.Kind == CodeTokenKind.Operator && _levels[level].Contains(Current.Text))
        {
            CodeToken op = Current;
            Next();
            left = new CodeNode.Binary(op.Text, left, ReadBinary(level + 1), op.Line);
        }

        return left;
    }

    private CodeNode ReadUnary()
    {
        CodeToken first = Current;
        if (first.Kind == CodeTokenKind.Operator && first.Text is "-" or "+" or "~")
        {
            Next();
            Enter(first.Line);
            CodeNode operand = ReadUnary();
            Leave();
            return new CodeNode.Unary(first.Text, operand, first.Line);
        }

        CodeNode left = ReadPostfix();
        if (!Take("**")) return left;
        Enter(first.Line);
        CodeNode exponent = ReadUnary();
        Leave();
        return new CodeNode.Binary("**", left, exponent, first.Line);
    }

    private CodeNode ReadPostfix()
    {
        CodeNode node = ReadPrimary();
        while (true)
        {
            CodeToken token = Current;
            if (Take("["))
            {
                node = new CodeNode.Index(node, ReadExpression(), token.Line);
                Expect("]");
            }
            else if (Take("."))
            {
                string method = Current.Text;
                if (Current.Kind != CodeTokenKind.End) Next();
                if (Current.Text != "(") throw CodeProblemException.Unsupported(token.Line, $"the code has an attribute, '.{method}'");
                node = new CodeNode.Call($".{method}", [node, .. ReadArguments()], token.Line);
            }
            else if (token is { Kind: CodeTokenKind.Operator, Text: "(" } && node is CodeNode.Name function)
                node = new CodeNode.Call(function.Identifier, ReadArguments(), token.Line);
            else return node;
        }
    }

    private List<CodeNode> ReadArguments()
    {
        Expect("(");
        return ReadItems(")");
    }

    private List<CodeNode> ReadItems(string close)
    {
        var items = new List<CodeNode>();
        while (!Take(close))
        {
            items.Add(ReadExpression());
            if (!Take(",") && Current.Text != close) Expect(close);
        }

        return items;
    }

    private CodeNode ReadPrimary()
    {
        CodeToken token = Current;
        if (token.Kind == CodeTokenKind.End)
            throw CodeProblemException.Unsupported(token.Line, "the code's line ends where a value is expected");
        Next();
        if (token.Kind == CodeTokenKind.Literal) return ReadLiteral(token);
        if (token.Kind == CodeTokenKind.Name) return ReadName(token);
        if (token.Text == "[") return new CodeNode.List(ReadItems("]"));
        if (token.Text != "(") throw CodeProblemException.Unsupported(token.Line, $"the code has '{token.Text}' where a value is expected");
        if (Take(")")) return new CodeNode.List([]);
        CodeNode inner = ReadExpressions();
        Expect(")");
        return inner;
    }

    /// <summary>A number, or strings, of which adjacent ones are one.</summary>
    private CodeNode.Literal ReadLiteral(CodeToken token)
    {
        CodeValue value = token.Value;
        if (value.Kind == CodeKind.Text)
        {
            var text = new System.Text.StringBuilder(value.Text);
            for (; Current is { Kind: CodeTokenKind.Literal, Value.Kind: CodeKind.Text }; Next()) text.Append(Current.Value.Text);
            value = CodeValue.Of(text.ToString());
        }

        return new CodeNode.Literal(value);
    }

    private static CodeNode ReadName(CodeToken token) => token.Text switch
    {
        "True" => new CodeNode.Literal(CodeValue.Of(true)),
        "False" => new CodeNode.Literal(CodeValue.Of(false)),
        "None" => new CodeNode.Literal(CodeValue.None),
        "and" or "or" or "not" or "in" or "is" or "if" or "else" or "lambda" =>
            throw CodeProblemException.Unsupported(token.Line, $"the code has '{token.Text}' where a value is expected"),
        _ => new CodeNode.Name(token.Text, token.Line),
    };

    private void Enter(int line)
    {
        if (++_depth > Deepest) throw CodeProblemException.Unsupported(line, $"code with more than {Deepest} levels");
    }

    private void Leave() => _depth--;
}
