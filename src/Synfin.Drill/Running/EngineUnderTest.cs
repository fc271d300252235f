using System;
using Synfin.Drill.Sockets;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>
/// Synfin's engine under virtual time: each packet, call and deadline gets a turn of its own, as <see cref="NetworkStack"/> documents it,
/// and nothing takes time but waiting.
/// </summary>
internal sealed class EngineUnderTest : IStackUnderTest, IStackSignals
{
    /// <summary>More turns than any script needs: what takes more does not come to rest.</summary>
    public const int MaxTurns = 1_000_000;

    /// <summary>Rounds of output and signals in one turn: a call that a signal completes may have something to send.</summary>
    private const int MaxRounds = 64;

    private readonly NetworkStack _stack;
    private readonly RecordingLink _link;
    private readonly KernelSockets _sockets;
    private readonly IPacketTap? _tap;
    private int _turns;

    /// <summary>An engine at a point in time.</summary>
    /// <param name="stack">The engine, with its addresses.</param>
    /// <param name="sockets">Its sockets.</param>
    /// <param name="mtu">The interface's MTU in octets.</param>
    /// <param name="now">The time.</param>
    /// <param name="tap">Sees the packets, or null.</param>
    public EngineUnderTest(NetworkStack stack, KernelSockets sockets, int mtu, Timestamp now, IPacketTap? tap)
    {
        _stack = stack;
        _sockets = sockets;
        _tap = tap;
        _link = new RecordingLink(mtu, tap);
        Now = now;
    }

    /// <summary>The engine.</summary>
    public NetworkStack Stack => _stack;

    public Timestamp Now { get; private set; }

    public bool IsVirtualTime => true;

    public void Advance(Timestamp until)
    {
        Timestamp next = Timestamp.Max(Now, Timestamp.Min(_stack.NextDeadline, _sockets.NextDeadline));
        if (next > until)
        {
            Now = Timestamp.Max(Now, until);
            return;
        }
        Now = next;
        Turn();
    }

    public void Inject(ReadOnlySpan<byte> ipPacket)
    {
        _tap?.Arriving(ipPacket, Now);
        _stack.Input(ipPacket, default, Now);
        Turn();
    }

    public bool TryTakeOutbound(out CapturedPacket packet) => _link.TryTake(out packet);

    public SocketResult Invoke(SocketCall call)
    {
        SocketResult result = _sockets.Invoke(call, Now);
        Turn();
        return result;
    }

    /// <summary>Does something to the engine that is neither a packet nor a call, and what follows from it.</summary>
    public void Run(Action<NetworkStack> act)
    {
        act(_stack);
        Turn();
    }

    public void Dispose()
    {
    }

    /// <summary>Nobody waits for signals here: calls that block are asked again after each turn.</summary>
    void IStackSignals.ConnectionSignalled(TcpConnection connection, TcpSignals signals)
    {
    }

    void IStackSignals.ListenerSignalled(TcpListener listener)
    {
    }

    private void Turn()
    {
        if (++_turns > MaxTurns) throw new RunawayException(Now, MaxTurns);
        _link.Now = Now;
        _stack.OnTime(Now);
        for (int round = 0; round < MaxRounds; round++)
        {
            _sockets.AfterStep(Now);
            _stack.Output(_link, Now);
            _stack.DeliverSignals(this);
            if (!_stack.HasOutput && !_stack.HasSignals) return;
        }
    }
}
