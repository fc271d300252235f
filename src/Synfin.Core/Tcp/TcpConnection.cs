using Synfin.Buffers;
using Synfin.Stack;
using Synfin.Tcp.CongestionControl;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// One connection: its transmission control block (RFC 9293 3.3.1) and all that happens to it. The parts: UserCalls (3.10.1-6),
/// SegmentArrives (3.10.7), Timeouts (3.10.8), Output (the one decision what goes out now).
/// </summary>
public sealed partial class TcpConnection : TableNode
{
    private readonly NetworkStack _stack;
    private readonly ICongestionControl _congestion;

    internal SendVariables Snd;
    internal ReceiveVariables Rcv;
    internal ConnectionFlags Flags;

    /// <summary>Written and not yet acknowledged; its head is SND.UNA (ISS + 1 while our SYN is not acknowledged).</summary>
    internal PagedBuffer SendText;

    /// <summary>Received and not yet read, from Rcv.Read on; out-of-order text lies at its final place beyond RCV.NXT.</summary>
    internal PagedBuffer ReceiveText;

    /// <summary>What arrived beyond RCV.NXT.</summary>
    internal SequenceRanges OutOfOrder;

    private RttEstimator _rtt;
    private Deadlines _deadlines = Deadlines.None;
    private TcpState _state;
    private RecoveryPhase _phase;
    private CloseReason _closeReason;
    private TcpError _error;
    private TcpError _softError;
    private TcpSignals _signals;

    internal TcpConnection(NetworkStack stack, in FourTuple tuple, TcpConnectionOptions options, TcpListener? listener)
    {
        _stack = stack;
        Key = tuple;
        Options = options;
        Listener = listener;
        _congestion = stack.Profile.CongestionControl();
        _rtt = new RttEstimator(stack.Profile, stack.Profile.MinimumRtoOnVariation);
        if (listener is not null) Flags = ConnectionFlags.Passive;
        TimestampOffset = TimestampClock.Offset(stack.Secret, tuple);
        _lastReceived = stack.Now;
        _lastAnswer = new Timestamp(long.MinValue / 2);
    }

    /// <summary>Both ends.</summary>
    public FourTuple Tuple => Key;

    /// <summary>The state. TIME-WAIT lasts as long as its compact entry, which outlives this object's part in the protocol.</summary>
    public TcpState State => _state is TcpState.TimeWait && !_stack.HasTimeWait(Key, Snd.Nxt) ? TcpState.Closed : _state;

    /// <summary>Why it ended, or None.</summary>
    public CloseReason CloseReason => _closeReason;

    /// <summary>What ended it, or None: what the next call would report.</summary>
    public TcpError Error => _error;

    /// <summary>For the runtime: its own handle.</summary>
    public object? Owner { get; set; }

    /// <summary>What the application chose; set it with <see cref="SetOptions"/>.</summary>
    public TcpConnectionOptions Options { get; private set; }

    /// <summary>The listener whose accept queue it waits in, until it is accepted.</summary>
    internal TcpListener? Listener { get; set; }

    /// <summary>Next in the ready queue.</summary>
    internal TcpConnection? NextReady { get; set; }

    /// <summary>Next among those with signals.</summary>
    internal TcpConnection? NextSignalled { get; set; }

    internal TcpState ProtocolState => _state;

    private Timestamp Now => _stack.Now;

    private TcpProfile Profile => _stack.Profile;

    private bool Has(ConnectionFlags flag) => (Flags & flag) != 0;

    private void Set(ConnectionFlags flag) => Flags |= flag;

    private void Clear(ConnectionFlags flag) => Flags &= ~flag;

    /// <summary>The only writer of the state: checks the edge against RFC 9293 Figure 5, counts it and tells the observer.</summary>
    private void SetState(TcpState to)
    {
        TcpState from = _state;
        Debug.Assert(StateDiagram.Allows(from, to), $"{from} -> {to} is no edge of RFC 9293 Figure 5");
        _state = to;
        if (to is TcpState.FinWait1) Set(ConnectionFlags.ClosedFirst);
        _stack.StateChanged(Key, from, to, _closeReason);
    }

