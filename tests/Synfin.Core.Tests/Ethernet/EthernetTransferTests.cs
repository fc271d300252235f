using Synfin.Core.Tests.Engine;
using Synfin.Ethernet;
using Synfin.Ip;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ethernet;

/// <summary>TCP through it all: two stacks, two interfaces, a cable; and what a packet costs once its next hop is known.</summary>
[Collection("Alone")]
public sealed class EthernetTransferTests
{
    private readonly EthernetSegment _segment = new();

    [Theory]
    [InlineData("10.0.0.2", false)]
    [InlineData("10.0.0.2", true)]
    [InlineData("fd00::2", false)]
    [InlineData("fd00::2", true)]
    public void A_megabyte_arrives_whole_with_and_without_offloads_while_frames_are_lost(string to, bool offloads)
    {
        LinkOffloads does = offloads ? LinkOffloads.TransmitChecksum | LinkOffloads.Segmentation : LinkOffloads.None;
        EthernetHost a = _segment.Host(1).With("10.0.0.1/24").With("fd00::1/64");
        EthernetHost b = _segment.Host(2).With("10.0.0.2/24").With("fd00::2/64");
        a.Offloads = b.Offloads = does;
        a.Routed.Refresh();
        b.Routed.Refresh();
        int frames = 0;
        _segment.Lose = _ => ++frames % 97 == 0;
        TcpListener listener = b.Listen(80);
        TcpConnection client = a.Connect(to);
        _segment.Run(5);
        Assert.Equal(TcpError.None, listener.Accept(_segment.Now, out TcpConnection? server));
        byte[] data = new byte[1_000_000];
        for (int i = 0; i < data.Length; i++) data[i] = (byte)(i * 7 + (i >> 9));
        byte[] got = new byte[data.Length];
        int sent = 0, received = 0;
        for (int turn = 0; turn < 2_000 && received < data.Length; turn++)
        {
            client.Send(data.AsSpan(sent), _segment.Now, out int taken);
            sent += taken;
            _segment.Run(0.05);
            server!.Receive(got.AsSpan(received), _segment.Now, out int read);
            received += read;
        }
        Assert.Equal(data, got);
        Assert.Equal(offloads, a.SuperSegments > 0);
        client.Close(_segment.Now);
        server!.Close(_segment.Now);
        _segment.Run(300);
        Assert.Equal((0, 0, 0), (a.Stack.ConnectionCount + a.Stack.TimeWaitCount, b.Stack.ConnectionCount, a.Stack.PagesInUse));
    }

    [Fact]
    public void A_super_segment_that_waits_for_its_neighbour_goes_as_the_one_that_it_was()
    {
        EthernetHost a = _segment.Host(1).With("10.0.0.1/24");
        EthernetHost b = _segment.Host(2).With("10.0.0.2/24");
        a.Offloads = LinkOffloads.TransmitChecksum | LinkOffloads.Segmentation;
        a.Routed.Refresh();
        TcpListener listener = b.Listen(80);
        TcpConnection client = a.Connect("10.0.0.2");
        _segment.Run(1);
        Assert.Equal(TcpError.None, listener.Accept(_segment.Now, out TcpConnection? server));
        a.Interface.RemoveNeighbor(InternetAddress.Parse("10.0.0.2"));
        byte[] data = [.. Enumerable.Range(0, 12_000).Select(i => (byte)(i * 3))];
        client.Send(data, _segment.Now, out _);
        _segment.Run(1);
        Assert.True(a.SuperSegments > 0);
        byte[] got = new byte[12_000];
        server!.Receive(got, _segment.Now, out int read);
        Assert.Equal(12_000, read);
        Assert.Equal(data, got);
        Assert.Equal(0, client.Status().TotalRetransmits);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2")]
    [InlineData("fd00::1", "fd00::2")]
    public void To_a_known_neighbour_and_from_it_nothing_is_allocated(string us, string peer)
    {
        var stack = new NetworkStack(new StackOptions(), new StackSecret(1, 2), Timestamp.Zero);
        var link = new CountingLink();
        var options = new EthernetOptions { Autoconfiguration = false, DuplicateAddressDetections = 0 };
        var below = new EthernetInterface(link, EthernetFrames.MacOf(1), options, new StackSecret(1, 2), stack, Timestamp.Zero);
        below.AddAddress(AddressPrefix.Parse(us + (us[0] == '1' ? "/24" : "/64")), Timestamp.Zero);
        InternetAddress to = InternetAddress.Parse(peer), from = InternetAddress.Parse(us);
        below.AddPermanentNeighbor(to, EthernetFrames.MacOf(2));
        byte[] small = new byte[60], large = new byte[1_500];
        foreach (byte[] packet in (byte[][])[small, large])
        {
            int ip = to.IsIpv4 ? 20 : 40;
            IpHeaderWriter.Write(packet, from, to, IpProtocol.Tcp, packet.Length - ip, 0, 64, 0);
        }
        byte[] arriving = new byte[60];
        IpHeaderWriter.Write(arriving, to, from, IpProtocol.Udp, to.IsIpv4 ? 40 : 20, 0, 64, 0); // nobody's, and too short: dropped
        ushort type = to.IsIpv4 ? EtherType.Ipv4 : EtherType.Ipv6;
        byte[] frame = EthernetFrames.Frame(EthernetFrames.MacOf(1), EthernetFrames.MacOf(2), type, arriving);
        long before = 0;
        for (int round = 0; round < 2_000; round++)
        {
            if (round == 1_000) before = GC.GetAllocatedBytesForCurrentThread(); // by then everything has been compiled
            Timestamp now = Timestamp.Zero + Duration.FromMilliseconds(round);
            Assert.True(below.Transmit(new OutboundPacket { Header = small, TransportOffset = 20, WireSegments = 1 }, to, now));
            Assert.True(below.Transmit(new OutboundPacket { Header = large, TransportOffset = 20, WireSegments = 1 }, to, now));
            below.Input(frame, default, stack, now);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((4_000, 2_000), (link.Count, stack.Counters.PacketsReceived));
    }

    [Fact]
    public void What_the_link_padded_is_cut_off()
    {
        EthernetHost a = _segment.Host(1).With("10.0.0.1/24");
        _segment.Run(5);
        byte[] packet = Packets.Tcp(InternetAddress.Parse("10.0.0.2"), 5, InternetAddress.Parse("10.0.0.1"), 6, TcpFlags.Syn);
        _segment.Carry(null, EthernetFrames.Frame(a.Mac, EthernetFrames.MacOf(2), EtherType.Ipv4, [.. packet, 1, 2, 3, 4, 5, 6]), default);
        _segment.Settle();
        Assert.Equal(1, a.Stack.Counters.SegmentsReceived);
        Assert.Equal(0, a.Stack.Counters.Dropped[(int)DropReason.Malformed]);
    }

    private sealed class CountingLink : ILink
    {
        public int Count { get; private set; }

        public int Mtu => 1_500;

        public LinkOffloads Offloads => LinkOffloads.None;

        public int MaxSuperSegment => 0;

        public bool Transmit(in OutboundPacket packet)
        {
            if (packet.Header[12] is 0x08 or 0x86 && packet.Header[13] is 0x00 or 0xDD && packet.Header[5] == 2) Count++;
            return true;
        }
    }
}
