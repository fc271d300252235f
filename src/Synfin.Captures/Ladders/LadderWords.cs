using System.Globalization;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.Captures.Ladders;

/// <summary>Calls, timers, amounts and lengths of time in words.</summary>
internal static class LadderWords
{
    /// <summary>The call in the RFC's words; empty for a call that only found that it has to wait.</summary>
    public static string Call(in UserCallEvent e)
    {
        if (e.Error == TcpError.WouldBlock) return "";
        string name = e.Call switch
        {
            UserCall.Open => "OPEN",
            UserCall.Listen => "LISTEN",
            UserCall.Accept => "ACCEPT",
            UserCall.Send => "SEND",
            UserCall.SendUrgent => "SEND urgent",
            UserCall.Receive => "RECEIVE",
            UserCall.Shutdown => "CLOSE sending",
            UserCall.Close => "CLOSE",
            UserCall.Abort => "ABORT",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (e.Error != TcpError.None) return $"{name}: {Error(e.Error)}";
        return e.Call switch
        {
            UserCall.Send or UserCall.SendUrgent => $"{name} {e.Octets}",
            UserCall.Receive => e.Octets > 0 ? $"{name} {e.Octets}" : $"{name} end of stream",
            _ => name,
        };
    }

    public static string Timer(TcpTimerKind kind, Duration? waited)
    {
        string name = kind switch
        {
            TcpTimerKind.Retransmit or TcpTimerKind.SynAckRetransmit => "RTO",
            TcpTimerKind.Persist => "persist",
            TcpTimerKind.DelayedAck => "delayed ACK",
            TcpTimerKind.KeepAlive => "keep-alive",
            TcpTimerKind.UserTimeout => "user timeout",
            TcpTimerKind.FinWait2 => "FIN-WAIT-2",
            TcpTimerKind.Linger => "linger",
            TcpTimerKind.TimeWait => "2MSL",
            TcpTimerKind.Cork => "cork",
            TcpTimerKind.Connect => "open",
            TcpTimerKind.LossProbe => "tail loss probe",
            TcpTimerKind.Reordering => "reordering",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return waited is { Nanoseconds: > 0 } length ? $"{name} {Time(length)}" : name;
    }

    public static string Dropped(DropReason reason) => reason switch
    {
        DropReason.None or DropReason.NoConnection => "",
        DropReason.Malformed => "malformed",
        DropReason.Checksum => "bad checksum",
        DropReason.NotForUs => "not for this host",
        DropReason.Martian => "impossible address",
        DropReason.UnknownProtocol => "unknown protocol",
        DropReason.Fragment => "bad fragment",
        DropReason.ReassemblyTimeout => "fragments missing",
        DropReason.OutsideWindow => "outside window",
        DropReason.Paws => "old timestamp",
        DropReason.ResetNotExact => "RST not exact",
        DropReason.UnexpectedSyn => "unexpected SYN",
        DropReason.BadAck => "bad ACK",
        DropReason.NoAck => "no ACK",
        DropReason.ResetInTimeWait => "RST in TIME-WAIT",
        DropReason.SynQueueFull => "SYN queue full",
        DropReason.AcceptQueueFull => "accept queue full",
        DropReason.InvalidInState => "not valid in this state",
        DropReason.NoMemory => "no memory",
        DropReason.MissingTimestamp => "timestamp missing",
        DropReason.IcmpNotInFlight => "quotes nothing in flight",
        DropReason.NoPort => "nobody at the port",
        DropReason.NoRoute => "no route",
        DropReason.DatagramQueueFull => "queue full",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>For example 250 us, 20 ms, 1.023 s, 60 s.</summary>
    public static string Time(Duration d)
    {
        CultureInfo c = CultureInfo.InvariantCulture;
        return d.Nanoseconds switch
        {
            < 0 => "-" + Time(Duration.Zero - d),
            < 1_000 => string.Create(c, $"{d.Nanoseconds} ns"),
            < 1_000_000 => string.Create(c, $"{d.Nanoseconds / 1e3:0.#} us"),
            < 1_000_000_000 => string.Create(c, $"{d.Nanoseconds / 1e6:0.#} ms"),
            < 10_000_000_000 => string.Create(c, $"{d.Seconds:0.0##} s"),
            _ => string.Create(c, $"{d.Seconds:0.#} s"),
        };
    }

    /// <summary>For example 512 B, 61 kB, 4.2 MB.</summary>
    public static string Octets(long octets)
    {
        CultureInfo c = CultureInfo.InvariantCulture;
        return octets switch
        {
            < 1_000 => string.Create(c, $"{octets} B"),
            < 10_000 => string.Create(c, $"{octets / 1e3:0.#} kB"),
            < 1_000_000 => string.Create(c, $"{octets / 1e3:0} kB"),
            < 1_000_000_000 => string.Create(c, $"{octets / 1e6:0.#} MB"),
            _ => string.Create(c, $"{octets / 1e9:0.##} GB"),
        };
    }

    /// <summary>A number with its noun: 1 segment, 7 segments.</summary>
    public static string Count(long n, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{n} {noun}{(n == 1 ? "" : "s")}");

    /// <summary>For example ", 2 lost, 3 sent again"; empty if there was neither.</summary>
    public static string Losses(int lost, int retransmissions)
    {
        string text = lost > 0 ? $", {Count(lost)} lost" : "";
        return retransmissions > 0 ? $"{text}, {Count(retransmissions)} sent again" : text;
    }

    private static string Count(long n) => n.ToString(CultureInfo.InvariantCulture);

    private static string Error(TcpError error) => error switch
    {
        TcpError.ConnectionDoesNotExist => "connection does not exist",
        TcpError.ConnectionAlreadyExists => "connection already exists",
        TcpError.ConnectionClosing => "connection closing",
        TcpError.ConnectionReset => "connection reset",
        TcpError.ConnectionRefused => "connection refused",
        TcpError.TimedOut => "timed out",
        TcpError.Aborted => "aborted",
        TcpError.InvalidRemoteAddress => "invalid remote address",
        TcpError.InvalidLocalAddress => "invalid local address",
        TcpError.InsufficientResources => "insufficient resources",
        TcpError.NoPortAvailable => "no port available",
        TcpError.NetworkUnreachable => "network unreachable",
        TcpError.HostUnreachable => "host unreachable",
        TcpError.Prohibited => "prohibited",
        TcpError.MessageTooLong => "message too long",
        _ => error.ToString(),
    };
}
