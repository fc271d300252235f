using System.Buffers;
using System.Net.Sockets;

namespace Synfin.Sockets;

/// <summary>
/// A connection as a <see cref="Stream"/>, with the semantics of NetworkStream but for one difference: after a reset every read throws,
/// where
/// NetworkStream's second one returns 0. Blocking calls are for hosted mode: in strict mode they would stop the very thread that could end
/// them.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="ownsConnection">Whether disposing the stream closes the connection.</param>
public sealed class TcpStream(TcpConnection connection, bool ownsConnection = true) : Stream
{
    private const string NotBlocking =
        "In strict mode a stream has no blocking reads and writes: the thread that would block is the one that runs the stack. "
        + "Use ReadAsync and WriteAsync.";

    private int _readTimeout = Timeout.Infinite;
    private int _writeTimeout = Timeout.Infinite;
    private bool _disposed;

    /// <summary>The connection: state, half-close, abort, urgent data.</summary>
    public TcpConnection Connection { get; } = connection;

    /// <inheritdoc/>
    public override bool CanRead => !_disposed;

    /// <inheritdoc/>
    public override bool CanWrite => !_disposed;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanTimeout => true;

    /// <summary>How long a blocking read waits, in milliseconds of real time; infinite unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Neither positive nor <see cref="Timeout.Infinite"/>.</exception>
    public override int ReadTimeout
    {
        get => Checked(_readTimeout);
        set => _readTimeout = Checked(TimeoutOf(value));
    }

    /// <summary>How long a blocking write waits, in milliseconds of real time; infinite unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Neither positive nor <see cref="Timeout.Infinite"/>.</exception>
    public override int WriteTimeout
    {
        get => Checked(_writeTimeout);
        set => _writeTimeout = Checked(TimeoutOf(value));
    }

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

    /// <summary>Nothing is held back here, so there is nothing to cancel.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Blocks until octets can be read; hosted mode only.</summary>
    /// <exception cref="NotSupportedException">Strict mode.</exception>
    /// <exception cref="IOException">As <see cref="ReadAsync(Memory{byte}, CancellationToken)"/>; TimedOut after <see
    /// cref="ReadTimeout"/>.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Block(ct => ReadAsync(buffer.AsMemory(offset, count), ct).AsTask(), ReadTimeout, SocketErrors.Read);
    }

    /// <summary>Blocks until octets can be read; hosted mode only.</summary>
    public override int Read(Span<byte> buffer)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            int count = Read(copy, 0, buffer.Length);
            copy.AsSpan(0, count).CopyTo(buffer);
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    /// <summary>Blocks until the send buffer has taken everything; hosted mode only.</summary>
    /// <exception cref="NotSupportedException">Strict mode.</exception>
    /// <exception cref="IOException">As <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>; TimedOut after <see
    /// cref="WriteTimeout"/>.</exception>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Block(
            async ct =>
            {
                await WriteAsync(buffer.AsMemory(offset, count), ct).ConfigureAwait(false);
                return 0;
            },
            WriteTimeout,
            SocketErrors.Write);
    }

    /// <summary>Blocks until the send buffer has taken everything; hosted mode only.</summary>
    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

    /// <inheritdoc/>
    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc/>
    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    /// <inheritdoc/>
    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc/>
    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

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

    /// <summary>Waits in real time, which a virtual network does not know; a wait that ends early takes nothing.</summary>
    private T Block<T>(Func<CancellationToken, Task<T>> call, int timeout, Func<SocketError, IOException> onTimeout)
    {
        if (!Connection.Gate.IsShared) throw new NotSupportedException(NotBlocking);
        using CancellationTokenSource late = new();
        if (timeout != Timeout.Infinite) late.CancelAfter(timeout);
        try
        {
            return call(late.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw onTimeout(SocketError.TimedOut);
        }
    }

    private int Checked(int timeout)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return timeout;
    }

    private static int TimeoutOf(int value)
    {
        if (value != Timeout.Infinite) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        return value;
    }

    private static NotSupportedException NotSeekable() => new("A connection has no position and no length.");
}
