namespace Synfin.Cli.Bench.Http;

/// <summary>A client over a stream.</summary>
internal sealed class StreamExchange(Stream stream) : HttpExchange
{
    /// <inheritdoc/>
    public override void Dispose() => stream.Dispose();

    /// <inheritdoc/>
    protected override ValueTask Send(ReadOnlyMemory<byte> octets) => stream.WriteAsync(octets);

    /// <inheritdoc/>
    protected override ValueTask<int> Receive(Memory<byte> destination) => stream.ReadAsync(destination);
}
