using System.Net.Sockets;
using Synfin.Runtime;
using Synfin.Tcp;

namespace Synfin.Sockets;

public sealed partial class TcpConnection
{
    private Waiter? _writer;
    private ReadOnlyMemory<byte> _unsent;
    private bool _unsentUrgent;
    private bool _writerFlushes;

    /// <summary>
    /// SEND: completes when the send buffer has taken everything, which is not yet the peer: see <see cref="WhenDrained"/>. A cancelled
    /// write may have handed over a part.
    /// </summary>
    /// <exception cref="IOException">
    /// Around a SocketException: ConnectionReset, Shutdown (closed for writing, or a broken pipe), TimedOut, OperationAborted, ...
    /// </exception>
    /// <exception cref="InvalidOperationException">Another write waits, or the calling thread does not own the stack.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken ct = default)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(WriteAsync));
        return WriteCore(data, urgent: false, ct);
    }

    /// <summary>
    /// SEND with the urgent flag: the urgent data ends with the last octet of <paramref name="data"/> (RFC 9293 3.8.5, RFC 6093).
    /// </summary>
    /// <exception cref="IOException">As <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>.</exception>
    /// <exception cref="InvalidOperationException">Another write waits, or the calling thread does not own the stack.</exception>
    public ValueTask WriteUrgentAsync(ReadOnlyMemory<byte> data, CancellationToken ct = default)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(WriteUrgentAsync));
        return WriteCore(data, urgent: true, ct);
    }

    /// <summary>CLOSE of the sending half: the peer reads the end of the stream after what was written, and may go on sending.</summary>
    /// <exception cref="IOException">The connection ended before.</exception>
    /// <exception cref="InvalidOperationException">A write waits, or the calling thread does not own the stack.</exception>
    public ValueTask CompleteWritesAsync()
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(CompleteWritesAsync));
        VerifyNoWriter();
        if (_left) return ValueTask.FromException(SocketErrors.Write(SocketError.OperationAborted));
        if (_hook is { } hook && !hook.AdmitShutdown()) return default;
        TcpError error = _engine.Shutdown(_stack.Now);
        _stack.OutputReady?.Invoke();
        // "Closing" says that it was done before, "does not exist" that all has ended in order since.
        bool done = error is TcpError.None or TcpError.ConnectionClosing or TcpError.ConnectionDoesNotExist;
        return done ? default : ValueTask.FromException(WriteFailure(error));
    }

    private ValueTask WriteCore(ReadOnlyMemory<byte> data, bool urgent, CancellationToken ct)
    {
        VerifyNoWriter();
        if (ct.IsCancellationRequested) return ValueTask.FromCanceled(ct);
        bool over = TrySend(ref data, urgent, out Exception? failure);
        _stack.OutputReady?.Invoke();
        if (over) return failure is null ? default : ValueTask.FromException(failure);
        _unsent = data;
        _unsentUrgent = urgent;
        _writer = _stack.Gate.Rent(this, ct);
        return _writer.Done;
    }

    private void ContinueWrite()
    {
        if (_writer is null) return;
        if (_writerFlushes)
        {
            TakeWriter().Succeed(0);
            return;
        }
        bool over = TrySend(ref _unsent, _unsentUrgent, out Exception? failure);
        _stack.OutputReady?.Invoke();
        if (!over) return;
        Waiter writer = TakeWriter();
        if (failure is null) writer.Succeed(0);
        else writer.Fail(failure);
    }

    /// <summary>Whether the write is over, in one way or the other; <paramref name="data"/> becomes what is left.</summary>
    private bool TrySend(ref ReadOnlyMemory<byte> data, bool urgent, out Exception? failure)
    {
        failure = _left ? SocketErrors.Write(SocketError.OperationAborted) : null;
        // Even without data: whoever writes nothing is told, too, that nobody would get it.
        bool isFirst = true;
        while (failure is null && (isFirst || !data.IsEmpty))
        {
            isFirst = false;
            ReadOnlyMemory<byte> admitted = _hook is null ? data : _hook.Admit(data);
            if (admitted.IsEmpty && !data.IsEmpty) break; // the rest is the hook's
            TcpError error = urgent
                ? _engine.SendUrgent(admitted.Span, _stack.Now, out int sent)
                : _engine.Send(admitted.Span, _stack.Now, out sent);
            if (error == TcpError.WouldBlock) return false;
            if (error != TcpError.None) failure = WriteFailure(error);
            data = data[sent..];
            _hook?.Sent(sent);
        }
        return true;
    }

    /// <summary>
    /// A reset after the peer's FIN is a broken pipe, as the peer had closed and our octets found nobody; so is a write after the
    /// connection has ended in order.
    /// </summary>
    private IOException WriteFailure(TcpError error)
    {
        bool brokenPipe = error switch
        {
            TcpError.ConnectionDoesNotExist => true,
            TcpError.ConnectionReset => _endReached || _engine.EndOfStream,
            _ => false,
        };
        return brokenPipe ? SocketErrors.Write(SocketError.Shutdown) : SocketErrors.Write(error);
    }

    private void VerifyNoWriter()
    {
        if (_writer is not null) throw new InvalidOperationException("Another write waits on this connection: one at a time.");
    }

    private Waiter TakeWriter()
    {
        Waiter writer = _writer!;
        _writer = null;
        _writerFlushes = false;
        _unsent = default;
        return writer;
    }
}
