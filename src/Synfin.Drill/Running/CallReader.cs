using System;
using System.Collections.Generic;
using System.Globalization;
using Synfin.Drill.Language;
using Synfin.Drill.Sockets;
using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>Turns a call as a script has it into one that can be made.</summary>
/// <param name="addresses">The addresses of the run.</param>
/// <param name="freeBsd">Whether numbers that differ are FreeBSD's.</param>
internal sealed partial class CallReader(DrillAddresses addresses, bool freeBsd)
{
    private const int StreamType = 1;
    private const int DatagramType = 2;

    private delegate SocketCall Reading(CallReader reader, CallEvent e, ValueReader values);

    private static readonly Dictionary<string, Reading> _readings = new()
    {
        ["socket"] = static (r, e, v) => r.Socket(e, v),
        ["bind"] = static (r, e, v) => new BindCall(Fd(e, v), r.EndPointOrDefault(e, v, isRemote: false)),
        ["listen"] = static (r, e, v) => new ListenCall(Fd(e, v), v.Int(Argument(e, 1))),
        ["accept"] = static (r, e, v) => new AcceptCall(Fd(e, v), ResultDescriptor(e, v), nonBlocking: false),
        ["accept4"] = static (r, e, v) =>
            new AcceptCall(Fd(e, v), ResultDescriptor(e, v), (v.Number(Argument(e, 3)) & NonBlocking(v)) != 0),
        ["connect"] = static (r, e, v) => new ConnectCall(Fd(e, v), r.EndPointOrDefault(e, v, isRemote: true)),
        ["read"] = static (r, e, v) => new ReceiveCall(Fd(e, v), v.Int(Argument(e, 2)), MessageFlags.None),
        ["readv"] = static (r, e, v) => new ReceiveCall(Fd(e, v), VectorLength(Argument(e, 1), v), MessageFlags.None),
        ["recv"] = static (r, e, v) => new ReceiveCall(Fd(e, v), v.Int(Argument(e, 2)), Flags(Argument(e, 3), v)),
        ["recvfrom"] = static (r, e, v) => new ReceiveCall(Fd(e, v), v.Int(Argument(e, 2)), Flags(Argument(e, 3), v)),
        ["recvmsg"] = static (r, e, v) => new ReceiveCall(Fd(e, v), MessageLength(e, v), Flags(Argument(e, 2), v)),
        ["write"] = static (r, e, v) => new SendCall(Fd(e, v), v.Int(Argument(e, 2)), MessageFlags.None),
        ["writev"] = static (r, e, v) => new SendCall(Fd(e, v), VectorLength(Argument(e, 1), v), MessageFlags.None),
        ["send"] = static (r, e, v) => new SendCall(Fd(e, v), v.Int(Argument(e, 2)), Flags(Argument(e, 3), v)),
        ["sendto"] = static (r, e, v) => new SendCall(Fd(e, v), v.Int(Argument(e, 2)), Flags(Argument(e, 3), v))
        {
            Destination = r.Destination(e.Arguments.Count > 4 ? e.Arguments[4] : null, v),
        },
        ["sendmsg"] = static (r, e, v) => r.SendMessage(e, v),
        ["close"] = static (r, e, v) => new CloseCall(Fd(e, v)),
        ["shutdown"] = static (r, e, v) => new ShutdownCall(Fd(e, v), v.Int(Argument(e, 1))),
        ["fcntl"] = static (r, e, v) => FileControl(e, v),
        ["ioctl"] = static (r, e, v) => new IoControlCall(Fd(e, v), NameOf(Argument(e, 1), v)),
        ["poll"] = static (r, e, v) => Poll(e, v),
        ["getsockopt"] = static (r, e, v) =>
            new GetOptionCall(Fd(e, v), NameOf(Argument(e, 1), v), NameOf(Argument(e, 2), v)),
        ["setsockopt"] = static (r, e, v) => SetOption(e, v),
        ["getsockname"] = static (r, e, v) => new NameCall(Fd(e, v), ofPeer: false),
        ["getpeername"] = static (r, e, v) => new NameCall(Fd(e, v), ofPeer: true),
    };

