using System.Buffers.Binary;
using System.Globalization;
using Synfin.Core.Tests.Buffers;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>
/// Random and mutated segments in every state, with random user calls between them: no exception, no broken invariant, no illegal change of
/// state (those are assertions of the engine), and nothing left at the end. A failure names its seed and tells what was done.
/// </summary>
[Trait("Threat", "51")]
[Trait("Threat", "56")]
[Trait("Threat", "58")]
public sealed class RandomSegmentTests
{
    private const int SeedsPerState = 500;

    private static readonly string[] PeerOptions =
    [
        "mss 1460", "mss 48", "mss 1460,sackOK", "mss 1460,TS val 1 ecr 0",
        "mss 1400,sackOK,wscale 7,TS val 1 ecr 0", "mss 9000,wscale 14,sackOK",
    ];

    public static TheoryDataOfStates AllStates => InState.All;

    [Theory]
    [MemberData(nameof(AllStates))]
    public void Whatever_arrives_the_invariants_hold_and_nothing_is_left(TcpState state)
    {
        for (ulong seed = 0; seed < SeedsPerState; seed++) new Walk(state, seed * 31 + (ulong)state).Run();
    }

    [Fact]
    [Trait("Threat", "47")]
    [Trait("Threat", "48")]
    public void A_host_that_is_asked_nothing_sensible_never_says_more_than_it_was_told()
    {
        for (ulong seed = 0; seed < 4_000; seed++)
        {
            var random = new SeededGenerator(seed);
            Given given = InState.Reach(random.OneIn(2) ? TcpState.Closed : TcpState.Listen, out _, out _);
            byte[] packet = new Walk(given, random).RandomPacket();
            given.ReceivesPacket(packet);
            Assert.InRange(given.Unseen, 0, 1);
            if (given.Unseen == 0) continue;
            byte[] reply = given.TakeSent();
            int most = packet.Length + (SegmentScript.Read(reply).Has(TcpFlags.Syn) ? 4 : 0); // a SYN,ACK always says its MSS (SHLD-5)
            Assert.True(reply.Length <= most, $"seed {seed}: {reply.Length} octets for {packet.Length}: {Convert.ToHexString(packet)}");
        }
    }

    private sealed class Walk
    {
        private readonly SeededGenerator _random;
        private readonly Given _given;
        private readonly TcpState _state;
        private readonly ulong _seed;
        private readonly List<string> _done = [];
        private readonly List<TcpConnection> _accepted = [];
        private readonly byte[] _buffer = new byte[5_000];

        public Walk(TcpState state, ulong seed)
        {
            _state = state;
            _seed = seed;
            _random = new SeededGenerator(seed);
            uint before = (uint)_random.Below(3_000);
            uint isn = _random.Below(3) switch { 0 => 1_000u, 1 => uint.MaxValue - before, _ => int.MaxValue - before };
            _given = InState.Reach(state, out _, out _, PeerOptions[_random.Below(PeerOptions.Length)], isn);
        }

        public Walk(Given given, SeededGenerator random)
        {
            _given = given;
            _random = random;
        }

        public void Run()
        {
            try
            {
                for (int step = 0; step < 25; step++) Step();
                End();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{_state}, seed {_seed}: {e.Message} after\n{string.Join('\n', _done)}", e);
            }
        }

        private void Step()
        {
            switch (_random.Below(12))
            {
                case < 6:
                    Arrives(RandomPacket());
                    break;
                case 6 or 7:
                    Arrives(Mutated());
                    break;
                case 8:
                    Arrives(RandomError());
                    break;
                case 9:
                    int milliseconds = _random.Below(4) == 0 ? _random.Below(100_000) : _random.Below(300);
                    _done.Add(string.Create(CultureInfo.InvariantCulture, $"after {milliseconds} ms"));
                    _given.After(milliseconds);
                    break;
                default:
                    Call();
                    break;
            }
            while (_given.Unseen > 0) _given.TakeSent();
        }

        private void Arrives(byte[] packet)
        {
            _done.Add("arrives " + Convert.ToHexString(packet));
            bool verified = !_random.OneIn(8);
            _given.Stack.Input(packet, new ReceiveMetadata(verified, 1 + _random.Below(3)), _given.Now);
            if (!_random.OneIn(4)) _given.Turn(); // sometimes several in one turn
        }

        private void Call()
        {
            TcpConnection? accepted = null;
            if (_given.Listener?.Accept(_given.Now, out accepted) is TcpError.None) _accepted.Add(accepted!);
            bool other = _accepted.Count > 0 && _random.OneIn(2);
            TcpConnection? connection = other ? _accepted[_random.Below(_accepted.Count)] : _given.Connection;
            if (connection is null) return;
            int call = _random.Below(20);
            _done.Add(string.Create(CultureInfo.InvariantCulture, $"call {call} in {connection.State}"));
            int octets = 1 + (int)_random.OfAnySize(12);
            _ = call switch
            {
                < 7 => connection.Send(_buffer.AsSpan(0, octets), _given.Now, out _),
                < 15 => connection.Receive(_buffer.AsSpan(0, octets), _given.Now, out _),
                15 => connection.SendUrgent(_buffer.AsSpan(0, octets), _given.Now, out _),
                16 => connection.Shutdown(_given.Now),
                17 => connection.Close(_given.Now),
                18 => connection.Abort(_given.Now),
                _ => SetOptions(connection),
            };
            _given.Turn();
        }

