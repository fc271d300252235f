namespace Synfin.Sockets;

/// <summary>
/// A connection as a <see cref="Stream"/>. Asynchronous only: in strict mode a blocking call would stop the very thread that could end it.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="ownsConnection">Whether disposing the stream closes the connection.</param>
public sealed class TcpStream(TcpConnection connection, bool ownsConnection = true) : Stream
{
    private const string NotBlocking =
        "A Synfin stream has no blocking reads and writes: the thread that would block is the one that runs the stack. "
        + "Use ReadAsync and WriteAsync.";

    private bool _disposed;

    /// <summary>The connection: state, half-close, abort, urgent data.</summary>
    public TcpConnection Connection { get; } = connection;

    /// <inheritdoc/>
    public override bool CanRead => !_disposed;

    /// <inheritdoc/>
    public override bool CanWrite => !_disposed;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <summary>Not supported.</summary>
    public override long Length => throw NotSeekable();

    /// <summary>Not supported.</summary>
    public override long Position
    {
        get => throw NotSeekable();
        set => throw NotSeekable();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Connection.ReadAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Connection.WriteAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Half-close: see <see cref="TcpConnection.CompleteWritesAsync"/>.</summary>
    public ValueTask CompleteWritesAsync()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Connection.CompleteWritesAsync();
    }

    /// <summary>Nothing is held back here.</summary>
    public override void Flush()
    {
    }

    /// <summary>Nothing is held back here.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;

    /// <summary>Not supported: use <see cref="ReadAsync(Memory{byte}, CancellationToken)"/>.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException(NotBlocking);

    /// <summary>Not supported: use <see cref="ReadAsync(Memory{byte}, CancellationToken)"/>.</summary>
    public override int Read(Span<byte> buffer) => throw new NotSupportedException(NotBlocking);

    /// <summary>Not supported: use <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException(NotBlocking);

    /// <summary>Not supported: use <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>.</summary>
    public override void Write(ReadOnlySpan<byte> buffer) => throw new NotSupportedException(NotBlocking);

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw NotSeekable();

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw NotSeekable();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            if (ownsConnection) Connection.Close();
        }
        base.Dispose(disposing);
    }

    private static NotSupportedException NotSeekable() => new("A connection has no position and no length.");
}
