using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Synfin.Runtime;

namespace Synfin.Sockets;

/// <summary>
/// The writing end of a <see cref="TcpDuplexPipe"/>. What asks for more contiguous memory than the page has left, or for any when the page
/// pool has run dry, gets memory of its own, which the flush copies.
/// </summary>
internal sealed class TcpPipeWriter(TcpConnection connection, Action completed) : PipeWriter
{
    /// <summary>Larger memory of its own is let go after the flush.</summary>
    private const int MaxKept = 64 * 1024;

    private Memory<byte> _room;
    private int _written;
    private ArrayBufferWriter<byte>? _aside;
    private bool _isCancelled;
    private bool _isFlushing;

    public bool IsCompleted { get; private set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _written + WrittenAside;

    private int WrittenAside => _aside?.WrittenCount ?? 0;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (IsCompleted) throw new InvalidOperationException("Writing is not allowed after the writer was completed.");
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
        if (IsCompleted) throw new InvalidOperationException("Writing is not allowed after the writer was completed.");
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        ValueTask room;
        using (connection.Gate.Enter(nameof(FlushAsync)))
        {
            if (_isFlushing) throw new InvalidOperationException("Another flush waits: one at a time.");
            bool isHeard = CommitPages();
            if (WrittenAside == 0 && (_isCancelled || !isHeard || !connection.MustWaitForRoom))
                return new ValueTask<FlushResult>(TakeResult(isHeard));
            if (WrittenAside > 0) return WriteAside(cancellationToken);
            room = connection.WaitForRoom(cancellationToken);
            _isFlushing = true;
        }
        return FlushLater(room);
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

    public override void Complete(Exception? exception = null)
    {
        if (IsCompleted) return;
        IsCompleted = true;
        using (connection.Gate.Enter(nameof(Complete)))
        {
            if (exception is not null) connection.Abort();
            else Finish();
        }
        completed();
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (!IsCompleted && exception is null && WrittenAside > 0) await FlushAsync().ConfigureAwait(false);
        Complete(exception);
    }

    /// <summary>What is still unflushed goes before the FIN; what does not fit the send buffer any more follows by itself.</summary>
    private void Finish()
    {
        bool isHeard = CommitPages();
        if (isHeard && WrittenAside > 0)
        {
            ReadOnlyMemory<byte> rest = _aside!.WrittenMemory;
            _aside = null;
            ValueTask written = connection.WriteAsync(rest);
            if (!written.IsCompletedSuccessfully)
            {
                connection.CompleteWritesAfter(written);
                return;
            }
        }
        connection.TryCompleteWrites();
    }

    private bool CommitPages()
    {
        int count = _written;
        _written = 0;
        _room = default;
        return connection.Commit(count);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> FlushLater(ValueTask room)
    {
        try
        {
            await room.ConfigureAwait(false);
        }
        finally
        {
            _isFlushing = false;
        }
        return TakeResult(connection.IsHeard);
    }

    private async ValueTask<FlushResult> WriteAside(CancellationToken cancellationToken)
    {
        _isFlushing = true;
        bool isHeard = true;
        try
        {
            await connection.WriteAsync(_aside!.WrittenMemory, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            isHeard = false; // a pipe's flush reports completion
        }
        finally
        {
            _isFlushing = false;
            if (_aside!.Capacity > MaxKept) _aside = null;
            else _aside.ResetWrittenCount();
        }
        return TakeResult(isHeard);
    }

    private FlushResult TakeResult(bool isHeard)
    {
        bool isCancelled = _isCancelled;
        _isCancelled = false;
        return new FlushResult(isCancelled, isCompleted: !isHeard);
    }
}
