using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;

namespace Synfin.Drill.Sockets;

/// <summary>One socket of the process: what a kernel keeps about it beside the connection.</summary>
internal sealed class SocketEntry(KernelKind kind, bool ipv6, bool stream)
{
    public KernelKind Kind { get; } = kind;
    public bool Ipv6 { get; } = ipv6;
    public bool IsStream { get; } = stream;
    public bool NonBlocking { get; set; }
    public SocketPhase Phase { get; set; }

    public TcpListener? Listener { get; set; }
    public TcpConnection? Connection { get; set; }
    public UdpEndpoint? Endpoint { get; set; }

    /// <summary>What the next OPEN or LISTEN starts with; an open connection has its own copy.</summary>
    public required TcpConnectionOptions Options { get; set; }

    /// <summary>What bind(2) chose, or connect(2) and listen(2) for it.</summary>
    public InternetAddress BoundAddress { get; set; }
    public ushort BoundPort { get; set; }

    /// <summary>bind(2) named the address, or the port: they outlive the connection (SOCK_BINDADDR_LOCK, SOCK_BINDPORT_LOCK).</summary>
    public bool AddressLocked { get; set; }
    public bool PortLocked { get; set; }
    public bool ReuseAddress { get; set; }
    public bool ReusePort { get; set; }

    /// <summary><c>sk_err</c>, <c>so_error</c>: told once.</summary>
    public string? Error { get; set; }

    /// <summary>
    /// ip_icmp_error(): what ended an OPEN also lies in the error queue (MSG_ERRQUEUE), asked for or not: the octets of our SYN that ICMP
    /// quoted (RFC 792), which are its ports and its number.
    /// </summary>
    public byte[]? QueuedError { get; private set; }

    /// <summary>The soft error that SO_ERROR has told already (<c>sk_err_soft</c>).</summary>
    public TcpError SoftErrorTold { get; set; }

    /// <summary>shutdown(2), the peer's FIN, or the end: RCV_SHUTDOWN, SBS_CANTRCVMORE.</summary>
    public bool ReceiveShut { get; set; }

    /// <summary>The application said SHUT_RD.</summary>
    public bool ReadingShut { get; set; }

    /// <summary>shutdown(2) or the end: SEND_SHUTDOWN, SBS_CANTSENDMORE.</summary>
    public bool SendShut { get; set; }

    /// <summary>The peer's FIN was reached (SOCK_DONE).</summary>
    public bool Done { get; set; }

    /// <summary>The connection was seen to have ended.</summary>
    public bool Ended { get; set; }

    /// <summary>Octets that were read, so that the urgent mark has a place.</summary>
    public long Read { get; set; }

    /// <summary>Where the urgent octet is in the stream, or -1; and whether MSG_OOB has taken it.</summary>
    public long UrgentAt { get; set; } = -1;
    public bool UrgentTaken { get; set; }

    /// <summary>Quick ACKs that were used when TCP_QUICKACK suspended them; null if it has not.</summary>
    public int? QuickAcksUsed { get; set; }

    public bool LingerOn { get; set; }
    public int LingerSeconds { get; set; }
    public bool OutOfBandInline { get; set; }

    /// <summary>Values of options that only getsockopt tells, by their names.</summary>
    public Dictionary<string, long> Values { get; } = [];
    public string? CongestionControl { get; set; }

    /// <summary>A datagram that MSG_PEEK looked at.</summary>
    public (byte[] Data, InternetAddress Address, ushort Port)? Peeked { get; set; }

    /// <summary>The state as the kernel's socket has it. Linux's socket is CLOSED once a TIME-WAIT entry stands for it.</summary>
    public TcpState State
    {
        get
        {
            if (Listener is not null) return TcpState.Listen;
            if (Connection is not { } connection) return TcpState.Closed;
            TcpState state = connection.State;
            return state is TcpState.TimeWait && Kind is KernelKind.Linux ? TcpState.Closed : state;
        }
    }

    public bool IsOpening => State is TcpState.SynSent or TcpState.SynReceived;

    public long Value(string name, long otherwise) => Values.TryGetValue(name, out long value) ? value : otherwise;

    public string? TakeError()
    {
        string? error = Error;
        Error = null;
        return error;
    }

    /// <summary>Notes what happened to the connection since the last call.</summary>
    public void Refresh(Timestamp now)
    {
        if (Connection is not { } connection || Ended) return;
        if (connection.FinReceived) ReceiveShut = Done = true;
        if (Kind is KernelKind.Linux && connection.State is TcpState.SynSent) FailOnSoftError(connection, now);
        if (Ended) return;
        NoteUrgent(connection, now);
        if (State is not TcpState.Closed) return;
        if (connection.CloseReason is CloseReason.Unreachable && Kind is KernelKind.Linux) QueueError(connection);
        Error ??= ErrorOf(connection);
        End();
    }

