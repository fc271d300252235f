namespace Synfin.Drill.Expressions;

/// <summary>Reads the statements of code. What Python has beyond them is told by name: such a script is skipped.</summary>
internal sealed partial class CodeParser
{
    private static readonly HashSet<string> _unsupported =
    [
        "import", "from", "for", "while", "def", "class", "try", "with", "raise", "return", "del", "global", "lambda", "yield", "exec",
    ];

    private readonly string _code;
    private readonly IReadOnlyList<CodeLine> _lines;
    private int _line;
    private int _token;

    private CodeParser(string code, IReadOnlyList<CodeLine> lines) => (_code, _lines) = (code, lines);

    private CodeToken Current => _lines[_line].Tokens[_token];

    /// <summary>Reads code.</summary>
    /// <exception cref="CodeProblemException">It holds what is not understood.</exception>
    public static IReadOnlyList<CodeStatement> Parse(string code, int line)
    {
        var parser = new CodeParser(code, CodeLexer.Read(code, line));
        var statements = new List<CodeStatement>();
        while (parser._line < parser._lines.Count) parser.ReadLine(statements);
        return statements;
    }

    /// <summary>The lines further right than the line that a block belongs to.</summary>
    private List<CodeStatement> ReadBlock(int indent, int headLine)
    {
        var statements = new List<CodeStatement>();
        Enter(headLine);
        while (_line < _lines.Count && _lines[_line].Indent > indent) ReadLine(statements);
        Leave();
        return statements.Count > 0 ? statements : throw CodeProblemException.Unsupported(headLine, "a block without indented lines");
    }

    private void ReadLine(List<CodeStatement> statements)
    {
        if (Current.Text == "if" && Current.Kind == CodeTokenKind.Name) statements.Add(ReadIf());
        else ReadSimple(statements);
    }

    private CodeStatement.If ReadIf()
    {
        int line = Current.Line;
        int indent = _lines[_line].Indent;
        Next();
        CodeNode condition = ReadExpression();
        List<CodeStatement> then = ReadSuite(indent, line);
        List<CodeStatement> otherwise = [];
        if (_line < _lines.Count && _lines[_line].Indent == indent && Current.Kind == CodeTokenKind.Name)
        {
            if (Current.Text == "elif") otherwise = [ReadNestedIf(line)];
            else if (Current.Text == "else")
            {
                Next();
                otherwise = ReadSuite(indent, line);
            }
        }

        return new CodeStatement.If(line, condition, then, otherwise);
    }

    private CodeStatement.If ReadNestedIf(int line)
    {
        Enter(line);
        CodeStatement.If nested = ReadIf();
        Leave();
        return nested;
    }

    /// <summary>What a colon introduces: the line's rest, or an indented block.</summary>
    private List<CodeStatement> ReadSuite(int indent, int line)
    {
        Expect(":");
        if (Current.Kind == CodeTokenKind.End)
        {
            EndLine();
            return ReadBlock(indent, line);
        }

        var statements = new List<CodeStatement>();
        ReadSimple(statements);
        return statements;
    }

    /// <summary>Statements with semicolons between, to the line's end.</summary>
    private void ReadSimple(List<CodeStatement> statements)
    {
        while (Current.Kind != CodeTokenKind.End)
        {
            if (Take(";")) continue;
            if (ReadStatement() is { } statement) statements.Add(statement);
            if (Current.Kind != CodeTokenKind.End && Current.Text != ";")
                throw CodeProblemException.Unsupported(Current.Line, $"'{Current.Text}' in code where a statement ends");
        }

        EndLine();
    }

    private void EndLine()
    {
        _line++;
        _token = 0;
    }

    private CodeStatement? ReadStatement()
    {
        CodeToken first = Current;
        if (first.Kind != CodeTokenKind.Name) return new CodeStatement.Evaluation(first.Line, ReadExpressions());
        if (_unsupported.Contains(first.Text))
            throw CodeProblemException.Unsupported(first.Line, $"the code has a '{first.Text}' statement");
        switch (first.Text)
        {
            case "assert":
                Next();
                CodeNode condition = ReadExpression();
                return new CodeStatement.Assert(first.Line, condition, Take(",") ? ReadExpressions() : null);
            case "print":
                while (Current.Kind != CodeTokenKind.End && Current.Text != ";") Next();
                return null;
            case "pass":
                Next();
                return null;
        }

        CodeStatement? assignment = ReadAssignment(first);
        return assignment ?? new CodeStatement.Evaluation(first.Line, ReadExpressions());
    }

    private CodeStatement.Assignment? ReadAssignment(CodeToken name)
    {
        CodeToken op = _lines[_line].Tokens[_token + 1];
        bool isAssignment = op.Kind == CodeTokenKind.Operator && op.Text.EndsWith('=') && op.Text is not ("==" or "!=" or "<=" or ">=");
        if (!isAssignment) return null;
        Next();
        Next();
        return new CodeStatement.Assignment(name.Line, name.Text, op.Text.Length > 1 ? op.Text[..^1] : null, ReadExpressions());
    }

    private void Next() => _token++;

    private bool Take(string text)
    {
        if (Current.Kind is not (CodeTokenKind.Operator or CodeTokenKind.Name) || Current.Text != text) return false;
        _token++;
        return true;
    }

    private void Expect(string text)
    {
        if (!Take(text)) throw CodeProblemException.Unsupported(Current.Line, $"expected '{text}' in code, but '{Current.Text}' comes");
    }
}
