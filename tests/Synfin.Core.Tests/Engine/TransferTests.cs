using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Two stacks, a lossy wire, both directions at once: all arrives, whatever the options and the sizes of buffers.</summary>
[Trait("Subject", "22")]
public sealed class TransferTests
{
    private const int Octets = 150_000;

    public static TheoryData<bool, bool, int, int> Combinations
    {
        get
        {
            var data = new TheoryData<bool, bool, int, int>();
            foreach (bool sack in new[] { false, true })
            {
                foreach (bool timestamps in new[] { false, true })
                {
                    foreach (int buffer in new[] { 1_024, 3_000, 20_000, 1_000_000 })
                    {
                        foreach (int percent in new[] { 0, 2, 20 }) data.Add(sack, timestamps, buffer, percent);
                    }
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    [Trait("Threat", "14")]
    public void Both_streams_arrive_whole_and_in_order(bool sack, bool timestamps, int buffer, int percentLost)
    {
        for (int seed = 0; seed < 3; seed++)
        {
            var random = new Random(seed);
            TcpProfile profile = TcpProfile.Default with { Sack = sack, Timestamps = timestamps, MinshallNagle = seed != 1, R2 = 1_000 };
            var pair = new Pair(new StackOptions { Profile = profile }, new StackOptions { Profile = profile });
            (TcpConnection a, TcpConnection b) = pair.Connect(new TcpConnectionOptions
            {
                ReceiveBuffer = buffer,
                SendBuffer = buffer,
                NoDelay = seed == 2
            });
            pair.Lose = (_, _, _) => random.Next(100) < percentLost;
            var forth = new Stream(a, b, random);
            var back = new Stream(b, a, random);
            for (int turn = 0; turn < 200_000 && !(forth.Done && back.Done); turn++)
            {
                forth.Write(pair.Now);
                back.Write(pair.Now);
                pair.Run(Duration.FromMilliseconds(random.Next(1, 100)));
                forth.Read(pair.Now);
                back.Read(pair.Now);
            }
            Assert.True(forth.Done && back.Done, $"{forth} there, {back} back, at {pair.Now}: {a.Status()} {b.Status()}");
        }
    }

    private sealed class Stream(TcpConnection from, TcpConnection to, Random random)
    {
        private readonly byte[] _buffer = new byte[20_000];
        private int _written;
        private int _read;

        public bool Done => _read == Octets;

        public void Write(Timestamp now)
        {
            int count = Math.Min(random.Next(_buffer.Length), Octets - _written);
            for (int i = 0; i < count; i++) _buffer[i] = Octet(_written + i);
            from.Send(_buffer.AsSpan(0, count), now, out int sent);
            _written += sent;
        }

        public void Read(Timestamp now)
        {
            to.Receive(_buffer.AsSpan(0, random.Next(_buffer.Length)), now, out int received);
            for (int i = 0; i < received; i++) Assert.Equal(Octet(_read + i), _buffer[i]);
            _read += received;
        }

        public override string ToString() => $"{_read} of {_written} octets";

        private static byte Octet(int at) => (byte)(at * 31 + (at >> 8));
    }
}