    /// <summary>Whether there is such a call.</summary>
    public static bool IsKnown(string name) => _readings.ContainsKey(name);

    /// <summary>The reader of a line's values.</summary>
    public ValueReader Values(CallEvent e) => new(addresses, e.Line, freeBsd);

    /// <summary>Reads a call.</summary>
    /// <exception cref="ScriptSkippedException">The call, or something in it, is not known.</exception>
    public SocketCall Read(CallEvent e)
    {
        if (!_readings.TryGetValue(e.Name, out Reading? reading)) throw new ScriptSkippedException(e.Line, $"there is no call {e.Name}()");
        return reading(this, e, Values(e));
    }

    private static ScriptValue Argument(CallEvent e, int index) => index < e.Arguments.Count
        ? e.Arguments[index]
        : throw new ScriptSkippedException(e.Line, $"{e.Name}() has {e.Arguments.Count} arguments, and number {index + 1} is needed");

    private static int Fd(CallEvent e, ValueReader values) => values.Int(Argument(e, 0));

    private static int ResultDescriptor(CallEvent e, ValueReader values) =>
        e.Result is { } result && !ValueReader.IsAny(result) ? values.Int(result) : -1;

    private static long NonBlocking(ValueReader values) => values.Number(new ScriptValue.Name("SOCK_NONBLOCK"));

    private static MessageFlags Flags(ScriptValue value, ValueReader values) => (MessageFlags)values.Int(value);

    private SocketOpenCall Socket(CallEvent e, ValueReader values)
    {
        ScriptValue domain = Argument(e, 0);
        bool v6 = ValueReader.IsAny(domain) ? addresses.IsIpv6Socket : values.Number(domain) switch
        {
            2 => false,
            10 => true,
            var other => throw values.Unknown($"the address family {other} is not known"),
        };
        long type = values.Number(Argument(e, 1));
        long kind = type & 0xF;
        if (kind is not (StreamType or DatagramType)) throw values.Unknown($"a socket of type {kind} is not known");
        ScriptValue protocol = Argument(e, 2);
        long number = ValueReader.IsAny(protocol) ? 0 : values.Number(protocol);
        if (number is not (0 or 6 or 17)) throw values.Unknown($"a socket of protocol {number} is not known");
        return new SocketOpenCall(ResultDescriptor(e, values), v6, kind == StreamType, (type & NonBlocking(values)) != 0);
    }

    private System.Net.IPEndPoint? EndPointOrDefault(CallEvent e, ValueReader values, bool isRemote)
    {
        ScriptValue value = Argument(e, 1);
        return ValueReader.IsAny(value)
            ? addresses.ToEndPoint(isRemote ? addresses.Remote : addresses.Local, isRemote ? addresses.ConnectPort : addresses.BindPort)
            : values.EndPoint(value);
    }

    private System.Net.IPEndPoint? Destination(ScriptValue? value, ValueReader values)
    {
        if (value is null or ScriptValue.Name { Identifier: "NULL" } or ScriptValue.Integer) return null;
        return ValueReader.IsAny(value) ? addresses.ToEndPoint(addresses.Remote, addresses.ConnectPort) : values.EndPoint(value);
    }

    /// <summary>The octets of an iovec array: of each <c>{..., 1000}</c> the length.</summary>
    private static int VectorLength(ScriptValue value, ValueReader values)
    {
        int length = 0;
        foreach (ScriptValue item in ValueReader.Items(value))
        {
            if (ValueReader.Structure(item) is not { } vector || ValueReader.Field(vector, 1, "iov_len") is not { } octets)
                throw values.Unknown($"an iovec {{..., length}} was expected, not {ValueReader.Describe(item)}");
            length += values.Int(octets);
        }
        return length;
    }

    private static ScriptValue? MessageField(CallEvent e, ValueReader values, int place, string name)
    {
        ScriptValue value = Argument(e, 1);
        if (ValueReader.Structure(value) is not { } message)
            throw values.Unknown($"a msghdr was expected, not {ValueReader.Describe(value)}");
        return ValueReader.Field(message, place, name);
    }

