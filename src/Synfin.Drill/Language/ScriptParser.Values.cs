using System.Globalization;
using System.Text;

namespace Synfin.Drill.Language;

/// <summary>Values: numbers, names, strings, pointers, structures, functions and what operators make of them.</summary>
internal sealed partial class ScriptParser
{
    private const int DeepestValue = 64;
    private int _depth;

    /// <summary>Values with commas between up to a closing bracket; a comma before it is allowed.</summary>
    private List<ScriptValue> ReadValues(string close, string what)
    {
        var values = new List<ScriptValue>();
        while (!_lexer.Take(close))
        {
            values.Add(ReadValue(what));
            if (!_lexer.Take(",") && !_lexer.Sees(close)) throw _lexer.Unexpected($"',' or '{close}' in {what}");
        }

        return values;
    }

    private ScriptValue ReadValue(string what, int minimum = 1)
    {
        ScriptValue left = ReadOperand(what, inResult: false);
        while (TakeOperator(minimum, inResult: false) is { } op)
            left = Combine(op, left, ReadValue($"a value after '{op}'", PrecedenceOf(op) + 1));
        return left;
    }

    private ScriptValue ReadOperand(string what, bool inResult)
    {
        if (++_depth > DeepestValue) throw _lexer.Error(_lexer.Line, $"values in one another, more than {DeepestValue} deep");
        _lexer.SkipBlanks();
        ScriptValue value = _lexer.Current switch
        {
            '"' => ReadString(),
            '\'' => ReadCharacter(),
            '[' => ReadList(),
            '{' => ReadStruct(),
            '(' => ReadParentheses(what),
            '-' or '~' or '!' or '&' => ReadUnary(inResult),
            '*' => ReadAny(),
            '.' when !char.IsAsciiDigit(_lexer.Ahead(1)) => ReadAny(),
            '.' => ReadNumberValue(),
            >= '0' and <= '9' => ReadNumberValue(),
            _ => ReadNameOrCall(what, inResult),
        };
        _depth--;
        return value;
    }

    /// <summary><c>...</c>, and <c>*</c> or <c>.</c> in its place.</summary>
    private ScriptValue.Ellipsis ReadAny()
    {
        if (!_lexer.Take("...")) _lexer.Position++;
        return new ScriptValue.Ellipsis();
    }

    private ScriptValue.List ReadList()
    {
        _lexer.Take("[");
        return new ScriptValue.List(ReadValues("]", "a list in brackets"));
    }

    private ScriptValue ReadUnary(bool inResult)
    {
        char op = _lexer.Current;
        _lexer.Position++;
        ScriptValue operand = ReadOperand($"a value after '{op}'", inResult);
        return (op, operand) switch
        {
            ('&', _) => operand, // the address of a value is written like a pointer to it
            ('-', ScriptValue.Integer number) => new ScriptValue.Integer(-number.Value),
            ('-', ScriptValue.Real number) => new ScriptValue.Real(-number.Value),
            ('~', ScriptValue.Integer number) => new ScriptValue.Integer(~number.Value),
            ('!', ScriptValue.Integer number) => new ScriptValue.Integer(number.Value == 0 ? 1 : 0),
            _ => new ScriptValue.Operation(op.ToString(), operand, null),
        };
    }

    /// <summary>Decimal, hexadecimal, octal with a leading 0, or with a point; C's suffixes are passed.</summary>
    private ScriptValue ReadNumberValue()
    {
        int start = _lexer.Position;
        bool isWhole = _lexer.TakeInteger(out long whole);
        string digits = _lexer.Slice(start, _lexer.Position);
        if (_lexer.Current == '.' && char.IsAsciiDigit(_lexer.Ahead(1)))
        {
            _lexer.Position++;
            while (char.IsAsciiDigit(_lexer.Current)) _lexer.Position++;
            return new ScriptValue.Real(double.Parse(_lexer.Slice(start, _lexer.Position), CultureInfo.InvariantCulture));
        }

        if (isWhole && digits.Length > 1 && digits[0] == '0' && digits.All(c => c is >= '0' and <= '7') && digits.Length < 22)
            whole = Convert.ToInt64(digits, 8);
        while (_lexer.Current is 'u' or 'U' or 'l' or 'L') _lexer.Position++;
        if (ScriptLexer.IsWordPart(_lexer.Current)) throw _lexer.Unexpected($"the end of the number {digits}");
        return new ScriptValue.Integer(whole);
    }

