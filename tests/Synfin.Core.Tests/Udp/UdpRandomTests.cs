using System.Buffers.Binary;
using System.Globalization;
using Synfin.Core.Tests.Buffers;
using Synfin.Core.Tests.Engine;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Udp;

/// <summary>Random datagrams, ICMP and calls: no exception, no broken invariant, nothing changed on its way, nothing left.</summary>
[Collection("Alone")]
public sealed class UdpRandomTests
{
    [Fact]
    [Trait("Threat", "51")]
    [Trait("Threat", "52")]
    public void Whatever_arrives_the_invariants_hold_and_nothing_is_left()
    {
        for (ulong seed = 0; seed < 300; seed++) new Walk(seed).Run();
    }

    [Fact]
    public void Datagrams_to_ourselves_arrive_as_they_were_sent_and_in_order()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var random = new SeededGenerator(seed);
            var host = new UdpHost(new StackOptions { MaxLoopbackPackets = 3, MaxUdpQueueDatagrams = 16 });
            UdpEndpoint server = host.Bind(InternetAddress.AnyIpv6, 53);
            UdpEndpoint client = host.Bind(InternetAddress.AnyIpv6, 54);
            var expected = new Queue<byte[]>();
            for (int step = 0; step < 300; step++)
            {
                byte[] data = random.Octets((int)random.OfAnySize(13));
                TcpError error = client.Send(data, Given.Us, 53, host.Now);
                if (error is TcpError.None) expected.Enqueue(data);
                else Assert.Equal(TcpError.WouldBlock, error);
                if (!random.OneIn(3)) continue;
                while (server.ReceiveQueueCount > 0) Assert.Equal(expected.Dequeue(), host.Receives(server));
                host.Turn(); // at most as many as the server has room for
            }
            while (server.ReceiveQueueCount > 0) Assert.Equal(expected.Dequeue(), host.Receives(server));
            host.Turn();
            while (expected.Count > 0) Assert.Equal(expected.Dequeue(), host.Receives(server));
            Assert.Equal((0, 0), (host.Stack.PagesInUse, host.Drops(DropReason.DatagramQueueFull)));
        }
    }

    [Fact]
    public void Receiving_and_sending_allocate_nothing_once_the_queues_have_their_size()
    {
        NetworkStack stack = ListenTests.Host(Given.Us);
        Assert.Equal(TcpError.None, stack.BindUdp(Given.Us, 53, Timestamp.Zero, out UdpEndpoint? endpoint));
        byte[] packet = UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, new byte[1_200]);
        byte[] buffer = new byte[2_000];
        var link = new CountingLink();
        var signals = new Nobody();
        long before = 0;
        for (int round = 0; round < 2_000; round++)
        {
            if (round == 1_000) before = GC.GetAllocatedBytesForCurrentThread(); // by then everything has been compiled
            Timestamp now = Timestamp.Zero + Duration.FromMicroseconds(round);
            for (int i = 0; i < 8; i++) stack.Input(packet, default, now);
            while (endpoint!.Receive(buffer, now, out ReceivedDatagram datagram) is TcpError.None)
                endpoint.Send(buffer.AsSpan(0, datagram.Count), datagram.RemoteAddress, datagram.RemotePort, now);
            stack.Output(link, now);
            stack.DeliverSignals(signals);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((16_000, 2_000), (link.Count, signals.Count));
    }

    private sealed class Walk(ulong seed)
    {
        private readonly SeededGenerator _random = new(seed);
        private readonly UdpHost _host = new(new StackOptions { MaxUdpQueueDatagrams = 8, MaxPages = 24, MaxUdpEndpoints = 6 });
        private readonly List<UdpEndpoint> _open = [];
        private readonly byte[] _buffer = new byte[3_000];

        public void Run()
        {
            try
            {
                for (int step = 0; step < 120; step++) Step();
                foreach (UdpEndpoint endpoint in _open) endpoint.Close(_host.Now);
                _host.Link.Room = int.MaxValue;
                _host.Turn();
                Assert.Equal((0, 0, false), (_host.Stack.PagesInUse, _host.Stack.UdpEndpointCount, _host.Stack.HasOutput));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {e.Message}"), e);
            }
        }

        private void Step()
        {
            _host.Link.Room = _random.Below(4);
            _host.After(Duration.FromMilliseconds(_random.Below(1_000)));
            switch (_random.Below(8))
            {
                case 0:
                    InternetAddress[] all = [Given.Us, Given.UsIpv6, InternetAddress.AnyIpv4, InternetAddress.AnyIpv6];
                    _host.Stack.BindUdp(all[_random.Below(4)], (ushort)_random.Below(4), _host.Now, out UdpEndpoint? bound);
                    if (bound is not null) _open.Add(bound);
                    break;
                case 1 when _open.Count > 0:
                    UdpEndpoint closed = _open[_random.Below(_open.Count)];
                    closed.Close(_host.Now);
                    _open.Remove(closed);
                    break;
                case 2 when _open.Count > 0:
                    _open[_random.Below(_open.Count)].Connect(Address(), (ushort)_random.Below(4), _host.Now);
                    break;
                case 3 when _open.Count > 0:
                    _open[_random.Below(_open.Count)].Receive(_buffer.AsSpan(0, _random.Below(3_000)), _host.Now, out _);
                    break;
                case 4 when _open.Count > 0:
                    UdpEndpoint sender = _open[_random.Below(_open.Count)];
                    byte[] data = _random.Octets(_random.Below(1_600));
                    if (sender.Send(data, Address(), (ushort)_random.Below(4), _host.Now) is TcpError.None) break;
                    sender.Send(data, _host.Now);
                    break;
                case 5 when _host.Link.Packets.Count > 0:
                    byte[] quoted = _host.Link.Packets[_random.Below(_host.Link.Packets.Count)];
                    byte kind = (byte)(_random.OneIn(2) ? 3 : _random.Below(13));
                    _host.Arrives(Packets.Error(quoted, kind, (byte)_random.Below(14), (uint)_random.Below(2_000)));
                    break;
                default:
                    _host.Arrives(Damaged(UdpHost.Datagram(
                        Given.Peer, (ushort)_random.Below(4), Given.Us, (ushort)_random.Below(4), _random.Octets(_random.Below(1_400)))));
                    break;
            }
            _host.Turn();
        }

        private InternetAddress Address() => _random.Below(5) switch
        {
            0 => Given.Us,
            1 => Given.PeerIpv6,
            2 => InternetAddress.AnyIpv4,
            _ => Given.Peer,
        };

        private byte[] Damaged(byte[] packet)
        {
            switch (_random.Below(4))
            {
                case 0:
                    BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(24), (ushort)_random.OfAnySize(16));
                    BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(26), 0);
                    return packet;
                case 1:
                    packet[_random.Below(packet.Length)] ^= (byte)_random.Next();
                    return packet;
                case 2:
                    return packet[.._random.Below(packet.Length)];
                default:
                    return packet;
            }
        }
    }

    private sealed class Nobody : IStackSignals
    {
        public int Count { get; private set; }

        public void ConnectionSignalled(TcpConnection connection, TcpSignals signals) => _ = signals;

        public void ListenerSignalled(TcpListener listener) => _ = listener;

        public void DatagramSignalled(UdpEndpoint endpoint) => Count++;
    }
}
