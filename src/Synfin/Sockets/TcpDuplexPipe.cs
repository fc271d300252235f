using System.IO.Pipelines;

namespace Synfin.Sockets;

/// <summary>
/// A connection as a pair of pipes without copies: the reader shows the pages that text arrived in, and the writer fills those that it is
/// sent from.
/// </summary>
/// <remarks>
/// <para>Back-pressure is TCP's own: what is not examined fills the receive buffer, and the window closes; a flush waits while the send
/// buffer is full. What was examined and not consumed does not count, so a reader that needs more than the receive buffer at once gets
/// it.</para>
/// <para>Completing the output sends FIN behind what was written; completing it with an exception resets. When both are complete, the
/// connection is closed; unread text then resets it (RFC 9293 3.6.1).</para>
/// <para>After the peer's FIN the reader reports completion; after a reset or a time-out it throws, once all text was examined. A flush
/// that nobody will get reports completion; <see cref="TcpConnection.CloseReason"/> says why.</para>
/// </remarks>
public sealed class TcpDuplexPipe : IDuplexPipe
{
    private readonly TcpPipeReader _input;
    private readonly TcpPipeWriter _output;

    /// <summary>Pipes over a connection. Its own reads and writes are not to be used beside them.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="translate">Makes the exceptions that reads throw into others; null leaves them.</param>
    public TcpDuplexPipe(TcpConnection connection, Func<IOException, Exception>? translate = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        Connection = connection;
        _input = new TcpPipeReader(connection, translate, CloseIfComplete);
        _output = new TcpPipeWriter(connection, CloseIfComplete);
    }

    /// <summary>The connection: state, abort, urgent data.</summary>
    public TcpConnection Connection { get; }

    /// <summary>What the peer sends.</summary>
    public PipeReader Input => _input;

    /// <summary>What the peer gets.</summary>
    public PipeWriter Output => _output;

    private void CloseIfComplete()
    {
        if (_input.IsCompleted && _output.IsFinished) Connection.Close();
    }
}
