using System;
using System.Collections.Generic;
using System.Net;
using Synfin.Drill.Language;
using Synfin.Drill.Sockets;

namespace Synfin.Drill.Running;

/// <summary>What a call gave back, compared with what the script has.</summary>
internal sealed partial class CallReader
{
    /// <summary>Names what differs of a call's result and of what it stored, or null.</summary>
    public CallMismatch? Compare(CallEvent e, SocketCall call, SocketResult result)
    {
        ValueReader values = Values(e);
        return CompareResult(e, result, values) ?? (result.Value < 0 ? null : CompareAnswers(e, call, values));
    }

    private static CallMismatch? CompareResult(CallEvent e, SocketResult result, ValueReader values)
    {
        string came = Describe(result.Value, result.Errno);
        if (e.Result is { } expected && !ValueReader.IsAny(expected) && values.Number(expected) != result.Value)
            return new CallMismatch($"{e.Name}() = {Describe(values.Number(expected), e.Errno)}", $"it returned {came}");
        if (e.Errno is { } errno && errno != (result.Errno ?? "") && !IsAlias(errno, result.Errno))
            return new CallMismatch($"{e.Name}() = {Describe(result.Value, errno)}", $"it returned {came}");
        return null;
    }

    private static string Describe(long value, string? errno) => errno is null ? $"{value}" : $"{value} {errno}";

    private static bool IsAlias(string wanted, string? came) =>
        (wanted, came) is ("EWOULDBLOCK", "EAGAIN") or ("EAGAIN", "EWOULDBLOCK") or ("ENOTSUP", "EOPNOTSUPP") or ("EOPNOTSUPP", "ENOTSUP");

    private static CallMismatch? CompareAnswers(CallEvent e, SocketCall call, ValueReader values) => call switch
    {
        GetOptionCall option => CompareOption(e, option, values),
        IoControlCall control => CompareNumber(e, ArgumentOrNull(e, 2), control.Answer, control.Request, values),
        PollCall poll => ComparePoll(e, poll, values),
        AcceptCall accept => CompareEndPoint(e, ArgumentOrNull(e, 1), accept.Peer, values),
        NameCall name => CompareEndPoint(e, ArgumentOrNull(e, 1), name.Answer, values),
        ReceiveCall receive => CompareReceived(e, receive, values),
        _ => null,
    };

    private static ScriptValue? ArgumentOrNull(CallEvent e, int index) => index < e.Arguments.Count ? e.Arguments[index] : null;

    private static CallMismatch? CompareNumber(CallEvent e, ScriptValue? value, long came, string what, ValueReader values)
    {
        if (value is null || ValueReader.IsAny(value) || value is ScriptValue.Name { Identifier: "NULL" }) return null;
        long wanted = values.Number(value);
        return wanted == came ? null : new CallMismatch($"{e.Name}() to give {what} = {wanted}", $"it gave {came}");
    }

    private static CallMismatch? CompareOption(CallEvent e, GetOptionCall call, ValueReader values)
    {
        if (ArgumentOrNull(e, 3) is not { } value || ValueReader.IsAny(value)) return null;
        if (TextOf(value) is { } text)
            return text == call.Text ? null : new CallMismatch($"{call.Name} = \"{text}\"", $"it is \"{call.Text}\"");
        if (ValueReader.Structure(value) is not { } structure) return CompareNumber(e, value, call.Answer, call.Name, values);
        if (call.Name == "SO_LINGER")
        {
            return CompareField(e, structure, 0, call.Answer, values, "onoff", "l_onoff")
                ?? CompareField(e, structure, 1, call.Linger, values, "linger", "l_linger");
        }
        return CompareInformation(e, structure, call, values);
    }

    private static CallMismatch? CompareInformation(CallEvent e, ScriptValue.Struct structure, GetOptionCall call, ValueReader values)
    {
        foreach (ScriptValue.Field field in structure.Fields)
        {
            if (field.Name is not { } name || ValueReader.IsAny(field.Value)) continue;
            if (call.Information is null || !call.Information.TryGetValue(name, out long came))
                throw values.Unknown($"{call.Name} has no {name} here");
            if (CompareNumber(e, field.Value, came, name, values) is { } mismatch) return mismatch;
        }
        return null;
    }

    private static CallMismatch? CompareField(
        CallEvent e, ScriptValue.Struct structure, int place, long came, ValueReader values, params string[] names) =>
        CompareNumber(e, ValueReader.Field(structure, place, names), came, names[0], values);

    private static CallMismatch? ComparePoll(CallEvent e, PollCall poll, ValueReader values)
    {
        IReadOnlyList<ScriptValue> items = ValueReader.Items(e.Arguments[0]);
        for (int i = 0; i < items.Count; i++)
        {
            if (ValueReader.Field(ValueReader.Structure(items[i])!, 2, "revents") is not { } wanted || ValueReader.IsAny(wanted)) continue;
            long events = values.Number(wanted);
            if (events != poll.Entries[i].Returned)
                return new CallMismatch($"revents 0x{events:x} of {poll.Entries[i].Descriptor}",
                    $"they are 0x{poll.Entries[i].Returned:x}");
        }
        return null;
    }

    private static CallMismatch? CompareEndPoint(CallEvent e, ScriptValue? value, IPEndPoint? came, ValueReader values)
    {
        if (value is null || ValueReader.IsAny(value) || ValueReader.Structure(value) is not { } structure) return null;
        if (ValueReader.Field(structure, 1, "sin_port", "sin6_port") is { } port && !ValueReader.IsAny(port)
            && values.Int(port) != came?.Port)
            return new CallMismatch($"{e.Name}() to give port {values.Int(port)}", $"it gave {came?.ToString() ?? "none"}");
        if (ValueReader.Field(structure, 2, "sin_addr", "sin6_addr") is not { } address || ValueReader.IsAny(address)) return null;
        IPAddress wanted = values.Address(address);
        return wanted.Equals(came?.Address)
            ? null
            : new CallMismatch($"{e.Name}() to give {wanted}", $"it gave {came?.ToString() ?? "none"}");
    }

    private static CallMismatch? CompareReceived(CallEvent e, ReceiveCall call, ValueReader values)
    {
        if (call.Data.AsSpan().ContainsAnyExcept((byte)0)) return new CallMismatch($"{e.Name}() to give zeros", "it gave other octets");
        if (e.Name == "recvfrom") return CompareEndPoint(e, ArgumentOrNull(e, 4), call.Peer, values);
        if (e.Name != "recvmsg") return null;
        return MessageField(e, values, -1, "msg_flags") is { } flags
            ? CompareNumber(e, flags, (long)call.ReturnedFlags, "msg_flags", values)
            : null;
    }
}

/// <summary>What a call gave back otherwise than the script has it.</summary>
internal sealed record CallMismatch(string Expected, string Came);
