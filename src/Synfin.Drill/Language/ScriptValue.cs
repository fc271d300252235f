using System.Collections.Generic;

namespace Synfin.Drill.Language;

/// <summary>A value in a call: an argument, or part of one, or a result.</summary>
internal abstract record ScriptValue
{
    /// <summary>A whole number: decimal, hex or octal; also what an expression of numbers comes to.</summary>
    public sealed record Integer(long Value) : ScriptValue;

    /// <summary>A number with a point.</summary>
    public sealed record Real(double Value) : ScriptValue;

    /// <summary>A name, such as <c>SOCK_STREAM</c>, which the runner looks up.</summary>
    public sealed record Name(string Identifier) : ScriptValue;

    /// <summary>A string; adjacent ones are one.</summary>
    public sealed record Text(string Value) : ScriptValue;

    /// <summary><c>...</c>: some valid buffer, address or value.</summary>
    public sealed record Ellipsis : ScriptValue;

    /// <summary><c>[a, b]</c>: a pointer to what it holds.</summary>
    public sealed record List(IReadOnlyList<ScriptValue> Items) : ScriptValue;

    /// <summary>
    /// <c>{name=value, ...}</c> or <c>{value, ...}</c>: a structure's fields, their names in lower case or null, as the script has them.
    /// </summary>
    public sealed record Struct(IReadOnlyList<Field> Fields) : ScriptValue;

    /// <summary>An operator over values that are not all numbers: <c>O_RDWR|O_NONBLOCK</c>, <c>~X</c>, <c>-1</c> is a number.</summary>
    public sealed record Operation(string Operator, ScriptValue Left, ScriptValue? Right) : ScriptValue;

    /// <summary>A function in a value: <c>htons(8080)</c>, <c>inet_addr("192.0.2.1")</c>.</summary>
    public sealed record Call(string Function, IReadOnlyList<ScriptValue> Arguments) : ScriptValue;

    /// <summary>A field of a <see cref="Struct"/>.</summary>
    public sealed record Field(string? Name, ScriptValue Value);
}
