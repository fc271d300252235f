using System.Globalization;

namespace Synfin.Drill.Expressions;

/// <summary>A value in code, as Python has them; integers have 128 bits, so all of TCP_INFO's 64 bits are exact.</summary>
internal readonly struct CodeValue
{
    private readonly Int128 _integer;
    private readonly double _real;
    private readonly object? _reference;

    private CodeValue(CodeKind kind, Int128 integer, double real, object? reference)
    {
        Kind = kind;
        _integer = integer;
        _real = real;
        _reference = reference;
    }

    /// <summary><c>None</c></summary>
    public static CodeValue None => default;

    /// <summary>Which of the properties counts.</summary>
    public CodeKind Kind { get; }

    /// <summary>The number; a boolean is 0 or 1.</summary>
    public Int128 Integer => _integer;

    /// <summary>The number with a fraction, whatever kind of number it is.</summary>
    public double Real => Kind == CodeKind.Real ? _real : (double)_integer;

    /// <summary>The string.</summary>
    public string Text => (string)_reference!;

    /// <summary>The items of a list or tuple.</summary>
    public IReadOnlyList<CodeValue> Items => (IReadOnlyList<CodeValue>)_reference!;

    /// <summary>True for an integer and for a boolean, which counts as one.</summary>
    public bool IsWhole => Kind is CodeKind.Integer or CodeKind.Boolean;

    /// <summary>True for what arithmetic can be done with.</summary>
    public bool IsNumber => IsWhole || Kind == CodeKind.Real;

    /// <summary>What Python takes for true.</summary>
    public bool IsTrue => Kind switch
    {
        CodeKind.Text => Text.Length > 0,
        CodeKind.List => Items.Count > 0,
        CodeKind.Real => _real != 0,
        _ => _integer != 0,
    };

    /// <summary>An integer.</summary>
    public static CodeValue Of(Int128 value) => new(CodeKind.Integer, value, 0, null);

    /// <summary>An integer.</summary>
    public static CodeValue Of(long value) => Of((Int128)value);

    /// <summary>A boolean.</summary>
    public static CodeValue Of(bool value) => new(CodeKind.Boolean, value ? 1 : 0, 0, null);

    /// <summary>A number with a fraction.</summary>
    public static CodeValue Of(double value) => new(CodeKind.Real, 0, value, null);

    /// <summary>A string.</summary>
    public static CodeValue Of(string value) => new(CodeKind.Text, 0, 0, value);

    /// <summary>A list or tuple.</summary>
    public static CodeValue Of(IReadOnlyList<CodeValue> items) => new(CodeKind.List, 0, 0, items);

    /// <summary>Python's <c>==</c>: numbers by value, whatever their kinds.</summary>
    public bool IsEqualTo(CodeValue other)
    {
        if (IsWhole && other.IsWhole) return _integer == other._integer;
        if (IsNumber && other.IsNumber) return Real.Equals(other.Real);
        if (Kind != other.Kind) return false;
        return Kind switch
        {
            CodeKind.Text => Text == other.Text,
            CodeKind.List => Items.Count == other.Items.Count && Items.Zip(other.Items).All(pair => pair.First.IsEqualTo(pair.Second)),
            _ => true,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        CodeKind.None => "None",
        CodeKind.Boolean => _integer != 0 ? "True" : "False",
        CodeKind.Integer => _integer.ToString(CultureInfo.InvariantCulture),
        CodeKind.Real => _real.ToString("0.0###############", CultureInfo.InvariantCulture),
        CodeKind.Text => Text,
        _ => $"({string.Join(", ", Items)})",
    };
}