    /// <summary>ESTABLISHED is reached: both SYNs are acknowledged.</summary>
    private void Establish()
    {
        SetState(TcpState.Established);
        StartCongestionControl();
        ArmKeepAlive();
        _deadlines.Retransmit = Timestamp.Never;
        if (!Has(ConnectionFlags.Orphaned)) _deadlines.Lifetime = Timestamp.Never; // of the OPEN
        _retransmits = 0;
        ArmUserTimeout();
        _linux?.Acknowledgment.Start(Rcv.Mss, Snd.Mss, _linux.OfferLimit);
        Signal(TcpSignals.Connected | TcpSignals.Writable);
        if (ReceiveText.Length > 0) Signal(TcpSignals.Readable); // it came with a SYN that crossed ours
        MakeReady(); // what was queued before: text, a FIN
        if (Has(ConnectionFlags.FinQueued)) SetState(TcpState.FinWait1); // CLOSE came in SYN-SENT or SYN-RECEIVED (3.10.4)
        Listener?.Established(this);
    }

    /// <summary>Ends the connection: no segment of it will be sent or taken any more.</summary>
    private void End(CloseReason reason, TcpError error)
    {
        if (_state is TcpState.Closed) return;
        if (_closeReason is CloseReason.None) _closeReason = reason;
        _error = error;
        bool neverOpened = _state is TcpState.SynSent or TcpState.SynReceived;
        SetState(TcpState.Closed);
        if (neverOpened) _stack.Counters.FailedOpens++;
        DropSendText();
        if (Has(ConnectionFlags.Orphaned)) DropReceiveText();
        Detach();
        Signal(TcpSignals.Ended | TcpSignals.Readable | TcpSignals.Writable | TcpSignals.Drained);
    }

    /// <summary>3.10.7.4: both FINs are acknowledged; a compact entry waits 2MSL in our place.</summary>
    private void EnterTimeWait()
    {
        _closeReason = _state is TcpState.Closing ? CloseReason.SimultaneousClose
            : Has(ConnectionFlags.ClosedFirst) ? CloseReason.LocalClose : CloseReason.RemoteClose;
        SetState(TcpState.TimeWait);
        _stack.AddTimeWait(this, TimestampRecent, Has(ConnectionFlags.Timestamps));
        DropSendText();
        if (Has(ConnectionFlags.Orphaned)) DropReceiveText();
        Detach();
        Signal(TcpSignals.Ended | TcpSignals.Readable | TcpSignals.Drained);
    }

    /// <summary>Leaves the table and the wheel; out-of-order text and what was sacked mean nothing any more.</summary>
    private void Detach()
    {
        _deadlines = Deadlines.None;
        DropOutOfOrder();
        ReleaseFlight();
        _stack.Remove(this);
    }

    private void DropOutOfOrder()
    {
        if (OutOfOrder.Count == 0) return;
        OutOfOrder.Clear();
        ReceiveText.TrimBeyondLength(_stack.Pages);
    }

    /// <summary>Notes what the application may want to know; it is told at the end of the turn.</summary>
    private void Signal(TcpSignals signals)
    {
        if (_signals is TcpSignals.None) _stack.EnqueueSignalled(this);
        _signals |= signals;
    }

    internal TcpSignals TakeSignals()
    {
        TcpSignals signals = _signals;
        _signals = TcpSignals.None;
        return signals;
    }

    /// <summary>Something may have to go out: Output will look.</summary>
    private void MakeReady() => _stack.EnqueueReady(this);

    /// <summary>
    /// Puts the connection into the wheel at its earliest deadline. A deadline that moved later is left to fire and be checked.
    /// </summary>
    private void Reschedule()
    {
        if (!Has(ConnectionFlags.InTable)) return;
        Timestamp earliest = _deadlines.Earliest;
        if (earliest < Deadline) _stack.Wheel.Schedule(this, earliest);
    }
}
