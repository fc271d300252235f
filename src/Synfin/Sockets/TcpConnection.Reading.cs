using System.Net.Sockets;
using Synfin.Runtime;
using Synfin.Tcp;

namespace Synfin.Sockets;

public sealed partial class TcpConnection
{
    private Waiter? _reader;
    private Memory<byte> _destination;
    private bool _endReached;
    private bool _readerPeeks;

    /// <summary>
    /// RECEIVE: waits for octets and takes what is there. A cancelled read takes nothing and leaves the connection usable.
    /// </summary>
    /// <param name="destination">Where they go; if it is empty, waits until something can be read.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>How many octets; 0 is the end of the stream, and stays so.</returns>
    /// <exception cref="IOException">Around a SocketException: ConnectionReset, TimedOut, OperationAborted (closed here), ...</exception>
    /// <exception cref="InvalidOperationException">Another read waits, or the calling thread does not own the stack.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken ct = default)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(ReadAsync));
        if (_reader is not null) throw new InvalidOperationException("Another read waits on this connection: one at a time.");
        if (ct.IsCancellationRequested) return ValueTask.FromCanceled<int>(ct);
        if (TryReceive(destination.Span, out int received, out Exception? failure))
            return failure is null ? new(received) : ValueTask.FromException<int>(failure);
        _destination = destination;
        _reader = _stack.Gate.Rent(this, ct);
        return _reader.Count;
    }

    /// <summary>Takes the out-of-band octet, if <see cref="Stack.TcpConnectionOptions.UrgentInline"/> is off and one is there.</summary>
    public bool ReadUrgent(out byte octet)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(ReadUrgent));
        return _engine.ReceiveUrgent(_stack.Now, out octet) == TcpError.None;
    }

    private void ContinueRead()
    {
        if (_reader is null) return;
        if (_readerPeeks)
        {
            TakeReader().Succeed(0);
            return;
        }
        if (!TryReceive(_destination.Span, out int received, out Exception? failure)) return;
        Waiter reader = TakeReader();
        if (failure is null) reader.Succeed(received);
        else reader.Fail(failure);
    }

    /// <summary>Whether the read is over, in one way or the other.</summary>
    private bool TryReceive(Span<byte> destination, out int received, out Exception? failure)
    {
        received = 0;
        failure = null;
        if (_left)
        {
            failure = SocketErrors.Read(SocketError.OperationAborted);
            return true;
        }
        if (_endReached || (destination.IsEmpty && _engine.Readable > 0)) return true;
        if (_hook is not null)
        {
            int allowance = _hook.ReadAllowance();
            if (allowance == 0) return false;
            destination = destination[..Math.Min(destination.Length, allowance)];
        }
        TcpError error = _engine.Receive(destination, _stack.Now, out received);
        if (error == TcpError.WouldBlock) return false;
        if (error != TcpError.None)
        {
            failure = SocketErrors.Read(error);
            return true;
        }
        _endReached = received == 0;
        _hook?.Received(received);
        // Reading opens the window, which may be worth telling the peer.
        _stack.AfterRead();
        return true;
    }

    private Waiter TakeReader()
    {
        Waiter reader = _reader!;
        _reader = null;
        _readerPeeks = false;
        _destination = default;
        return reader;
    }
}
