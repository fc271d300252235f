namespace Synfin.Drill.Expressions;

/// <summary>Python's arithmetic: <c>/</c> has a fraction, <c>//</c> and <c>%</c> round down.</summary>
internal static class CodeArithmetic
{
    private const int Bits = 128;
    private const int Longest = 65_536;

    /// <summary>What two values and an operator come to.</summary>
    /// <exception cref="CodeProblemException">There is no such value, or it needs more than 128 bits.</exception>
    public static CodeValue Compute(string op, CodeValue left, CodeValue right, int line)
    {
        try
        {
            if (op == "%" && left.Kind == CodeKind.Text) return CodeValue.Of(CodeFormat.Format(left.Text, right));
            if (left.IsWhole && right.IsWhole && Whole(op, left.Integer, right.Integer) is { } whole) return whole;
            if (left.IsNumber && right.IsNumber && Real(op, left.Real, right.Real) is { } real) return CodeValue.Of(real);
            if (Joined(op, left, right) is { } joined) return joined;
        }
        catch (DivideByZeroException)
        {
            throw CodeProblemException.Failed(line, op, $"{left} {op} {right} divides by zero");
        }
        catch (OverflowException)
        {
            throw CodeProblemException.Unsupported(line, $"what '{op}' comes to is beyond {Bits} bits or {Longest} items");
        }

        throw CodeProblemException.Failed(line, op, $"{left} {op} {right} has no meaning ({left.Kind} and {right.Kind})");
    }

    /// <summary>Orders numbers, strings and lists.</summary>
    /// <exception cref="CodeProblemException">They have no order.</exception>
    public static int Compare(CodeValue left, CodeValue right, int line)
    {
        if (left.IsWhole && right.IsWhole) return left.Integer.CompareTo(right.Integer);
        if (left.IsNumber && right.IsNumber) return left.Real.CompareTo(right.Real);
        if (left.Kind == CodeKind.Text && right.Kind == CodeKind.Text) return string.CompareOrdinal(left.Text, right.Text);
        throw CodeProblemException.Failed(line, "<", $"{left} and {right} have no order ({left.Kind} and {right.Kind})");
    }

    private static CodeValue? Whole(string op, Int128 a, Int128 b)
    {
        checked
        {
            return op switch
            {
                "+" => CodeValue.Of(a + b),
                "-" => CodeValue.Of(a - b),
                "*" => CodeValue.Of(a * b),
                "/" => b == 0 ? throw new DivideByZeroException() : null,
                "//" => CodeValue.Of(FloorDivide(a, b)),
                "%" => CodeValue.Of(a - FloorDivide(a, b) * b),
                "**" => b >= 0 ? CodeValue.Of(Power(a, b)) : null,
                "<<" => CodeValue.Of(a * Power(2, b)),
                ">>" => CodeValue.Of(b < 0 ? throw new OverflowException() : a >> (int)Int128.Min(b, Bits - 1)),
                "&" => CodeValue.Of(a & b),
                "|" => CodeValue.Of(a | b),
                "^" => CodeValue.Of(a ^ b),
                _ => null,
            };
        }
    }

    private static Int128 FloorDivide(Int128 a, Int128 b)
    {
        Int128 quotient = a / b;
        return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    private static Int128 Power(Int128 value, Int128 exponent)
    {
        if (exponent < 0) throw new OverflowException();
        if (value is var v && (v == 0 || v == 1 || v == -1)) return exponent == 0 ? 1 : v == -1 && Int128.IsEvenInteger(exponent) ? 1 : v;
        if (exponent >= Bits) throw new OverflowException();
        Int128 result = 1;
        for (int i = 0; i < (int)exponent; i++) result = checked(result * value);
        return result;
    }

    private static double? Real(string op, double a, double b) => op switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" or "//" or "%" when b == 0 => throw new DivideByZeroException(),
        "/" => a / b,
        "//" => Math.Floor(a / b),
        "%" => a - Math.Floor(a / b) * b,
        "**" => Math.Pow(a, b),
        _ => null,
    };

    private static CodeValue? Joined(string op, CodeValue left, CodeValue right)
    {
        if (op == "+" && left.Kind == CodeKind.Text && right.Kind == CodeKind.Text)
        {
            if (left.Text.Length + right.Text.Length > Longest) throw new OverflowException();
            return CodeValue.Of(left.Text + right.Text);
        }

        if (op != "+" || left.Kind != CodeKind.List || right.Kind != CodeKind.List) return null;
        if (left.Items.Count + right.Items.Count > Longest) throw new OverflowException();
        return CodeValue.Of([.. left.Items, .. right.Items]);
    }
}
