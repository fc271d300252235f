using Synfin.Links;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Runtime.Tests.EngineTests;

[Trait("Needs", "engine")]
public sealed class ShardTests
{
    private readonly Wire _toA = new();
    private readonly Wire _toB = new();
    private Timestamp _now;

    [Fact]
    public void Two_shards_talk_turn_by_turn()
    {
        Shard a = NewShard(TwoHosts.AddressA, _toA, _toB);
        Shard b = NewShard(TwoHosts.AddressB, _toB, _toA);
        string? answer = null;
        Task server = b.Scheduler.Start(async () =>
        {
            await using TcpConnection connection = await b.Sockets.Listen(null, 7).AcceptAsync();
            byte[] buffer = new byte[10];
            int count = await connection.ReadAsync(buffer);
            await connection.WriteAsync(buffer.AsMemory(0, count));
        });
        Task client = a.Scheduler.Start(async () =>
        {
            await using TcpConnection connection = await a.Sockets.ConnectAsync(TwoHosts.AddressB, 7);
            await connection.WriteAsync("echo"u8.ToArray());
            byte[] buffer = new byte[10];
            int count = await connection.ReadAsync(buffer);
            answer = System.Text.Encoding.ASCII.GetString(buffer, 0, count);
        });

        for (int i = 0; i < 1_000 && !(client.IsCompleted && server.IsCompleted); i++)
        {
            b.Turn();
            a.Turn();
            _now += Duration.FromMilliseconds(1);
        }

        Assert.Empty(a.Scheduler.Failures);
        Assert.Empty(b.Scheduler.Failures);
        Assert.Equal("echo", answer);
    }

    [Fact]
    public void A_turn_takes_a_bounded_number_of_packets()
    {
        Shard shard = NewShard(TwoHosts.AddressA, _toA, _toB);
        for (int i = 0; i < Shard.DefaultMaxFramesPerTurn + 1; i++) _toA.Frames.Enqueue([0x00]);

        shard.Turn();
        Assert.Single(_toA.Frames);
        Assert.Equal(shard.Now, shard.NextWake);
        shard.Turn();

        Assert.Empty(_toA.Frames);
        Assert.Equal(Timestamp.Never, shard.NextWake);
    }

    [Fact]
    public void A_running_shard_sleeps_until_its_next_deadline_and_stops_when_asked_to()
    {
        Shard shard = NewShard(TwoHosts.AddressA, _toA, _toB);
        using CancellationTokenSource stop = new();
        List<Timestamp> waits = [];
        shard.Scheduler.Start(() =>
        {
            shard.Sockets.BeginConnect(TwoHosts.AddressB, 7);
            return Task.CompletedTask;
        });
        Sleeper sleeper = new((until, linkFull) =>
        {
            waits.Add(until);
            Assert.False(linkFull);
            _now = until;
            if (waits.Count == 3) stop.Cancel();
        });

        shard.Run(sleeper, stop.Token);

        // The SYN's retransmissions: after 1 s, 2 s more and 4 s more.
        Assert.Equal([1, 3, 7], waits.Select(w => (int)w.Seconds));
        Assert.Equal(1, sleeper.Wakes);
        Assert.Equal(3, _toB.Frames.Count);
        Assert.Null(shard.Scheduler.Wake);
    }

    private Shard NewShard(InternetAddress address, Wire source, Wire destination)
    {
        NetworkStack engine = new(new StackOptions(), new StackSecret(address.Low, 1), _now);
        engine.AddAddress(address);
        return new Shard(engine, source, new SoftwareSegmentation(destination), () => _now, new OwnerScheduler());
    }

    private sealed class Wire : IPacketSource, IFrameSink
    {
        private byte[] _open = [];

        public Queue<byte[]> Frames { get; } = new();

        public int Mtu => 1_500;

        public bool HasRoom(int frames) => true;

        public Span<byte> GetFrame(int length) => _open = new byte[length];

        public void Commit() => Frames.Enqueue(_open);

        public bool TryRead(out ReadOnlySpan<byte> packet, out ReceiveMetadata metadata)
        {
            metadata = default;
            bool any = Frames.TryDequeue(out byte[]? frame);
            packet = frame;
            return any;
        }
    }

    private sealed class Sleeper(Action<Timestamp, bool> wait) : IWaitForWork
    {
        public int Wakes { get; private set; }

        public void Wait(Timestamp until, bool linkFull) => wait(until, linkFull);

        public void Wake() => Wakes++;
    }
}