    private ScriptValue ReadNameOrCall(string what, bool inResult)
    {
        string name = _lexer.TakeWord() ?? throw _lexer.Unexpected(what);
        if (name is "struct" or "union") return new ScriptValue.Name($"{name} {_lexer.TakeWord() ?? throw _lexer.Unexpected("its name")}");
        if (inResult || !_lexer.Take("(")) return new ScriptValue.Name(name);
        return new ScriptValue.Call(name, ReadValues(")", $"the arguments of {name}"));
    }

    /// <summary><c>(value)</c>, or a cast, which is passed: <c>(struct sockaddr *)x</c>.</summary>
    private ScriptValue ReadParentheses(string what)
    {
        _lexer.Take("(");
        if (_lexer.SeeWord() is { } word && IsType(word))
        {
            while (_lexer.TakeWord() is not null || _lexer.Take("*")) { }
            _lexer.Expect(")", "after the type of a cast");
            return ReadOperand(what, inResult: false);
        }

        ScriptValue value = ReadValue(what);
        _lexer.Expect(")", "after a value in parentheses");
        return value;
    }

    private static bool IsType(string word) => word.EndsWith("_t", StringComparison.Ordinal)
        || word is "struct" or "union" or "const" or "unsigned" or "signed" or "char" or "short" or "int" or "long" or "void" or "u8"
            or "u16" or "u32" or "u64" or "__u32" or "__u64";

    /// <summary><c>{value, ...}</c> or <c>{name = value, ...}</c>; a name's count is passed: <c>msg_iov(1)=[...]</c>.</summary>
    private ScriptValue.Struct ReadStruct()
    {
        _lexer.Take("{");
        var fields = new List<ScriptValue.Field>();
        while (!_lexer.Take("}"))
        {
            fields.Add(ReadField());
            if (!_lexer.Take(",") && !_lexer.Sees("}")) throw _lexer.Unexpected("',' or '}' in a structure");
        }

        return new ScriptValue.Struct(fields);
    }

    private ScriptValue.Field ReadField()
    {
        if (_lexer.Sees(".") && ScriptLexer.IsWordStart(_lexer.Ahead(1))) _lexer.Take("."); // C's designator
        ScriptValue value = ReadValue("a structure's field");
        string? name = value switch
        {
            ScriptValue.Name named => named.Identifier,
            ScriptValue.Call counted => counted.Function,
            _ => null,
        };
        if (name is null || !_lexer.Sees("=") || _lexer.Ahead(1) == '=') return new ScriptValue.Field(null, value);
        _lexer.Take("=");
        return new ScriptValue.Field(name.ToLowerInvariant(), ReadValue($"the value of {name}"));
    }

    private ScriptValue.Text ReadString()
    {
        var text = new StringBuilder();
        while (_lexer.Take("\""))
        {
            while (_lexer.Current != '"') text.Append(ReadEscaped());
            _lexer.Position++;
        }

        return new ScriptValue.Text(text.ToString());
    }

    private ScriptValue.Integer ReadCharacter()
    {
        _lexer.Take("'");
        char c = ReadEscaped();
        _lexer.Expect("'", "after a character");
        return new ScriptValue.Integer(c);
    }

    /// <summary>A character of a string, with C's escapes.</summary>
    private char ReadEscaped()
    {
        char c = _lexer.Current;
        if (c == '\0' && _lexer.AtEnd()) throw _lexer.Unexpected("the end of a string");
        _lexer.Position++;
        if (c != '\\') return c;
        c = _lexer.Current;
        if (c == '\0' && _lexer.AtEnd()) throw _lexer.Unexpected("a character after '\\'");
        _lexer.Position++;
        return c switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'x' => (char)ReadDigits(0, 16, 2),
            >= '0' and <= '7' => (char)(byte)ReadDigits(c - '0', 8, 2),
            _ => c,
        };
    }

    private int ReadDigits(int value, int radix, int most)
    {
        for (; most > 0 && char.IsAsciiHexDigit(_lexer.Current); most--, _lexer.Position++)
        {
            int digit = Convert.ToInt32(_lexer.Current.ToString(), 16);
            if (digit >= radix) break;
            value = value * radix + digit;
        }

        return value;
    }
}
