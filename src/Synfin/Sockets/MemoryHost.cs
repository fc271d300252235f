using Synfin.Links;
using Synfin.Runtime;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Sockets;

/// <summary>One of the two hosts of a <see cref="MemoryNetwork"/>; to be used at the gate alone.</summary>
internal sealed class MemoryHost
{
    private readonly NetworkStack _engine;
    private readonly FrameQueue _arriving;
    private readonly SoftwareSegmentation _link;

    public MemoryHost(
        StackOptions options, SharedGate gate, Func<Timestamp> clock, FrameQueue arriving, FrameQueue leaving, InternetAddress[] addresses)
    {
        _engine = new NetworkStack(options, RandomSecret.Next(), clock());
        foreach (InternetAddress address in addresses) _engine.AddAddress(address);
        _arriving = arriving;
        _link = new SoftwareSegmentation(leaving);
        Addresses = addresses;
        Tcp = new TcpStack(_engine, clock, gate) { OutputReady = gate.AddWork };
    }

    public IReadOnlyList<InternetAddress> Addresses { get; }

    public TcpStack Tcp { get; }

    public Timestamp NextDeadline => _engine.NextDeadline;

    /// <summary>Does what there is to do now; deadlines only if <paramref name="isDue"/>.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool Turn(Timestamp now, bool isDue)
    {
        if (isDue) _engine.OnTime(now);
        if (_arriving.IsEmpty && !_engine.HasOutput && !_engine.HasSignals) return isDue;
        while (_arriving.TryTake(out ReadOnlySpan<byte> frame)) _engine.Input(frame, default, now);
        if (_engine.HasSignals) Tcp.DeliverSignalsAtGate();
        _engine.Output(_link, now);
        if (_engine.HasSignals) Tcp.DeliverSignalsAtGate();
        return true;
    }

    /// <summary>All connections end, and whoever waits is told.</summary>
    public void Stop(Timestamp now)
    {
        _engine.AbortAll(now);
        Tcp.OutputReady = null;
        Tcp.Abandon();
        Tcp.DeliverSignals();
    }
}
