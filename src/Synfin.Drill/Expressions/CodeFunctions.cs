using System.Globalization;

namespace Synfin.Drill.Expressions;

/// <summary>The functions that code can call.</summary>
internal static class CodeFunctions
{
    /// <summary>Calls a function; a method's name begins with a dot and its object is the first argument.</summary>
    /// <exception cref="CodeProblemException">There is no such function, or not for these arguments.</exception>
    public static CodeValue Call(string name, IReadOnlyList<CodeValue> arguments, int line)
    {
        CodeValue first = arguments.Count > 0 ? arguments[0] : default;
        return name switch
        {
            "abs" when arguments.Count == 1 && first.IsNumber =>
                first.Real >= 0 ? first : CodeArithmetic.Compute("-", CodeValue.Of(0), first, line),
            "min" or "max" when arguments.Count == 1 && first.Kind == CodeKind.List => Extreme(first.Items, name == "max", line),
            "min" or "max" when arguments.Count > 1 => Extreme(arguments, name == "max", line),
            "int" or "long" when arguments.Count is 1 or 2 && Whole(arguments) is { } whole => CodeValue.Of(whole),
            "float" when arguments.Count == 1 && first.IsNumber => CodeValue.Of(first.Real),
            "round" when arguments.Count == 1 && first.IsNumber => CodeValue.Of((Int128)Math.Round(first.Real)),
            "bool" when arguments.Count == 1 => CodeValue.Of(first.IsTrue),
            "str" or "repr" when arguments.Count == 1 => CodeValue.Of(first.ToString()),
            "hex" when arguments.Count == 1 && first.IsWhole => CodeValue.Of($"0x{first.Integer:x}"),
            "len" when first.Kind == CodeKind.Text => CodeValue.Of(first.Text.Length),
            "len" when first.Kind == CodeKind.List => CodeValue.Of(first.Items.Count),
            "tuple" or "list" when first.Kind == CodeKind.List => first,
            ".format" when first.Kind == CodeKind.Text => CodeValue.Of(CodeFormat.Fill(first.Text, [.. arguments.Skip(1)])),
            _ => throw CodeProblemException.Unsupported(
                line, $"the code calls {name.TrimStart('.')}({string.Join(", ", arguments)}), which is not known"),
        };
    }

    private static CodeValue Extreme(IReadOnlyList<CodeValue> values, bool isLargest, int line)
    {
        if (values.Count == 0) throw CodeProblemException.Failed(line, "min, max", "nothing is the least or the most of nothing");
        CodeValue best = values[0];
        foreach (CodeValue value in values)
        {
            int order = CodeArithmetic.Compare(value, best, line);
            if (isLargest ? order > 0 : order < 0) best = value;
        }

        return best;
    }

    private static Int128? Whole(IReadOnlyList<CodeValue> arguments)
    {
        CodeValue value = arguments[0];
        if (value.IsWhole) return value.Integer;
        if (value.Kind == CodeKind.Real) return Math.Abs(value.Real) < 1e30 ? (Int128)value.Real : null;
        if (value.Kind != CodeKind.Text) return null;
        bool isHex = arguments.Count == 2 && arguments[1].IsWhole && arguments[1].Integer == 16;
        string text = isHex && value.Text.StartsWith("0x", StringComparison.Ordinal) ? value.Text[2..] : value.Text;
        NumberStyles style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.Integer;
        return Int128.TryParse(text, style, CultureInfo.InvariantCulture, out Int128 number) ? number : null;
    }
}
