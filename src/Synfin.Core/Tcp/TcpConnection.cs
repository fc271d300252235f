using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>One connection: its control block and all that happens to it.</summary>
public sealed partial class TcpConnection
{
    /// <summary>Both ends.</summary>
    public FourTuple Tuple => throw new UnreachableException();

    /// <summary>The state.</summary>
    public TcpState State => throw new UnreachableException();

    /// <summary>Why it ended, or None.</summary>
    public CloseReason CloseReason => throw new UnreachableException();

    /// <summary>What ended it, or None: what the next call would report.</summary>
    public TcpError Error => throw new UnreachableException();

    /// <summary>For the runtime: its own handle.</summary>
    public object? Owner { get; set; }

    /// <summary>What the application chose; set it with <see cref="SetOptions"/>.</summary>
    public TcpConnectionOptions Options => throw new UnreachableException();

    /// <summary>Changes the options of the open connection (buffers may only be changed before OPEN).</summary>
    public void SetOptions(TcpConnectionOptions options, Timestamp now) => throw new UnreachableException();

    /// <summary>Octets that <see cref="Receive"/> would give now.</summary>
    public int Readable => throw new UnreachableException();

    /// <summary>Whether all octets were read and the peer's FIN was reached.</summary>
    public bool EndOfStream => throw new UnreachableException();

    /// <summary>Room for <see cref="Send"/>, in octets.</summary>
    public int SendSpace => throw new UnreachableException();

    /// <summary>Octets written and not yet acknowledged.</summary>
    public int SendQueue => throw new UnreachableException();

    /// <summary>SEND: takes as many octets as there is room for.</summary>
    /// <returns>None and the count, or the error with the count 0 (<see cref="TcpError.WouldBlock"/> if there is no room).</returns>
    public TcpError Send(ReadOnlySpan<byte> data, Timestamp now, out int sent) => throw new UnreachableException();

    /// <summary>SEND with the urgent flag: the urgent data ends with the last octet taken (RFC 6093).</summary>
    public TcpError SendUrgent(ReadOnlySpan<byte> data, Timestamp now, out int sent) => throw new UnreachableException();

    /// <summary>RECEIVE. None with the count 0 is the end of the stream; <see cref="TcpError.WouldBlock"/> if nothing is there yet.</summary>
    public TcpError Receive(Span<byte> destination, Timestamp now, out int received) => throw new UnreachableException();

    /// <summary>Takes the out-of-band octet, if <see cref="TcpConnectionOptions.UrgentInline"/> is off and one is there.</summary>
    public TcpError ReceiveUrgent(Timestamp now, out byte octet) => throw new UnreachableException();

    /// <summary>Octets of urgent data left to read (MUST-33); 0 if none.</summary>
    public int UrgentRemaining => throw new UnreachableException();

    /// <summary>CLOSE of the sending half ("I have no more data to send"): the peer may go on.</summary>
    public TcpError Shutdown(Timestamp now) => throw new UnreachableException();

    /// <summary>CLOSE of both halves; the application is gone. Unread data resets (SHLD-3); <see cref="TcpConnectionOptions.Linger"/> says what happens to unsent data.</summary>
    public TcpError Close(Timestamp now) => throw new UnreachableException();

    /// <summary>ABORT: RST, everything queued is thrown away.</summary>
    public TcpError Abort(Timestamp now) => throw new UnreachableException();

    /// <summary>STATUS.</summary>
    public TcpStatus Status() => throw new UnreachableException();
}
