using Synfin.Sockets;

namespace Synfin.Testing.Soak;

/// <summary>Synfin's end.</summary>
public sealed class SynfinEnd(TcpConnection connection) : SoakEnd
{
    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer) => connection.ReadAsync(buffer);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> octets) => connection.WriteAsync(octets);

    /// <inheritdoc/>
    public override ValueTask EndWritesAsync() => connection.CompleteWritesAsync();

    /// <inheritdoc/>
    public override void Close() => connection.Close();

    /// <inheritdoc/>
    public override void Abort() => connection.Abort();
}