    private static int MessageLength(CallEvent e, ValueReader values) => MessageField(e, values, 1, "msg_iov") is { } vectors
        ? VectorLength(vectors, values)
        : throw values.Unknown("the msghdr has no msg_iov");

    private SendCall SendMessage(CallEvent e, ValueReader values)
    {
        ScriptValue? name = MessageField(e, values, 0, "msg_name");
        if (MessageField(e, values, -1, "msg_control") is { } control && ValueReader.Items(control).Count > 0
            && !ValueReader.IsAny(control))
            throw values.Unknown("control messages (msg_control) are not known here");
        return new SendCall(Fd(e, values), MessageLength(e, values), Flags(Argument(e, 2), values))
        {
            // A connected socket's "..." is no address at all.
            Destination = name is null || ValueReader.IsAny(name) ? null : Destination(name, values),
        };
    }

    private static FileControlCall FileControl(CallEvent e, ValueReader values)
    {
        int fd = values.Int(Argument(e, 0));
        switch (NameOf(Argument(e, 1), values))
        {
            case "F_GETFL":
                return new FileControlCall(fd, null);
            case "F_SETFL":
                long flags = values.Number(Argument(e, 2));
                long nonBlocking = values.Number(new ScriptValue.Name("O_NONBLOCK"));
                return new FileControlCall(fd, (flags & nonBlocking) != 0);
            case var other:
                throw values.Unknown($"fcntl's {other} is not known here");
        }
    }

    private static PollCall Poll(CallEvent e, ValueReader values)
    {
        List<PollEntry> entries = [];
        foreach (ScriptValue item in ValueReader.Items(Argument(e, 0)))
        {
            if (ValueReader.Structure(item) is not { } entry
                || ValueReader.Field(entry, 0, "fd") is not { } fd || ValueReader.Field(entry, 1, "events") is not { } events)
                throw values.Unknown($"a pollfd {{fd, events, revents}} was expected, not {ValueReader.Describe(item)}");
            entries.Add(new PollEntry(values.Int(fd), values.Int(events)));
        }
        long timeout = values.Number(Argument(e, 2));
        return new PollCall(entries, timeout < 0 ? null : Duration.FromMilliseconds(timeout));
    }

    private static SetOptionCall SetOption(CallEvent e, ValueReader values)
    {
        int fd = values.Int(Argument(e, 0));
        string level = NameOf(Argument(e, 1), values), name = NameOf(Argument(e, 2), values);
        ScriptValue value = Argument(e, 3);
        if (ValueReader.Structure(value) is { } structure)
        {
            if (name != "SO_LINGER") throw values.Unknown($"a structure as value of {name} is not known here");
            ScriptValue? on = ValueReader.Field(structure, 0, "onoff", "l_onoff"),
                linger = ValueReader.Field(structure, 1, "linger", "l_linger");
            if (on is null || linger is null) throw values.Unknown("a linger {onoff, linger} was expected");
            return new SetOptionCall(fd, level, name, values.Number(on)) { Linger = values.Number(linger) };
        }
        if (TextOf(value) is { } text) return new SetOptionCall(fd, level, name, 0) { Text = text };
        if (ValueReader.IsAny(value)) throw values.Unknown($"setsockopt of {name} needs a value, not ...");
        return new SetOptionCall(fd, level, name, values.Number(value));
    }

    private static string? TextOf(ScriptValue value) => value switch
    {
        ScriptValue.Text text => text.Value.TrimEnd('\0'),
        ScriptValue.List { Items: [ScriptValue.Text text] } => text.Value.TrimEnd('\0'),
        _ => null,
    };

    private static string NameOf(ScriptValue value, ValueReader values) => value switch
    {
        ScriptValue.Name name => name.Identifier,
        ScriptValue.Integer integer => integer.Value.ToString(CultureInfo.InvariantCulture),
        _ => throw values.Unknown($"a constant's name was expected, not {ValueReader.Describe(value)}"),
    };
}
