using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>What kernels' sockets do beyond RFC 9293's calls: they look without reading, resize buffers and stop reading.</summary>
public sealed partial class TcpConnection
{
    /// <summary>MSG_PEEK: copies what <see cref="Receive"/> would give, from an offset on, and leaves it there.</summary>
    internal int Peek(int offset, Span<byte> destination)
    {
        int count = Math.Min(destination.Length, Readable - offset);
        if (count <= 0) return 0;
        ReceiveText.CopyTo(offset, destination[..count]);
        return count;
    }

    /// <summary>
    /// SO_RCVBUF and SO_SNDBUF of an open connection. What was promised or taken stays; the window scale was chosen at OPEN and bounds what
    /// a larger buffer can offer.
    /// </summary>
    internal void SetBuffers(int receiveBuffer, int sendBuffer, Timestamp now)
    {
        _stack.Advance(now);
        TcpConnectionOptions changed = Options with { ReceiveBuffer = receiveBuffer, SendBuffer = sendBuffer };
        changed.Validate();
        Options = changed;
        Set(ConnectionFlags.BuffersChanged);
        SignalRoom();
        MakeReady();
    }

    /// <summary>
    /// TCP_QUICKACK 0, Linux's "interactive" mode: ACKs wait for company or their time from now on. Returns how many of the profile's quick
    /// ACKs were used, for <see cref="ResumeQuickAcks"/>.
    /// </summary>
    internal int SuspendQuickAcks()
    {
        int used = _quickAcks;
        _quickAcks = ushort.MaxValue;
        if (LinuxAcknowledges is { } linux) linux.Acknowledgment.IsDialogue = true;
        return used;
    }

    /// <summary>
    /// TCP_QUICKACK 1: an ACK that waits goes at once, if all that arrived was read (tcp_cleanup_rbuf()); what is left of the quick ACKs
    /// counts again, if it was suspended.
    /// </summary>
    internal void ResumeQuickAcks(int? used, Timestamp now)
    {
        _stack.Advance(now);
        if (used is { } count) _quickAcks = (ushort)count;
        if (LinuxAcknowledges is { } linux) linux.Acknowledgment.IsDialogue = false;
        if (_deadlines.DelayedAck.IsSet && ReceiveText.Length == 0) AcknowledgeNow();
    }

    /// <summary>
    /// The application will read nothing more, though it has not closed: once it has also no more to send, new text resets the connection,
    /// as Linux's does after SHUT_RDWR (RFC 1122 4.2.2.13 says so of CLOSE).
    /// </summary>
    internal void StopReading() => Set(ConnectionFlags.ReadingStopped);

    /// <summary>False if new text came that nobody will ever read.</summary>
    private bool MayTakeText(in Segment seg)
    {
        bool refuses = Has(ConnectionFlags.ReadingStopped) && _state is (TcpState.FinWait1 or TcpState.FinWait2);
        if (!refuses || seg.Text.IsEmpty || seg.Seq + seg.Text.Length <= Rcv.Nxt) return true;
        _stack.QueueResetFor(in seg);
        End(CloseReason.LocalReset, TcpError.ConnectionReset);
        return false;
    }
}
