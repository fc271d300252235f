using Synfin.Ethernet;
using Synfin.Ip;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ethernet;

/// <summary>A host on an <see cref="EthernetSegment"/>: a stack, an interface and the cable, which is also the device's offloads.</summary>
internal sealed class EthernetHost : ILink, IStackSignals
{
    private readonly EthernetSegment _segment;

    public EthernetHost(EthernetSegment segment, byte number, EthernetOptions options, StackOptions? stack = null)
    {
        _segment = segment;
        var secret = new StackSecret(number, 77);
        Stack = new NetworkStack(stack ?? new StackOptions(), secret, segment.Now);
        Mac = EthernetFrames.MacOf(number);
        Interface = new EthernetInterface(this, Mac, options, secret, Stack, segment.Now);
        Interface.Conflict += Conflicts.Add;
        Interface.AddressChanged += Changes.Add;
        Routed = new RoutedLink(Stack.Routes, Stack.Counters);
        Routed.Add(Interface);
    }

    public NetworkStack Stack { get; }

    public EthernetInterface Interface { get; }

    public RoutedLink Routed { get; }

    public MacAddress Mac { get; }

    public List<AddressConflict> Conflicts { get; } = [];

    public List<InterfaceAddress> Changes { get; } = [];

    public int Mtu => 1_500;

    public LinkOffloads Offloads { get; set; }

    public int MaxSuperSegment => 32_000;

    public int Room { get; set; } = int.MaxValue;

    /// <summary>Super-segments that went by.</summary>
    public int SuperSegments { get; private set; }

    /// <summary>Gives an address and uses it at once.</summary>
    public EthernetHost With(string address)
    {
        Assert.True(Interface.AddAddress(AddressPrefix.Parse(address), _segment.Now));
        return this;
    }

    public EthernetHost WithRoute(string destination, string gateway)
    {
        Stack.Routes.Add(new Route { Destination = AddressPrefix.Parse(destination), Gateway = InternetAddress.Parse(gateway) });
        return this;
    }

    public TcpListener Listen(ushort port)
    {
        TcpError error = Stack.Listen(InternetAddress.AnyIpv6, port, 16, null, _segment.Now, out TcpListener? listener);
        Assert.Equal(TcpError.None, error);
        return listener!;
    }

    public TcpConnection Connect(string address, ushort port = 80)
    {
        TcpError error = Stack.Connect(InternetAddress.Parse(address), port, null, 0, null, _segment.Now, out TcpConnection? connection);
        Assert.Equal(TcpError.None, error);
        return connection!;
    }

    /// <summary>Sends a datagram, and runs until it is sent or waits.</summary>
    public void SendsTo(string address, int octets = 10)
    {
        InternetAddress to = InternetAddress.Parse(address);
        InternetAddress any = to.IsIpv4 ? InternetAddress.AnyIpv4 : InternetAddress.AnyIpv6;
        Assert.Equal(TcpError.None, Stack.BindUdp(any, 0, _segment.Now, out UdpEndpoint? from));
        Assert.Equal(TcpError.None, from!.Send(new byte[octets], to, 9, _segment.Now));
        _segment.Settle();
        from.Close(_segment.Now);
    }

    /// <summary>The neighbours as "address state".</summary>
    public string[] Neighbors => [.. Interface.Neighbors.Select(n => $"{n.Address} {n.State}")];

    public NeighborEntry Neighbor(string address) => Interface.Neighbors.Single(n => n.Address == InternetAddress.Parse(address));

    public Timestamp NextDeadline => Timestamp.Min(Stack.NextDeadline, Routed.NextDeadline);

    public bool HasWork => Stack.HasOutput || Routed.HasOutput || NextDeadline <= _segment.Now;

    public void Turn()
    {
        Timestamp now = _segment.Now;
        Routed.OnTime(now);
        Stack.OnTime(now);
        Stack.Output(Routed, now);
        Routed.Output(now);
        Stack.DeliverSignals(this);
        Stack.CheckInvariants();
        Interface.CheckInvariants();
    }

    public bool Transmit(in OutboundPacket packet)
    {
        if (Room == 0) return false;
        Room--;
        byte[] frame = new byte[packet.Length];
        packet.CopyTo(frame);
        EthernetFrames.CheckOutbound(in packet, frame);
        if (packet.WireSegments > 1) SuperSegments++;
        _segment.Carry(this, frame, new ReceiveMetadata(packet.ChecksumPartial, packet.WireSegments, packet.SegmentSize));
        return true;
    }

    void IStackSignals.ConnectionSignalled(TcpConnection connection, TcpSignals signals) => _ = signals;

    void IStackSignals.ListenerSignalled(TcpListener listener) => _ = listener;

    void IStackSignals.DatagramSignalled(UdpEndpoint endpoint) => _ = endpoint;
}
