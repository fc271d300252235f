using System.Collections.Generic;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>A passive OPEN: LISTEN, its half-open entries and its accept queue.</summary>
public sealed class TcpListener
{
    private readonly NetworkStack _stack;
    private readonly Queue<TcpConnection> _acceptQueue = new();
    private bool _closed;

    internal TcpListener(NetworkStack stack, int id, InternetAddress localAddress, ushort localPort, int backlog,
        TcpConnectionOptions options)
    {
        _stack = stack;
        Id = id;
        LocalAddress = localAddress;
        LocalPort = localPort;
        Backlog = backlog;
        Options = options;
    }

    /// <summary>The address listened on; unspecified means all.</summary>
    public InternetAddress LocalAddress { get; }

    /// <summary>The port listened on.</summary>
    public ushort LocalPort { get; }

    /// <summary>How many half-open entries there may be; the accept queue takes one more, as on other systems.</summary>
    public int Backlog { get; internal set; }

    /// <summary>What its connections start with.</summary>
    public TcpConnectionOptions Options { get; internal set; }

    /// <summary>For the runtime: its own handle.</summary>
    public object? Owner { get; set; }

    /// <summary>Connections that wait to be accepted.</summary>
    public int AcceptQueueCount => _acceptQueue.Count;

    /// <summary>Half-open entries.</summary>
    public int SynQueueCount { get; internal set; }

    internal int Id { get; }

    internal bool Signalled { get; set; }

    internal bool IsAcceptQueueFull => _acceptQueue.Count > Backlog;

    /// <summary>Takes the connection that waited longest; <see cref="TcpError.WouldBlock"/> if there is none.</summary>
    public TcpError Accept(Timestamp now, out TcpConnection? connection)
    {
        _stack.Advance(now);
        connection = null;
        if (_closed) return TcpError.ConnectionDoesNotExist;
        if (!_acceptQueue.TryDequeue(out connection)) return TcpError.WouldBlock;
        connection.Listener = null;
        FourTuple tuple = connection.Tuple;
        _stack.UserCalled(in tuple, UserCall.Accept, connection.State, 0, TcpError.None);
        return TcpError.None;
    }

    /// <summary>Stops listening: half-open entries are forgotten, connections that nobody accepted are reset.</summary>
    public void Close(Timestamp now)
    {
        _stack.Advance(now);
        if (_closed) return;
        _closed = true;
        _stack.Close(this);
        while (_acceptQueue.TryDequeue(out TcpConnection? connection))
        {
            connection.Listener = null;
            connection.Abort(now);
        }
        Signal();
    }

    /// <summary>A handshake is complete.</summary>
    internal void Established(TcpConnection connection)
    {
        _acceptQueue.Enqueue(connection);
        Signal();
    }

    private void Signal()
    {
        if (Signalled) return;
        Signalled = true;
        _stack.EnqueueSignalled(this);
    }
}
