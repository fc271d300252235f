using System.Collections.Generic;
using Synfin.Drill.Sockets;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Running;

/// <summary>
/// What the parts of one run share: the stack under test, its clock, the packets that no line has taken, and the call that blocks.
/// </summary>
internal sealed class RunState(IStackUnderTest stack, ScriptClock clock, FlowTable flows)
{
    /// <summary>How many packets a failure's report shows.</summary>
    private const int MaxSeen = 12;

    private readonly Queue<SeenPacket> _seen = new();

    public IStackUnderTest Stack { get; } = stack;

    public ScriptClock Clock { get; } = clock;

    public FlowTable Flows { get; } = flows;

    /// <summary>Packets out that no line has taken yet, oldest first.</summary>
    public List<LivePacket> Waiting { get; } = [];

    /// <summary>The call that has not returned, or null.</summary>
    public PendingCall? Pending { get; set; }

    /// <summary>What was let pass.</summary>
    public List<string> Leniencies { get; } = [];

    /// <summary>The last packets.</summary>
    public IReadOnlyList<SeenPacket> Seen => [.. _seen.OrderBy(packet => packet.Time)];

    public Timestamp Now => Stack.Now;

    /// <summary>Lets time pass to a point, whatever happens meanwhile.</summary>
    public void WaitUntil(Timestamp time)
    {
        while (Now < time) Advance(time);
    }

    /// <summary>Lets time pass until something happens, at most to a point.</summary>
    public void Advance(Timestamp until)
    {
        if (Pending is { } pending) until = Timestamp.Min(until, Timestamp.Max(pending.NextLook(Now), Now));
        Stack.Advance(until);
        Drain();
        Pending?.Look(this);
    }

    /// <summary>Makes a call, or asks again about one.</summary>
    public SocketResult Invoke(SocketCall call)
    {
        SocketResult result = Stack.Invoke(call);
        Drain();
        return result;
    }

    /// <summary>A packet goes in.</summary>
    public void Inject(byte[] packet)
    {
        Stack.Inject(packet);
        Drain();
        Pending?.Look(this);
    }

    /// <summary>Notes a packet for the report of a failure.</summary>
    public void Note(Timestamp time, bool isInbound, string text, int? line)
    {
        if (_seen.Count == MaxSeen) _seen.Dequeue();
        _seen.Enqueue(new SeenPacket(Clock.SinceStart(time), isInbound, text, line));
    }

    /// <summary>An end of the run: a line came otherwise.</summary>
    public ScriptFailedException Failure(int line, string expected, string came, Timestamp? when = null) =>
        new(line, expected, came, when ?? Now);

    /// <summary>Takes what the stack sent, and finds whose it is.</summary>
    public void Drain()
    {
        while (Stack.TryTakeOutbound(out CapturedPacket captured))
        {
            LivePacket packet = LivePacket.Read(captured);
            if (packet.Protocol is IpProtocol.Tcp or IpProtocol.Udp)
            {
                packet.Flow = Flows.ForOutbound(packet);
                packet.Flow.LastSent = packet.Octets;
                if (packet.IsSyn) packet.Flow.Sent.Guess((uint)packet.Segment!.Seq);
            }
            Waiting.Add(packet);
        }
    }
}
