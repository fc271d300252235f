using Synfin.Drill.Running;
using Synfin.Drill.Sockets;
using Synfin.Linux;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Oracle.Tests.Drill;

/// <summary>
/// The kernel of this machine as the stack under test: its own sockets, a TUN device for a wire, and time that passes by itself.
/// </summary>
/// <param name="device">The device, in the namespace of the thread that runs the script.</param>
internal sealed class KernelUnderTest(TunDevice device) : IStackUnderTest
{
    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(0.5);

    private readonly Queue<CapturedPacket> _packets = new();
    private readonly SystemSockets _sockets = new();
    private readonly ManualResetEventSlim _never = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public Timestamp Now => Timestamp.Zero + Duration.FromSeconds(1_000) + new Duration(_watch.Elapsed.Ticks * 100);

    public bool IsVirtualTime => false;

    public void Advance(Timestamp until)
    {
        // Back after each glance: a call that blocks may have ended, which no packet needs to tell.
        if (!Drain() && Now < until) _never.Wait(_glance);
        Drain();
    }

    public void Inject(ReadOnlySpan<byte> ipPacket)
    {
        var packet = new OutboundPacket { Header = ipPacket, TransportOffset = IpHeader.Ipv4Length, WireSegments = 1 };
        if (!device.Queues[0].Transmit(in packet)) throw new InvalidOperationException("the device takes no packet");
        Drain();
    }

    public bool TryTakeOutbound(out CapturedPacket packet)
    {
        Drain();
        return _packets.TryDequeue(out packet);
    }

    public SocketResult Invoke(SocketCall call)
    {
        SocketResult result = _sockets.Invoke(call, Now);
        Drain();
        return result;
    }

    public void Dispose()
    {
        _sockets.Dispose();
        _never.Dispose();
    }

    private bool Drain()
    {
        bool any = false;
        while (device.Queues[0].TryRead(out ReadOnlySpan<byte> packet, out _))
        {
            bool v6 = packet[0] >> 4 == 6;
            byte protocol = packet[v6 ? 6 : 9];
            // A host's own chatter (neighbours, routers, groups) is no part of a script.
            if (v6 && protocol != IpProtocol.Tcp && protocol != IpProtocol.Udp) continue;
            if (!v6 && protocol == 2) continue;
            _packets.Enqueue(new CapturedPacket(packet.ToArray(), Now));
            any = true;
        }
        return any;
    }
}
