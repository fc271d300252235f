using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Synfin.Runtime;

namespace Synfin.Sockets;

/// <summary>The reading end of a <see cref="TcpDuplexPipe"/>.</summary>
internal sealed class TcpPipeReader(TcpConnection connection, Func<IOException, Exception>? translate, Action completed) : PipeReader
{
    private readonly List<ReadOnlyMemory<byte>> _pages = [];
    private readonly PageSequence _sequence = new();
    private ReadOnlySequence<byte> _lent;
    private int _examined;
    private bool _isReading;
    private bool _isCancelled;

    /// <summary>Whether nobody will read any more; read at the gate.</summary>
    public bool IsCompleted { get; private set; }

    public override bool TryRead(out ReadResult result)
    {
        VerifyUsable();
        using StackGate.Visit visit = connection.Gate.Enter(nameof(TryRead));
        bool hasResult = _isCancelled || connection.HasNews(_examined);
        result = hasResult ? TakeResult() : default;
        return hasResult;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        VerifyUsable();
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        try
        {
            bool hasResult = TryTake(cancellationToken, out ReadResult result, out ValueTask news);
            return hasResult ? new ValueTask<ReadResult>(result) : ReadLater(news, cancellationToken);
        }
        catch (Exception failure)
        {
            return ValueTask.FromException<ReadResult>(failure);
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!_isReading) throw new InvalidOperationException("AdvanceTo was called without a read before it.");
        int consumedCount = CountTo(consumed);
        int examinedCount = CountTo(examined);
        if (examinedCount < consumedCount) throw new InvalidOperationException("More was consumed than examined.");
        _isReading = false;
        _lent = default;
        _examined = examinedCount - consumedCount;
        connection.Return(consumedCount, examinedCount);
    }

    public override void CancelPendingRead()
    {
        using StackGate.Visit visit = connection.Gate.Enter(nameof(CancelPendingRead));
        _isCancelled = true;
        connection.StopWaitingForNews();
    }

    public override void Complete(Exception? exception = null)
    {
        using StackGate.Visit visit = connection.Gate.Enter(nameof(Complete));
        if (IsCompleted) return;
        if (_isReading) AdvanceTo(_lent.Start);
        IsCompleted = true;
        completed();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadLater(ValueTask news, CancellationToken cancellationToken)
    {
        while (true)
        {
            await news.ConfigureAwait(false);
            if (TryTake(cancellationToken, out ReadResult result, out news)) return result;
        }
    }

    private bool TryTake(CancellationToken cancellationToken, out ReadResult result, out ValueTask news)
    {
        using StackGate.Visit visit = connection.Gate.Enter(nameof(ReadAsync));
        result = default;
        news = default;
        if (_isCancelled || connection.HasNews(_examined))
        {
            result = TakeResult();
            return true;
        }
        news = connection.WaitForNews(cancellationToken);
        return false;
    }

    private ReadResult TakeResult()
    {
        bool isCancelled = _isCancelled;
        _isCancelled = false;
        bool isLast = false;
        if (isCancelled && !connection.HasNews(0))
        {
            _lent = ReadOnlySequence<byte>.Empty;
        }
        else
        {
            isLast = Lend(isCancelled ? 0 : _examined);
            _lent = _sequence.Take(_pages);
        }
        _isReading = true;
        return new ReadResult(_lent, isCancelled, isLast);
    }

    private bool Lend(int examined)
    {
        try
        {
            return connection.Lend(_pages, examined);
        }
        catch (IOException failure) when (translate is not null)
        {
            throw translate(failure);
        }
    }

    private int CountTo(SequencePosition position) =>
        _lent.IsEmpty ? 0 : (int)(_lent.GetOffset(position) - _lent.GetOffset(_lent.Start));

    private void VerifyUsable()
    {
        if (IsCompleted) throw new InvalidOperationException("Reading is not allowed after the reader was completed.");
        if (_isReading) throw new InvalidOperationException("Another read is under way: call AdvanceTo first.");
    }
}
