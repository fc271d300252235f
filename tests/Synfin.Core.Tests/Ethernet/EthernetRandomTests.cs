using System.Buffers.Binary;
using System.Globalization;
using Synfin.Core.Tests.Buffers;
using Synfin.Ethernet;
using Synfin.Ip;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ethernet;

/// <summary>Whatever stands in a frame: no exception, every limit kept, and the host comes to rest.</summary>
[Trait("Threat", "62")]
[Trait("Threat", "51")]
public sealed class EthernetRandomTests
{
    [Fact]
    public void Whatever_arrives_the_invariants_hold_and_the_host_comes_to_rest()
    {
        for (ulong seed = 0; seed < 120; seed++) new Walk(seed).Run();
    }

    private sealed class Walk
    {
        private readonly ulong _seed;
        private readonly SeededGenerator _random;
        private readonly EthernetSegment _segment = new();
        private readonly EthernetHost _host;
        private readonly List<byte[]> _seen = [];

        public Walk(ulong seed)
        {
            _seed = seed;
            _random = new SeededGenerator(seed);
            _host = _segment.Host(1, new EthernetOptions
            {
                MaxNeighbors = 4,
                MaxUnconfirmedNeighbors = 4,
                MaxUnresolvedNeighbors = 4,
                MaxWaitingPackets = 8,
                MaxPendingFrames = 4,
                MaxAddresses = 5,
                MaxPrefixes = 3,
                MaxRouters = 2,
                MaxDnsServers = 2,
                Ipv4Probes = 1,
            });
        }

        public void Run()
        {
            try
            {
                _host.With("10.0.0.1/24").With("fd00::1/64");
                for (int step = 0; step < 150; step++) Step();
                _segment.Lose = _ => true;
                _host.Room = int.MaxValue;
                _segment.Run(400); // all questions are over by then, and what waited is told
                Assert.DoesNotContain(_host.Interface.Neighbors, n => n.State is NeighborState.Incomplete or NeighborState.Probe);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"seed {_seed}: {e.Message}"), e);
            }
        }

        private void Step()
        {
            _host.Room = _random.OneIn(8) ? 0 : int.MaxValue;
            switch (_random.Below(8))
            {
                case 0:
                    _segment.Run(_random.Below(5_000) / 1_000.0);
                    break;
                case 1:
                    _host.Stack.Connect(Peer(), 80, null, 0, null, _segment.Now, out _);
                    break;
                case 2:
                    _host.Interface.RemoveAddress(Peer(), _segment.Now);
                    _host.Interface.AddAddress(new AddressPrefix(Peer(), _random.OneIn(2) ? 24 : 30), _segment.Now);
                    break;
                case 3:
                    _host.Interface.RemoveNeighbor(Peer());
                    break;
                default:
                    Arrives();
                    break;
            }
            if (_host.Room > 0) _segment.Settle();
            else _host.Turn();
            foreach (byte[] said in _segment.Log)
            {
                if (_seen.Count < 200 && said.Length >= EthernetHeader.Length) _seen.Add(said);
            }
            _segment.Log.Clear();
        }

        private InternetAddress Peer() =>
            InternetAddress.Parse(_random.OneIn(2) ? $"10.0.0.{1 + _random.Below(9)}" : $"fd00::{1 + _random.Below(9)}");

        private void Arrives()
        {
            byte[] frame = _random.Below(6) switch
            {
                0 => EthernetFrames.Arp((ArpOperation)(1 + _random.Below(2)), Number(), Peer4(), Peer4(), To(), _host.Mac),
                1 => EthernetFrames.Solicitation(Number(), Peer6(), Peer6(), To()),
                2 => EthernetFrames.Advertisement(
                    Number(), Peer6(), "fd00::1", To(), _random.OneIn(2), _random.OneIn(2), _random.OneIn(3), Number()),
                3 => EthernetFrames.Router(Number(), $"fe80::{Number():x}", _random.Below(4) * 20, (byte)_random.Below(4),
                    EthernetFrames.Prefix($"2001:db8:0:{_random.Below(5)}::", 64, (uint)_random.OfAnySize(32), (uint)_random.OfAnySize(16)),
                    EthernetFrames.MtuOption((uint)_random.OfAnySize(32)),
                    EthernetFrames.DnsServers((uint)_random.Below(90), Peer6(), Peer6())),
                4 when _seen.Count > 0 => [.. _seen[_random.Below(_seen.Count)]], // our own come back, from somebody else
                _ => EthernetFrames.Frame(To(), EthernetFrames.MacOf(Number()), Type(), _random.Octets(_random.Below(120))),
            };
            if (frame[6] == 2 && frame[11] == 1) frame[11] = Number();
            if (_random.OneIn(3)) frame[_random.Below(frame.Length)] ^= (byte)_random.Next();
            if (_random.OneIn(5)) frame = frame[.._random.Below(frame.Length + 1)];
            if (_random.OneIn(2)) Resum(frame);
            _segment.Carry(null, frame, default);
        }

        private byte Number() => (byte)(2 + _random.Below(9));

        private string Peer4() => $"10.0.0.{_random.Below(9)}";

        private string Peer6() => $"{(_random.OneIn(3) ? "fe80" : "fd00")}::{1 + _random.Below(9)}";

        private MacAddress To() => _random.Below(3) switch
        {
            0 => _host.Mac,
            1 => MacAddress.Broadcast,
            _ => MacAddress.ForGroup(InternetAddress.Parse($"fd00::{1 + _random.Below(9)}").SolicitedNode),
        };

        private ushort Type() => _random.Below(4) switch
        {
            0 => EtherType.Ipv4,
            1 => EtherType.Arp,
            2 => EtherType.Vlan,
            _ => EtherType.Ipv6,
        };

        /// <summary>A right checksum over wrong octets gets further in.</summary>
        private static void Resum(byte[] frame)
        {
            if (frame.Length < 14 + 40 + 8 || frame[12] != 0x86 || frame[20] != IpProtocol.Icmpv6) return;
            Span<byte> icmp = frame.AsSpan(54);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(18), (ushort)icmp.Length);
            icmp[2] = icmp[3] = 0;
            InternetAddress a = InternetAddress.FromBytes(frame.AsSpan(22, 16)), b = InternetAddress.FromBytes(frame.AsSpan(38, 16));
            ulong pseudo = InternetChecksum.PseudoHeader(a, b, IpProtocol.Icmpv6, icmp.Length);
            BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], InternetChecksum.Finish(InternetChecksum.Sum(icmp, pseudo)));
        }
    }
}
