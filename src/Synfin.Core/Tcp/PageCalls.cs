using System.Collections.Generic;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// SEND and RECEIVE without a copy (3.10.2, 3.10.3), for pipes: the application reads text in the very pages that it arrived in, and writes
/// it into those that it is sent from. A page in the application's hands is never given to anybody else, even if the connection ends.
/// </summary>
public sealed partial class TcpConnection
{
    /// <summary>Octets that the application has looked at and wants to see again: the receive buffer does not count them.</summary>
    private int _examined;

    /// <summary>What the receive buffer has left.</summary>
    private int ReceiveRoom => ReceiveBuffer - (ReceiveText.Length - _examined);

    /// <summary>Whether the peer's FIN was reached: nothing will follow what can be read now.</summary>
    public bool FinReceived => Has(ConnectionFlags.FinReceived);

    /// <summary>RECEIVE: shows all that can be read. It stays, and is not to be read by other calls, until <see cref="Return"/>.</summary>
    /// <param name="pages">Gets the text, in order.</param>
    /// <param name="now">The time.</param>
    /// <param name="length">How many octets; 0 without an error is the end of the stream.</param>
    public TcpError Lend(List<ReadOnlyMemory<byte>> pages, Timestamp now, out int length)
    {
        ArgumentNullException.ThrowIfNull(pages);
        _stack.Advance(now);
        length = 0;
        if (Has(ConnectionFlags.Orphaned)) return State is TcpState.Closed ? ClosedError : TcpError.ConnectionClosing;
        if (_state is TcpState.SynSent or TcpState.SynReceived) return TcpError.WouldBlock;
        length = ReadableBeforeMark();
        if (length > 0)
        {
            Set(ConnectionFlags.Lent);
            ReceiveText.Lend(length, pages);
            return TcpError.None;
        }
        if (Has(ConnectionFlags.FinReceived)) return TcpError.None;
        return _state is TcpState.Closed ? ClosedError : TcpError.WouldBlock;
    }

    /// <summary>Ends a <see cref="Lend"/>.</summary>
    /// <param name="consumed">Octets that were taken; they are gone.</param>
    /// <param name="examined">
    /// Octets that were looked at, at least <paramref name="consumed"/>. Those between stay, and make room for as many more: whoever needs
    /// more than the receive buffer at once gets it, and no more than is needed.
    /// </param>
    /// <param name="now">The time.</param>
    public void Return(int consumed, int examined, Timestamp now)
    {
        _stack.Advance(now);
        Clear(ConnectionFlags.Lent);
        if (Has(ConnectionFlags.Orphaned)) return; // the text was dropped while it was lent
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)consumed, (uint)examined);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(examined, ReceiveText.Length);
        ReceiveText.Discard(_stack.Pages, consumed);
        Rcv.Read += consumed;
        // What made room once has been filled since.
        _examined = Math.Max(examined, _examined) - consumed;
        AfterRead();
        if (consumed > 0) _stack.UserCalled(Key, UserCall.Receive, _state, consumed, TcpError.None);
    }

    /// <summary>Memory of the page that is sent from, to write into: at least one octet. Empty if the page pool has run dry.</summary>
    /// <param name="ahead">How many octets were written so and not committed.</param>
    public Memory<byte> Reserve(int ahead)
    {
        if (State is TcpState.Closed or TcpState.TimeWait || Has(ConnectionFlags.FinQueued)) return default;
        Memory<byte> room = SendText.Reserve(_stack.Pages, ahead);
        if (!room.IsEmpty) Set(ConnectionFlags.Reserved);
        return room;
    }

    /// <summary>
    /// SEND of what was written into <see cref="Reserve"/>d memory. All of it is taken, also beyond the send buffer's size; the memory is
    /// not to be touched any more.
    /// </summary>
    public TcpError Commit(int count, Timestamp now)
    {
        _stack.Advance(now);
        TcpError error = CommitCore(count);
        if (error is not TcpError.None) SendText.TrimBeyondLength(_stack.Pages);
        if (count > 0) _stack.UserCalled(Key, UserCall.Send, _state, error is TcpError.None ? count : 0, error);
        return error;
    }

    private TcpError CommitCore(int count)
    {
        bool reserved = Has(ConnectionFlags.Reserved);
        Clear(ConnectionFlags.Reserved);
        switch (State)
        {
            case TcpState.Closed:
                return ClosedError;
            case TcpState.SynSent or TcpState.SynReceived or TcpState.Established or TcpState.CloseWait:
                break;
            case TcpState.FinWait1 or TcpState.FinWait2 or TcpState.Closing or TcpState.LastAck or TcpState.TimeWait:
                return TcpError.ConnectionClosing;
            case TcpState.Listen:
            default:
                throw new UnreachableException();
        }
        if (Has(ConnectionFlags.FinQueued)) return TcpError.ConnectionClosing;
        if (!reserved) return TcpError.None;
        bool wasIdle = SendText.Length == 0;
        SequenceNumber from = SendTextEnd;
        if (count > 0) SendText.CommitTo(SendText.Length + count);
        if (count > 0) _linux?.Pushes.Wrote(from, SendTextEnd, Snd.Nxt, Snd.Mss, Snd.MaxWnd, more: false);
        SendText.TrimBeyondLength(_stack.Pages);
        if (count == 0) return TcpError.None;
        Set(ConnectionFlags.WritesPages);
        if (SendSpace == 0) Set(ConnectionFlags.WantsWritable);
        if (wasIdle) RestartAfterIdle();
        MakeReady();
        return TcpError.None;
    }

    /// <summary>Drops what was to be sent.</summary>
    private void DropSendText()
    {
        if (Has(ConnectionFlags.Reserved)) SendText.Abandon(_stack.Pages);
        else SendText.Clear(_stack.Pages);
        Clear(ConnectionFlags.Reserved);
    }

    /// <summary>Drops what nobody will read any more.</summary>
    private void DropReceiveText()
    {
        if (Has(ConnectionFlags.Lent)) ReceiveText.Abandon(_stack.Pages);
        else ReceiveText.Clear(_stack.Pages);
        _examined = 0;
    }
}