    /// <summary>tcp_done(), soisdisconnected(): nothing goes in or out any more.</summary>
    public void End()
    {
        Ended = ReceiveShut = SendShut = true;
    }

    /// <summary>
    /// tcp_v4_err(): an OPEN ends with whatever ICMP says of the way, also with what the RFC takes for passing (MUST-56).
    /// </summary>
    private void FailOnSoftError(TcpConnection connection, Timestamp now)
    {
        TcpError soft = connection.Status().SoftError;
        if (soft is not (TcpError.HostUnreachable or TcpError.NetworkUnreachable)) return;
        connection.Abort(now); // nothing is sent in SYN-SENT
        Error = SaidOf(connection, soft);
        QueueError(connection);
        End();
    }

    /// <summary>The engine's errors are fewer than ICMP's messages.</summary>
    public string? SaidOf(TcpConnection connection, TcpError error) =>
        (error is TcpError.TimedOut ? null : Errnos.Of(connection.LastIcmp, connection.LastIcmpCode, IsOverIpv6(connection), Kind))
        ?? Errnos.Of(error, Kind);

    private static bool IsOverIpv6(TcpConnection connection) => !connection.Tuple.RemoteAddress.IsIpv4;

    private void QueueError(TcpConnection connection)
    {
        QueuedError = new byte[2 * sizeof(ushort) + sizeof(uint)];
        BinaryPrimitives.WriteUInt16BigEndian(QueuedError, connection.Tuple.LocalPort);
        BinaryPrimitives.WriteUInt16BigEndian(QueuedError.AsSpan(sizeof(ushort)), connection.Tuple.RemotePort);
        BinaryPrimitives.WriteUInt32BigEndian(QueuedError.AsSpan(2 * sizeof(ushort)), connection.Status().Iss.Value);
    }

    public byte[]? TakeQueuedError()
    {
        byte[]? error = QueuedError;
        QueuedError = null;
        return error;
    }

    private string? ErrorOf(TcpConnection connection)
    {
        switch (connection.CloseReason)
        {
            case CloseReason.RemoteReset:
                // tcp_reset(): in CLOSE-WAIT the peer has said that it sends no more; what broke is the way to it.
                return Kind is KernelKind.Linux && connection.FinReceived && !SendShut ? Errnos.Pipe : Errnos.Reset;
            case CloseReason.Refused:
                return Errnos.Refused;
            case CloseReason.LocalReset:
                return Errnos.Reset;
            case CloseReason.RetransmissionTimeout or CloseReason.KeepAliveTimeout:
                TcpError soft = connection.Status().SoftError; // tcp_write_err(): sk_err_soft, or else
                return (soft is TcpError.None ? null : SaidOf(connection, soft)) ?? Errnos.TimedOut;
            case CloseReason.Unreachable:
                return SaidOf(connection, connection.Error);
            case CloseReason.ResourceLimit:
                return Errnos.Of(connection.Error, Kind);
            case CloseReason.None or CloseReason.LocalClose or CloseReason.RemoteClose or CloseReason.SimultaneousClose
                or CloseReason.LocalAbort or CloseReason.FinWait2Timeout or CloseReason.LingerTimeout:
            default:
                return null;
        }
    }

    /// <summary>tcp_check_urg(): a new mark is a new urgent octet. The one before it, if nobody took it, is lost if it is next.</summary>
    private void NoteUrgent(TcpConnection connection, Timestamp now)
    {
        int remaining = connection.UrgentRemaining;
        if (remaining == 0)
        {
            UrgentAt = -1;
            return;
        }
        long at = Read + remaining - 1;
        if (at == UrgentAt) return;
        if (UrgentAt == Read && !OutOfBandInline && connection.Readable > 1)
        {
            connection.Receive(stackalloc byte[1], now, out int lost);
            Read += lost;
        }
        UrgentAt = at;
        UrgentTaken = false;
    }

    /// <summary>Whether the urgent octet is here and not taken (TCP_URG_VALID).</summary>
    public bool UrgentIsHere => UrgentAt >= Read && !UrgentTaken && Connection is { } connection && UrgentAt - Read < connection.Readable;

    /// <summary>A new connection, or none: nothing of the old one is left but its error.</summary>
    public void Forget()
    {
        Connection = null;
        ReceiveShut = ReadingShut = SendShut = Done = Ended = UrgentTaken = false;
        Read = 0;
        UrgentAt = -1;
        QuickAcksUsed = null;
        if (!PortLocked) BoundPort = 0;
        if (!AddressLocked) BoundAddress = Ipv6 ? InternetAddress.AnyIpv6 : InternetAddress.AnyIpv4;
    }
}
