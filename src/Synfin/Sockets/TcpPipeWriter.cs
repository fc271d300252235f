using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Synfin.Runtime;

namespace Synfin.Sockets;

/// <summary>
/// The writing end of a <see cref="TcpDuplexPipe"/>. What asks for more contiguous memory than the page has left, or for any when the page
/// pool has run dry, gets memory of its own, aside, which the flush copies.
/// </summary>
internal sealed class TcpPipeWriter(TcpConnection connection, Action completed) : PipeWriter
{
    /// <summary>Larger memory of its own is let go after the flush.</summary>
    private const int MaxKept = 64 * 1024;

    private Memory<byte> _room;
    private int _written;
    private ArrayBufferWriter<byte>? _aside;
    private int _sentAside;
    private bool _isCompleted;
    private bool _isCancelled;
    private bool _isFlushing;

    /// <summary>Whether it was completed, and all that was written is in the engine's hands; read at the gate.</summary>
    public bool IsFinished { get; private set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _written + WrittenAside;

    private int WrittenAside => (_aside?.WrittenCount ?? 0) - _sentAside;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        VerifyNotCompleted();
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        int wanted = Math.Max(1, sizeHint);
        if (WrittenAside == 0)
        {
            if (_room.Length >= wanted) return _room;
            if (_room.IsEmpty || _written > 0) _room = connection.Reserve(_written);
            if (_room.Length >= wanted) return _room;
            _room = default;
        }
        _aside ??= new ArrayBufferWriter<byte>();
        return _aside.GetMemory(wanted);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (bytes == 0) return;
        if (_room.IsEmpty)
        {
            if (_aside is null) throw new InvalidOperationException("Advance was called without GetMemory or GetSpan before it.");
            _aside.Advance(bytes);
            return;
        }
        if (bytes > _room.Length) throw new InvalidOperationException("More was written than there was memory.");
        _room = _room[bytes..];
        _written += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        VerifyNotCompleted();
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        if (_isFlushing) throw new InvalidOperationException("Another flush waits: one at a time.");
        if (TryFlush(cancellationToken, out FlushResult result, out ValueTask room)) return new ValueTask<FlushResult>(result);
        _isFlushing = true;
        return FlushLater(room, cancellationToken);
    }

    /// <summary>One visit, instead of one a page.</summary>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        using StackGate.Visit visit = connection.Gate.Enter(nameof(WriteAsync));
        return base.WriteAsync(source, cancellationToken);
    }

    public override void CancelPendingFlush()
    {
        using StackGate.Visit visit = connection.Gate.Enter(nameof(CancelPendingFlush));
        _isCancelled = true;
        connection.StopWaitingForRoom();
    }

    /// <summary>What is still unflushed goes before the FIN; what does not fit the send buffer any more follows by itself.</summary>
    public override void Complete(Exception? exception = null)
    {
        using StackGate.Visit visit = connection.Gate.Enter(nameof(Complete));
        if (_isCompleted) return;
        _isCompleted = true;
        connection.StopWaitingForRoom();
        if (exception is not null) connection.Abort();
        if (!TryFinish(out ValueTask room)) FinishLater(room);
    }

    /// <summary>Whether the flush is over, in one way or the other.</summary>
    private bool TryFlush(CancellationToken cancellationToken, out FlushResult result, out ValueTask room)
    {
        using StackGate.Visit visit = connection.Gate.Enter(nameof(FlushAsync));
        bool isHeard = Send();
        bool mustWait = WrittenAside > 0 || connection.MustWaitForRoom;
        if (mustWait && isHeard && !_isCancelled && !_isCompleted)
        {
            result = default;
            room = connection.WaitForRoom(cancellationToken);
            return false;
        }
        result = new FlushResult(_isCancelled, isCompleted: !isHeard);
        _isCancelled = false;
        room = default;
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> FlushLater(ValueTask room, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await room.ConfigureAwait(false);
                if (TryFlush(cancellationToken, out FlushResult result, out room)) return result;
            }
        }
        finally
        {
            _isFlushing = false;
        }
    }

    /// <summary>FIN, when nothing is left to be sent before it.</summary>
    private bool TryFinish(out ValueTask room)
    {
        using StackGate.Visit visit = connection.Gate.Enter(nameof(Complete));
        if (Send() && WrittenAside > 0)
        {
            room = connection.WaitForRoom(CancellationToken.None);
            return false;
        }
        room = default;
        connection.TryCompleteWrites();
        IsFinished = true;
        completed();
        return true;
    }

    /// <summary>The page pool has run dry, so what lies aside waits for pages; nobody waits for it.</summary>
    private async void FinishLater(ValueTask room)
    {
        do
        {
            await room.ConfigureAwait(false);
        }
        while (!TryFinish(out room));
    }

    /// <summary>Hands over all that was written, as far as there are pages for it.</summary>
    /// <returns>Whether somebody is there to get it.</returns>
    private bool Send()
    {
        int count = _written;
        _written = 0;
        _room = default;
        bool isHeard = connection.Commit(count);
        if (_aside is null) return isHeard;
        ReadOnlyMemory<byte> rest = _aside.WrittenMemory[_sentAside..];
        if (isHeard) isHeard = connection.CommitCopy(ref rest);
        if (isHeard && !rest.IsEmpty)
        {
            _sentAside = _aside.WrittenCount - rest.Length;
            return true;
        }
        _sentAside = 0;
        if (_aside.Capacity > MaxKept) _aside = null;
        else _aside.ResetWrittenCount();
        return isHeard;
    }

    private void VerifyNotCompleted()
    {
        if (_isCompleted) throw new InvalidOperationException("Writing is not allowed after the writer was completed.");
    }
}
