using System.Collections.Generic;
using System.Net;
using Synfin.Drill.Language;
using Synfin.Drill.Sockets;
using Synfin.Wire;

namespace Synfin.Drill.Running;

/// <summary>Reads the values of a call's arguments. What it does not know skips the script.</summary>
/// <param name="addresses">The addresses of the run.</param>
/// <param name="line">The line of the call.</param>
/// <param name="freeBsd">Whether numbers that differ are FreeBSD's.</param>
internal sealed class ValueReader(DrillAddresses addresses, int line, bool freeBsd)
{
    /// <summary>Some error that says what is not known.</summary>
    public ScriptSkippedException Unknown(string what) => new(line, what);

    /// <summary>Whether a value is <c>...</c>.</summary>
    public static bool IsAny(ScriptValue value) => value is ScriptValue.Ellipsis or ScriptValue.List { Items: [ScriptValue.Ellipsis] };

    /// <summary>A number, a name that stands for one, or an expression of them.</summary>
    public long Number(ScriptValue value)
    {
        switch (value)
        {
            case ScriptValue.Integer integer:
                return integer.Value;
            case ScriptValue.Name { Identifier: "O_NONBLOCK" } when freeBsd:
                return SystemNames.FreeBsdNonBlocking;
            case ScriptValue.Name name:
                if (SystemNames.TryFind(name.Identifier, out long known)) return known;
                return Errnos.TryNumber(name.Identifier, out int errno)
                    ? errno
                    : throw Unknown($"the constant {name.Identifier} is not known");
            case ScriptValue.Real real when real.Value == (long)real.Value:
                return (long)real.Value;
            case ScriptValue.Operation { Right: { } right } operation:
                return Binary(operation.Operator, Number(operation.Left), Number(right));
            case ScriptValue.Operation operation:
                return Unary(operation.Operator, Number(operation.Left));
            case ScriptValue.Call { Function: "htons" or "htonl" or "ntohs" or "ntohl", Arguments: [var only] }:
                return Number(only);
            case ScriptValue.List { Items: [var only] }:
                return Number(only);
            default:
                throw Unknown($"a number was expected, not {Describe(value)}");
        }
    }

    /// <summary>A descriptor, a length and the like.</summary>
    public int Int(ScriptValue value) => unchecked((int)Number(value));

    /// <summary>The items of a list; a value that is none is a list of one.</summary>
    public static IReadOnlyList<ScriptValue> Items(ScriptValue value) => value is ScriptValue.List list ? list.Items : [value];

    /// <summary>The structure that a value is or points to, or null.</summary>
    public static ScriptValue.Struct? Structure(ScriptValue value) => value switch
    {
        ScriptValue.Struct structure => structure,
        ScriptValue.List { Items: [ScriptValue.Struct structure] } => structure,
        _ => null,
    };

    /// <summary>A field by one of its names, or else by its place if it has no name; null if it is not there.</summary>
    public static ScriptValue? Field(ScriptValue.Struct structure, int place, params string[] names)
    {
        foreach (ScriptValue.Field field in structure.Fields)
        {
            if (field.Name is { } name && Array.IndexOf(names, name) >= 0) return field.Value;
        }
        return place >= 0 && place < structure.Fields.Count && structure.Fields[place].Name is null ? structure.Fields[place].Value : null;
    }

    /// <summary>A socket address as a call takes it; null for one of family AF_UNSPEC.</summary>
    public IPEndPoint? EndPoint(ScriptValue value)
    {
        if (Structure(value) is not { } structure) throw Unknown($"a socket address was expected, not {Describe(value)}");
        long family = Field(structure, 0, "sa_family", "sin_family", "sin6_family", "family") is { } f ? Family(f) : -1;
        if (family == 0) return null;
        ScriptValue? port = Field(structure, 1, "sin_port", "sin6_port", "port");
        ScriptValue? address = Field(structure, 2, "sin_addr", "sin6_addr", "addr");
        int number = port is null || IsAny(port) ? DrillAddresses.DefaultPort : Int(port);
        if (address is null || IsAny(address)) return addresses.ToEndPoint(addresses.Local, number);
        return new IPEndPoint(Address(address), number);
    }

    /// <summary><c>inet_addr("192.0.2.1")</c>, <c>inet_pton(AF_INET6, "::1")</c>, <c>INADDR_ANY</c>.</summary>
    public IPAddress Address(ScriptValue value)
    {
        switch (value)
        {
            case ScriptValue.Call { Function: "inet_addr" or "inet_pton", Arguments: [.., ScriptValue.Text text] }:
                return ParseAddress(text.Value);
            case ScriptValue.Text text:
                return ParseAddress(text.Value);
            case ScriptValue.Call { Function: "htonl", Arguments: [var only] }:
                return Address(only);
            case ScriptValue.Name { Identifier: "in6addr_any" }:
                return IPAddress.IPv6Any;
            case ScriptValue.Name { Identifier: "INADDR_ANY" } or ScriptValue.Integer { Value: 0 }:
                return addresses.IsIpv6Socket ? IPAddress.IPv6Any : IPAddress.Any;
            default:
                throw Unknown($"an address was expected, not {Describe(value)}");
        }
    }

    private long Family(ScriptValue value) => IsAny(value) ? -1 : Number(value);

    private IPAddress ParseAddress(string text)
    {
        if (!InternetAddress.TryParse(text, out InternetAddress address)) throw Unknown($"'{text}' is no address");
        return addresses.ToSocketAddress(address);
    }

    private long Binary(string op, long left, long right) => op switch
    {
        "|" => left | right,
        "&" => left & right,
        "^" => left ^ right,
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" when right != 0 => left / right,
        "%" when right != 0 => left % right,
        "<<" => left << (int)right,
        ">>" => left >> (int)right,
        _ => throw Unknown($"the operator {op} is not known here"),
    };

    private long Unary(string op, long value) => op switch
    {
        "~" => ~value,
        "-" => -value,
        "+" => value,
        "!" => value == 0 ? 1 : 0,
        _ => throw Unknown($"the operator {op} is not known here"),
    };

    /// <summary>A value's kind and, if it is short, the value.</summary>
    public static string Describe(ScriptValue value) => value switch
    {
        ScriptValue.Integer integer => $"the number {integer.Value}",
        ScriptValue.Real real => $"the number {real.Value}",
        ScriptValue.Name name => name.Identifier,
        ScriptValue.Text text => $"the text \"{text.Value}\"",
        ScriptValue.Ellipsis => "...",
        ScriptValue.List => "a list",
        ScriptValue.Struct => "a structure",
        ScriptValue.Operation operation => $"an expression with {operation.Operator}",
        ScriptValue.Call call => $"{call.Function}(...)",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
