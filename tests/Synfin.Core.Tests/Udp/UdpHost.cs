using Synfin.Core.Tests.Engine;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Udp;

/// <summary>A host that speaks UDP by hand: every call is one event, followed by a turn and a check of the invariants.</summary>
internal sealed class UdpHost : IStackSignals
{
    public UdpHost(StackOptions? options = null)
    {
        Stack = ListenTests.Host(options ?? new StackOptions(), Given.Us, Second, Given.UsIpv6);
        Link = new RecordingLink();
    }

    public static InternetAddress Second { get; } = InternetAddress.FromIpv4(192, 168, 0, 2);

    public NetworkStack Stack { get; }

    public RecordingLink Link { get; }

    public Timestamp Now { get; private set; } = Timestamp.Zero;

    public List<UdpEndpoint> Signals { get; } = [];

    public List<Synfin.Ip.EchoEndpoint> Echoes { get; } = [];

    public static byte[] Datagram(
        InternetAddress from, ushort fromPort, InternetAddress to, ushort toPort, ReadOnlySpan<byte> data, bool checksum = true)
    {
        byte[] udp = new byte[UdpHeader.HeaderLength + data.Length];
        UdpHeaderWriter.Write(udp, fromPort, toPort, data.Length);
        data.CopyTo(udp.AsSpan(UdpHeader.HeaderLength));
        if (checksum) UdpHeaderWriter.WriteChecksum(udp, from, to);
        return Packets.InIp(from, to, IpProtocol.Udp, udp);
    }

    public UdpEndpoint Bind(InternetAddress address, ushort port)
    {
        Assert.Equal(TcpError.None, Stack.BindUdp(address, port, Now, out UdpEndpoint? endpoint));
        return endpoint!;
    }

    public long Drops(DropReason reason) => Stack.Counters.Dropped[(int)reason];

    public void After(Duration time) => Now += time;

    public void Arrives(byte[] packet, bool checksumVerified = false)
    {
        Stack.Input(packet, new ReceiveMetadata(checksumVerified), Now);
        Turn();
    }

    /// <summary>Turns until nothing is left but what the link has no room for.</summary>
    public void Turn()
    {
        do
        {
            Stack.OnTime(Now);
            bool done = Stack.Output(Link, Now);
            Stack.DeliverSignals(this);
            Stack.CheckInvariants();
            if (!done) return;
        }
        while (Stack.HasOutput || Stack.NextDeadline <= Now);
    }

    /// <summary>The only packet since the last call.</summary>
    public byte[] TakeSent()
    {
        byte[] packet = Assert.Single(Link.Packets);
        Link.Packets.Clear();
        return packet;
    }

    public byte[] Receives(UdpEndpoint endpoint) => Receives(endpoint, out _);

    public byte[] Receives(UdpEndpoint endpoint, out ReceivedDatagram datagram)
    {
        byte[] buffer = new byte[65_535];
        Assert.Equal(TcpError.None, endpoint.Receive(buffer, Now, out datagram));
        Stack.CheckInvariants();
        return buffer[..datagram.Count];
    }

    public TcpError Fails(UdpEndpoint endpoint) => endpoint.Receive(new byte[1], Now, out _);

    void IStackSignals.ConnectionSignalled(TcpConnection connection, TcpSignals signals) => _ = signals;

    void IStackSignals.ListenerSignalled(TcpListener listener) => _ = listener;

    void IStackSignals.DatagramSignalled(UdpEndpoint endpoint) => Signals.Add(endpoint);

    void IStackSignals.EchoSignalled(Synfin.Ip.EchoEndpoint endpoint) => Echoes.Add(endpoint);
}