        private TcpError SetOptions(TcpConnection connection)
        {
            connection.SetOptions(
                connection.Options with
                {
                    Cork = _random.OneIn(4),
                    NoDelay = _random.OneIn(2),
                    KeepAlive = _random.OneIn(2),
                    UserTimeout = new Duration(_random.OneIn(2) ? 0 : 30_000_000_000),
                    MaximumSegmentSize = _random.OneIn(2) ? 0 : 1 + _random.Below(2_000),
                    UrgentInline = _random.OneIn(2),
                },
                _given.Now);
            return TcpError.None;
        }

        /// <summary>A segment near the numbers that matter, or far away from them.</summary>
        public byte[] RandomPacket()
        {
            TcpStatus status = _given.Connection?.Status() ?? default;
            bool atSyn = _random.OneIn(3) || _given.Connection is null;
            SequenceNumber seq = (atSyn ? _given.PeerIsn + _random.Below(3) : status.RcvNxt) + Offset();
            SequenceNumber ack = (_random.Below(3) switch { 0 => _given.OurIsn + 1, 1 => status.SndUna, _ => status.SndNxt }) + Offset();
            TcpFlags flags = _random.Below(4) switch
            {
                0 => (TcpFlags)_random.Below(512),
                1 => TcpFlags.Ack | (TcpFlags)(1 << _random.Below(9)),
                _ => TcpFlags.Ack,
            };
            int text = _random.Below(3) switch { 0 => 0, 1 => _random.Below(20), _ => (int)_random.OfAnySize(11) };
            byte[] options = _random.Below(3) switch { 0 => [], 1 => Options(), _ => _random.Octets(4 * _random.Below(11)) };
            byte[] tcp = new byte[TcpHeader.MinimumLength + options.Length + text];
            ushort window = (ushort)_random.OfAnySize(16), urgent = (ushort)_random.OfAnySize(16);
            TcpHeaderWriter.Write(tcp, _given.PeerPort, _given.OurPort, seq, ack, flags, window, urgent, default);
            tcp[12] = (byte)((tcp[12] & 15) | (TcpHeader.MinimumLength + options.Length) / 4 << 4);
            options.CopyTo(tcp, TcpHeader.MinimumLength);
            TcpHeaderWriter.WriteChecksum(tcp, Given.Peer, Given.Us);
            return Packets.InIp(Given.Peer, Given.Us, IpProtocol.Tcp, tcp);
        }

        private int Offset()
        {
            int size = _random.Below(4) switch
            {
                0 => 0,
                1 => 1 + _random.Below(3),
                2 => (int)_random.OfAnySize(17),
                _ => (int)_random.OfAnySize(31),
            };
            return _random.OneIn(2) ? size : -size;
        }

        /// <summary>Timestamps and SACK blocks that may be lies.</summary>
        private byte[] Options()
        {
            TcpStatus status = _given.Connection?.Status() ?? default;
            byte[] options = new byte[40];
            options.AsSpan().Fill(1);
            options[2] = 8;
            options[3] = 10;
            BinaryPrimitives.WriteUInt32BigEndian(options.AsSpan(4), 1 + (uint)Offset());
            BinaryPrimitives.WriteUInt32BigEndian(options.AsSpan(8), (uint)_random.Next());
            int blocks = _random.Below(4);
            if (blocks == 0) return options[..12];
            options[14] = 5;
            options[15] = (byte)(2 + 8 * blocks);
            for (int i = 0; i < blocks * 2; i++)
                BinaryPrimitives.WriteUInt32BigEndian(options.AsSpan(16 + 4 * i), (status.SndUna + Offset()).Value);
            return options[..(16 + 8 * blocks)];
        }

        /// <summary>A plausible packet of which a few octets are changed, or the end is missing.</summary>
        private byte[] Mutated()
        {
            byte[] packet = RandomPacket();
            for (int changes = 1 + _random.Below(4); changes > 0; changes--) packet[_random.Below(packet.Length)] = (byte)_random.Next();
            int header = (packet[0] & 15) * 4;
            if (_random.OneIn(2) && header >= IpHeader.Ipv4Length && header <= packet.Length) Packets.Resummed(packet);
            return _random.OneIn(4) ? packet[.._random.Below(packet.Length)] : packet;
        }

        private byte[] RandomError()
        {
            TcpStatus status = _given.Connection?.Status() ?? default;
            uint seq = (status.SndUna + Offset()).Value;
            byte[] quoted = Packets.Tcp(Given.Us, _given.OurPort, Given.Peer, _given.PeerPort, TcpFlags.Ack, seq);
            byte type = (byte)(_random.OneIn(3) ? _random.Below(256) : 3);
            return Packets.Error(quoted, type, (byte)_random.Below(16), (uint)_random.OfAnySize(16));
        }

        /// <summary>The application leaves: after that, and 2MSL, nothing is left of anything.</summary>
        private void End()
        {
            _given.Turn();
            if (_given.Listener is { } listener)
            {
                while (listener.Accept(_given.Now, out TcpConnection? accepted) is TcpError.None) _accepted.Add(accepted!);
                listener.Close(_given.Now);
            }
            if (_given.Connection is not null) _accepted.Add(_given.Connection);
            foreach (TcpConnection connection in _accepted)
            {
                if (_random.OneIn(2)) connection.Close(_given.Now);
                else connection.Abort(_given.Now);
            }
            _given.Turn().After(2_000_000); // R2 of an orphan, and 2MSL
            NetworkStack stack = _given.Stack;
            stack.ForEachConnection(c => throw new InvalidOperationException($"left: {c.Status()}"));
            Assert.Equal((0, 0, 0), (stack.ConnectionCount, stack.TimeWaitCount, stack.SynQueueCount));
            Assert.Equal((0, 0, 0), (stack.PagesInUse, stack.OrphanCount, stack.Wheel.Count));
        }
    }
}
