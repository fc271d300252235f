using Synfin.Drill.Sockets;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;

namespace Synfin.Drill.Tests.Sockets;

/// <summary>The engine and the sockets under test, in virtual time.</summary>
internal sealed class EngineWorld : ISocketWorld, ILink, IStackSignals
{
    private const int MaxTurns = 10_000;

    private readonly NetworkStack _stack;

    public EngineWorld(KernelKind kind = KernelKind.Linux, KernelSettings? settings = null)
    {
        TcpProfile profile = kind is KernelKind.Linux ? TcpProfile.Linux : TcpProfile.FreeBsd;
        _stack = new NetworkStack(new StackOptions { Profile = profile }, new StackSecret(5, 6), Timestamp.Zero);
        _stack.AddAddress(Host);
        Kernel = new KernelSockets(_stack, kind, settings);
    }

    public KernelSockets Kernel { get; }

    public ISockets Sockets => Kernel;

    public Timestamp Now { get; private set; }

    public InternetAddress Host => InternetAddress.FromIpv4(192, 168, 0, 1);

    public InternetAddress Peer => InternetAddress.FromIpv4(192, 0, 2, 1);

    public Queue<byte[]> Sent { get; } = new();

    public int Mtu => 1500;

    public LinkOffloads Offloads => LinkOffloads.None;

    public int MaxSuperSegment => 0;

    public void Arrives(byte[] packet)
    {
        _stack.Input(packet, default, Now);
        Settle();
    }

    public void Settle()
    {
        _stack.OnTime(Now);
        Kernel.AfterStep(Now);
        _stack.Output(this, Now);
        _stack.DeliverSignals(this);
        _stack.CheckInvariants();
    }

    /// <summary>Time passes; deadlines in between are acted on, each at its time.</summary>
    public void After(Duration time)
    {
        Timestamp end = Now + time;
        for (int turns = 0; _stack.NextDeadline is var next && next <= end; turns++)
        {
            Assert.True(turns < MaxTurns, "the stack does not come to rest");
            Now = Timestamp.Max(Now, next);
            Settle();
        }
        Now = end;
        Settle();
    }

    public void Dispose() => _stack.AbortAll(Now);

    bool ILink.Transmit(in OutboundPacket packet)
    {
        byte[] copy = new byte[packet.Length];
        packet.CopyTo(copy);
        Sent.Enqueue(copy);
        return true;
    }

    void IStackSignals.ConnectionSignalled(TcpConnection connection, TcpSignals signals) => _ = signals;

    void IStackSignals.ListenerSignalled(TcpListener listener) => _ = listener;
}
