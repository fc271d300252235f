namespace Synfin.Drill.Language;

/// <summary>Operators between values, with C's precedence.</summary>
internal sealed partial class ScriptParser
{
    private const int MinimumOfResult = 1;

    private static int PrecedenceOf(string op) => op switch
    {
        "|" => 1,
        "^" => 2,
        "&" => 3,
        "<<" or ">>" => 4,
        "+" or "-" => 5,
        _ => 6,
    };

    /// <summary>Passes the operator that is next, if it binds tightly enough, or returns null.</summary>
    private string? TakeOperator(int minimum, bool inResult)
    {
        _lexer.SkipBlanks();
        string? op = _lexer.Current switch
        {
            '|' => "|",
            '^' => "^",
            '&' => "&",
            '<' when _lexer.Ahead(1) == '<' => "<<",
            '>' when _lexer.Ahead(1) == '>' => ">>",
            '+' when !inResult => "+",
            '-' when !inResult => "-",
            '*' when !inResult => "*",
            '/' when !inResult => "/",
            '%' when !inResult => "%",
            _ => null,
        };
        if (op is null || PrecedenceOf(op) < minimum) return null;
        _lexer.Position += op.Length;
        return op;
    }

    /// <summary>The number that two numbers make, in 64 bits; else the operation is kept.</summary>
    private ScriptValue Combine(string op, ScriptValue left, ScriptValue right)
    {
        if (left is not ScriptValue.Integer(var a) || right is not ScriptValue.Integer(var b))
            return new ScriptValue.Operation(op, left, right);
        if (op is "/" or "%" && b is 0 or -1 && (b == 0 || a == long.MinValue))
            throw _lexer.Error(_lexer.Line, $"{a} {op} {b} cannot be computed");
        return new ScriptValue.Integer(op switch
        {
            "|" => a | b,
            "^" => a ^ b,
            "&" => a & b,
            "<<" => a << (int)(b & 63),
            ">>" => a >> (int)(b & 63),
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            _ => a % b,
        });
    }
}
