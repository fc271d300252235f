using System.Globalization;
using Synfin.Core.Tests.Buffers;
using Synfin.Core.Tests.Engine;
using Synfin.Core.Tests.Udp;
using Synfin.Stack;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ip;

/// <summary>What is special about fragments of IPv6, and arbitrary ones of both families.</summary>
[Trait("Threat", "59")]
public sealed class Ipv6FragmentTests
{
    private const byte Fragment = 44;
    private const byte DestinationOptions = 60;

    private readonly UdpHost _host = new();
    private readonly UdpEndpoint _endpoint;

    public Ipv6FragmentTests() => _endpoint = _host.Bind(InternetAddress.AnyIpv6, 53);

    private static byte[] Udp(int length)
    {
        byte[] packet = UdpHost.Datagram(Given.PeerIpv6, 9, Given.UsIpv6, 53, new byte[length]);
        return Packets.Ip(packet).Payload(packet).ToArray();
    }

    private void Arrives(byte protocol, ReadOnlySpan<byte> payload, int offset, bool more, uint id = 7) =>
        _host.Arrives(Fragments.One(Given.PeerIpv6, Given.UsIpv6, protocol, payload, offset, more, id));

    [Fact]
    [Trait("Rfc", "6946 4")]
    [Trait("Cve", "2016-10142")]
    public void An_atomic_fragment_is_whole_and_has_nothing_to_do_with_others_of_its_name()
    {
        byte[] udp = Udp(100);
        Arrives(IpProtocol.Udp, udp.AsSpan(0, 56), 0, more: true);
        Arrives(IpProtocol.Udp, udp, 0, more: false); // the same identification
        Assert.Equal((1, 1), (_endpoint.ReceiveQueueCount, _host.Stack.ReassemblyCount));
        Arrives(IpProtocol.Udp, udp.AsSpan(56), 56, more: false);
        Assert.Equal((2, 0), (_endpoint.ReceiveQueueCount, _host.Stack.ReassemblyCount));
    }

    [Theory]
    [InlineData(IpProtocol.Tcp, 16)]
    [InlineData(DestinationOptions, 8)] // the options, and nothing behind them
    [InlineData(DestinationOptions, 16)] // 8 octets of TCP
    [Trait("Rfc", "7112 5")]
    [Trait("Threat", "54")]
    public void A_first_fragment_without_all_headers_is_refused_and_its_sender_told(byte protocol, int length)
    {
        byte[] payload = new byte[length];
        if (protocol == DestinationOptions) (payload[0], payload[2], payload[3]) = (IpProtocol.Tcp, 1, 4);
        Arrives(protocol, payload, 0, more: true);
        Assert.Equal((0, 1), (_host.Stack.ReassemblyCount, _host.Drops(DropReason.Fragment)));
        byte[] told = _host.TakeSent();
        Assert.Equal([4, 3], Packets.Ip(told).Payload(told)[..2].ToArray()); // parameter problem: incomplete header chain
    }

    [Theory]
    [InlineData(Fragment)]
    [InlineData(0)] // hop-by-hop options
    [Trait("Cve", "2021-24086")]
    [Trait("Threat", "54")]
    public void Headers_that_belong_before_fragments_are_refused_within_them(byte protocol)
    {
        byte[] payload = new byte[64];
        (payload[0], payload[2], payload[3]) = (IpProtocol.Udp, 1, 4);
        Arrives(protocol, payload, 0, more: true);
        Arrives(protocol, payload, 64, more: false);
        Assert.Equal((0, 2), (_endpoint.ReceiveQueueCount, _host.Drops(DropReason.Fragment) + _host.Stack.ReassemblyCount));
        Assert.Equal(0, _host.Stack.Counters.DatagramsReassembled);
    }

    [Fact]
    public void Destination_options_in_the_first_fragment_are_walked_when_the_datagram_is_whole()
    {
        byte[] udp = Udp(100);
        byte[] payload = [IpProtocol.Udp, 0, 1, 4, 0, 0, 0, 0, .. udp];
        Arrives(DestinationOptions, payload.AsSpan(0, 64), 0, more: true);
        Arrives(DestinationOptions, payload.AsSpan(64), 64, more: false);
        Assert.Equal(100, _host.Receives(_endpoint).Length);
        payload[2] = 0xC1; // an option that is not known, of a type that asks for an answer
        Arrives(DestinationOptions, payload.AsSpan(0, 64), 0, more: true);
        Arrives(DestinationOptions, payload.AsSpan(64), 64, more: false);
        Assert.Equal(1, _host.Drops(DropReason.Malformed));
        byte[] told = _host.TakeSent();
        Assert.Equal([4, 2, 0, 0, 0, 42], Packets.Ip(told).Payload(told)[..8].ToArray().Where((_, i) => i is not (2 or 3)));
    }

