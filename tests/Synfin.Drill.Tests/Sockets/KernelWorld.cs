using Synfin.Drill.Sockets;
using Synfin.Linux;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Tests.Sockets;

/// <summary>
/// The kernel that runs the tests, in a namespace of its own behind a TUN device. What it does about a segment or a call is done when the
/// write or the call returns, so nothing waits for time to pass.
/// </summary>
internal sealed class KernelWorld : ISocketWorld
{
    private readonly TunDevice _device;
    private readonly RealSockets _sockets = new();

    /// <summary>To be made, and used, on the namespace's thread.</summary>
    public KernelWorld()
    {
        Write("ipv4/conf/all/rp_filter", "0");
        Write("ipv4/tcp_timestamps", "0");
        Write("ipv4/tcp_no_metrics_save", "1");
        _device = TunDevice.Open(new TunDeviceOptions { Name = "drill0", Offloads = false });
        _device.SetHostAddress(Host, 24);
        _device.Up();
    }

    public ISockets Sockets => _sockets;

    public Timestamp Now => Timestamp.Zero;

    public InternetAddress Host => InternetAddress.FromIpv4(10, 78, 0, 1);

    public InternetAddress Peer => InternetAddress.FromIpv4(10, 78, 0, 2);

    public Queue<byte[]> Sent { get; } = new();

    public void Arrives(byte[] packet)
    {
        var outbound = new OutboundPacket { Header = packet, TransportOffset = IpHeader.Ipv4Length, WireSegments = 1 };
        Assert.True(_device.Queues[0].Transmit(in outbound), "the device takes no packet");
        Settle();
    }

    public void Settle()
    {
        while (_device.Queues[0].TryRead(out ReadOnlySpan<byte> packet, out _)) Sent.Enqueue(packet.ToArray());
    }

    public void Dispose()
    {
        _sockets.Dispose();
        _device.Dispose();
    }

    private static void Write(string name, string value) => File.WriteAllText($"/proc/sys/net/{name}", value);
}
