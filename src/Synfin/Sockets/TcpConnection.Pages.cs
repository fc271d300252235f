using System.Net.Sockets;
using Synfin.Runtime;
using Synfin.Tcp;

namespace Synfin.Sockets;

/// <summary>What the two ends of a <see cref="TcpDuplexPipe"/> do at the gate.</summary>
public sealed partial class TcpConnection
{
    internal StackGate Gate => _stack.Gate;

    private Action? _inputEnded;

    /// <summary>Calls once or more, at the gate, when the peer will send no more: its FIN was reached, or all has ended.</summary>
    internal void WatchInputEnd(Action inputEnded)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(WatchInputEnd));
        _inputEnded = inputEnded;
        if (_engine.FinReceived || HasEnded) inputEnded();
    }

    /// <summary>Whether a pipe's read has something to tell: more than it has examined, the end, or a failure.</summary>
    internal bool HasNews(int examined)
    {
        if (_left) return true;
        if (_hook is { } hook && hook.ReadAllowance() == 0) return false;
        return _engine.Readable > examined || _engine.FinReceived || _engine.State is TcpState.Closed or TcpState.TimeWait;
    }

    /// <summary>Shows what can be read.</summary>
    /// <returns>Whether nothing will follow it.</returns>
    /// <exception cref="IOException">There is nothing beyond what was examined, nor ever will be.</exception>
    internal bool Lend(List<ReadOnlyMemory<byte>> pages, int examined)
    {
        if (_left) throw SocketErrors.Read(_leftAfter);
        if (_engine.FinReceived || _engine.Readable > examined)
        {
            TcpError lent = _engine.Lend(pages, _stack.Now, out int length);
            if (_hook is { } hook && length > 0) length = LimitLent(hook, pages, examined, length);
            if (lent is TcpError.None) return _engine.FinReceived && length == _engine.Readable;
        }
        TcpError error = _engine.Error;
        if (_engine.State is TcpState.Closed && error is not TcpError.None) throw SocketErrors.Read(error);
        return _engine.State is TcpState.Closed or TcpState.TimeWait;
    }

    /// <summary>The pipe's reader took some of it.</summary>
    internal void Return(int consumed, int examined)
    {
        using StackGate.Visit visit = _stack.Gate.Enter("AdvanceTo");
        _engine.Return(consumed, examined, _stack.Now);
        _stack.AfterRead();
    }

    /// <summary>A wait that ends when a read may have something to tell.</summary>
    internal ValueTask WaitForNews(CancellationToken ct)
    {
        if (_reader is not null) throw new InvalidOperationException("Another read waits on this connection: one at a time.");
        _readerPeeks = true;
        _reader = _stack.Gate.Rent(this, ct);
        return _reader.Done;
    }

    /// <summary>Ends such a wait.</summary>
    internal void StopWaitingForNews()
    {
        if (_reader is not null && _readerPeeks) TakeReader().Succeed(0);
    }

    /// <summary>Memory to write into; see the engine's Reserve.</summary>
    internal Memory<byte> Reserve(int ahead)
    {
        using StackGate.Visit visit = _stack.Gate.Enter("GetMemory");
        if (!_writerFlushes) VerifyNoWriter();
        return _left || _hook is { TakesWrites: true } ? default : _engine.Reserve(ahead);
    }

    /// <summary>Sends what was written into reserved memory.</summary>
    /// <returns>Whether somebody is there to get it.</returns>
    internal bool Commit(int count)
    {
        if (_left) return false;
        if (_hook is { HasCut: true }) return true;
        TcpError error = _engine.Commit(count, _stack.Now);
        _stack.OutputReady?.Invoke();
        return error is TcpError.None;
    }

    /// <summary>Sends a copy, also beyond the send buffer's size; what is left when pages run out waits for room.</summary>
    /// <returns>Whether somebody is there to get it.</returns>
    internal bool CommitCopy(ref ReadOnlyMemory<byte> text)
    {
        while (!text.IsEmpty)
        {
            Memory<byte> room = Reserve(0);
            if (room.IsEmpty)
            {
                // So that the engine tells when there are pages again; what a hook keeps is done with.
                if (TrySend(ref text, urgent: false, out Exception? failure)) text = default;
                return failure is null;
            }
            int count = Math.Min(room.Length, text.Length);
            text.Span[..count].CopyTo(room.Span);
            if (!Commit(count)) return false;
            text = text[count..];
        }
        return true;
    }

    /// <summary>Whether the send buffer holds its limit, or more, so that a flush waits.</summary>
    internal bool MustWaitForRoom => !_left && _engine.SendSpace == 0 && _engine.SendQueue > 0;

    /// <summary>A wait that ends when the send buffer has room, or the connection its end.</summary>
    internal ValueTask WaitForRoom(CancellationToken ct)
    {
        VerifyNoWriter();
        _writerFlushes = true;
        _writer = _stack.Gate.Rent(this, ct);
        return _writer.Done;
    }

    /// <summary>Ends such a wait.</summary>
    internal void StopWaitingForRoom()
    {
        if (_writer is not null && _writerFlushes) TakeWriter().Succeed(0);
    }

    /// <summary>FIN behind what was committed; a flush that waits is told, and nobody hears a later one.</summary>
    internal void EndWrites()
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(EndWrites));
        TryCompleteWrites();
        StopWaitingForRoom();
    }

    /// <summary>FIN, if the connection still is.</summary>
    internal void TryCompleteWrites()
    {
        if (_left || _engine.State is not (TcpState.SynReceived or TcpState.Established or TcpState.CloseWait)) return;
        if (_hook is { } hook && !hook.AdmitShutdown()) return;
        _engine.Shutdown(_stack.Now);
        _stack.OutputReady?.Invoke();
    }
}