    [Fact]
    public void A_middle_fragment_that_is_no_multiple_of_8_is_refused_and_its_sender_told()
    {
        byte[] packet = Fragments.One(Given.PeerIpv6, Given.UsIpv6, IpProtocol.Udp, Udp(100).AsSpan(0, 20), 0, more: false);
        packet[43] |= 1; // more
        _host.Arrives(packet);
        byte[] told = _host.TakeSent();
        Assert.Equal([4, 0, 0, 0, 0, 4], Packets.Ip(told).Payload(told)[..8].ToArray().Where((_, i) => i is not (2 or 3)));
        Assert.Equal(0, _host.Stack.ReassemblyCount);
    }

    [Fact]
    [Trait("Threat", "51")]
    [Trait("Threat", "52")]
    public void Of_arbitrary_fragments_only_what_an_oracle_agrees_with_arrives()
    {
        for (ulong seed = 0; seed < 400; seed++) new Walk(seed).Run();
    }

    /// <summary>
    /// Datagrams cut anywhere, in any order, some fragments twice or missing, some with other octets or in another place. The UDP checksum
    /// tells the oracle apart from chance: whatever arrives is one of the datagrams that were sent, and those that nobody spoilt arrive.
    /// </summary>
    private sealed class Walk(ulong seed)
    {
        private readonly SeededGenerator _random = new(seed);
        private readonly UdpHost _host = new(new StackOptions { MaxReassemblies = 8, MaxPages = 300 });

        public void Run()
        {
            try
            {
                UdpEndpoint endpoint = _host.Bind(InternetAddress.AnyIpv6, 53);
                for (uint id = 1; id <= 20; id++) SendOne(endpoint, id);
                endpoint.Close(_host.Now);
                _host.After(Duration.FromSeconds(61));
                _host.Turn();
                Assert.Equal((0, 0), (_host.Stack.PagesInUse, _host.Stack.ReassemblyCount));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {e.Message}"), e);
            }
        }

        private void SendOne(UdpEndpoint endpoint, uint id)
        {
            bool v6 = _random.OneIn(2);
            byte[] data = _random.Octets(100 + _random.Below(_random.OneIn(10) ? 60_000 : 4_000));
            byte[] packet = v6
                ? UdpHost.Datagram(Given.PeerIpv6, 9, Given.UsIpv6, 53, data)
                : UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, data);
            List<byte[]> fragments = Cut(packet, id);
            bool spoilt = _random.OneIn(3);
            for (int i = fragments.Count - 1; i > 0; i--)
            {
                int j = _random.Below(i + 1);
                (fragments[i], fragments[j]) = (fragments[j], fragments[i]);
            }
            if (_random.OneIn(3)) fragments.Insert(_random.Below(fragments.Count), fragments[0]);
            if (spoilt) Spoil(fragments);
            foreach (byte[] fragment in fragments) _host.Arrives(fragment);
            if (!spoilt) Assert.Equal(1, endpoint.ReceiveQueueCount);
            if (endpoint.ReceiveQueueCount > 0) Assert.Equal(data, _host.Receives(endpoint));
            Assert.Equal(0, endpoint.ReceiveQueueCount);
        }

        private List<byte[]> Cut(byte[] packet, uint id)
        {
            IpHeader ip = Packets.Ip(packet);
            ReadOnlySpan<byte> payload = ip.Payload(packet);
            List<byte[]> fragments = [];
            int least = payload.Length / 100 / 8 * 8 + 8;
            for (int offset = 0; offset < payload.Length;)
            {
                int size = Math.Min(least + _random.Below(200) * 8, payload.Length - offset);
                if (offset == 0 && size == payload.Length) size = 48;
                bool more = offset + size < payload.Length;
                fragments.Add(Fragments.One(ip.Source, ip.Destination, IpProtocol.Udp, payload.Slice(offset, size), offset, more, id));
                offset += size;
            }
            return fragments;
        }

        private void Spoil(List<byte[]> fragments)
        {
            for (int times = 1 + _random.Below(3); times > 0; times--)
            {
                int at = _random.Below(fragments.Count);
                byte[] copy = [.. fragments[at]];
                bool v6 = copy[0] >> 4 == 6;
                switch (_random.Below(4))
                {
                    case 0:
                        copy[^1] ^= (byte)(1 + _random.Below(255));
                        fragments.Insert(_random.Below(fragments.Count), copy);
                        break;
                    case 1:
                        copy[v6 ? 43 : 7] ^= (byte)(8 << _random.Below(3)); // another place
                        fragments.Insert(_random.Below(fragments.Count), v6 ? copy : Packets.Resummed(copy));
                        break;
                    case 2:
                        copy[v6 ? 43 : 6] ^= (byte)(v6 ? 1 : 0x20); // more, or not
                        fragments[at] = v6 ? copy : Packets.Resummed(copy);
                        break;
                    default:
                        fragments.RemoveAt(at);
                        if (fragments.Count == 0) return;
                        break;
                }
            }
        }
    }
}
