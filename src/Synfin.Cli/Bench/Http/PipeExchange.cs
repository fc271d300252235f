using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Synfin.Cli.Bench.Http;

/// <summary>A client over a pair of pipes.</summary>
internal sealed class PipeExchange(IDuplexPipe pipe) : HttpExchange
{
    /// <inheritdoc/>
    public override void Dispose()
    {
        pipe.Output.Complete();
        pipe.Input.Complete();
    }

    /// <inheritdoc/>
    protected override ValueTask Send(ReadOnlyMemory<byte> octets)
    {
        ValueTask<FlushResult> flush = pipe.Output.WriteAsync(octets);
        return flush.IsCompletedSuccessfully ? default : new ValueTask(flush.AsTask());
    }

    /// <inheritdoc/>
    protected override ValueTask<int> Receive(Memory<byte> destination)
    {
        ValueTask<ReadResult> read = pipe.Input.ReadAsync();
        return read.IsCompletedSuccessfully ? new(Take(read.Result, destination)) : ReceiveLater(read, destination);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReceiveLater(ValueTask<ReadResult> read, Memory<byte> destination) => Take(await read, destination);

    private int Take(ReadResult read, Memory<byte> destination)
    {
        ReadOnlySequence<byte> taken = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, destination.Length));
        int length = (int)taken.Length;
        taken.CopyTo(destination.Span);
        pipe.Input.AdvanceTo(taken.End);
        return length;
    }
}
