using System.Collections.Concurrent;
using Synfin.Ip;
using Synfin.Runtime;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Runtime.Tests.Shards;

/// <summary>
/// A host of several shards on a device in memory, and the wire to another one. Which queue a packet arrives at is chance: the worst that a
/// device can do.
/// </summary>
internal sealed class MemoryDevice : IDisposable
{
    private readonly Queue[] _queues;
    private readonly ShardGroup _group;
    private readonly Random _random;
    private MemoryDevice? _peer;

    private MemoryDevice(int queues, InternetAddress[] addresses, int seed)
    {
        _random = new Random(seed);
        _queues = new Queue[queues];
        var shards = new HostedShard[queues];
        for (int i = 0; i < queues; i++)
        {
            Queue queue = _queues[i] = new Queue(this);
            var engine = new NetworkStack(new StackOptions(), new StackSecret((ulong)(seed + i), 7), Now());
            foreach (InternetAddress address in addresses) engine.AddAddress(address);
            shards[i] = new HostedShard(engine, [new ShardInterface(queue, new PointToPointInterface(queue))], Now, queue, $"shard {i}");
        }
        _group = new ShardGroup(shards, new StackSecret((ulong)seed, 9));
    }

    public TcpStackGroup Tcp => _group.Tcp;

    public ShardGroup Group => _group;

    /// <summary>Two hosts and a wire: 10.0.0.1 and fd00::1, 10.0.0.2 and fd00::2.</summary>
    public static (MemoryDevice A, MemoryDevice B) CreatePair(int queuesOfA, int queuesOfB, int seed)
    {
        MemoryDevice a = new(queuesOfA, [InternetAddress.FromIpv4(10, 0, 0, 1), new(0xFD00_0000_0000_0000, 1)], seed);
        MemoryDevice b = new(queuesOfB, [InternetAddress.FromIpv4(10, 0, 0, 2), new(0xFD00_0000_0000_0000, 2)], seed + 1);
        a._peer = b;
        b._peer = a;
        a._group.Start();
        b._group.Start();
        return (a, b);
    }

    /// <summary>Breaks one queue in a way that its next use notices.</summary>
    public void Break(int queue) => _queues[queue].Break();

    /// <summary>Ends the host. The queues stay: the peer's thread may still send to them.</summary>
    public void Dispose() => _group.Dispose();

    private static Timestamp Now() => new(TimeProvider.System.GetTimestamp());

    private void Send(byte[] packet)
    {
        int queue;
        lock (_random) queue = _random.Next(_peer!._queues.Length);
        _peer._queues[queue].Arrive(packet);
    }

    private sealed class Queue(MemoryDevice device) : ILink, IPacketSource, IWaitForWork, IDisposable
    {
        private readonly ConcurrentQueue<byte[]> _arrived = new();
        private readonly AutoResetEvent _woken = new(false);
        private byte[] _current = [];
        private volatile bool _isBroken;

        public int Mtu => 1500;

        public LinkOffloads Offloads => LinkOffloads.None;

        public int MaxSuperSegment => 0;

        public bool Transmit(in OutboundPacket packet)
        {
            if (_isBroken) throw new IOException("the cable is pulled");
            byte[] copy = new byte[packet.Length];
            packet.CopyTo(copy);
            device.Send(copy);
            return true;
        }

        public bool TryRead(out ReadOnlySpan<byte> packet, out ReceiveMetadata metadata)
        {
            if (_isBroken) throw new IOException("the cable is pulled");
            metadata = default;
            bool found = _arrived.TryDequeue(out byte[]? next);
            _current = next ?? [];
            packet = _current;
            return found;
        }

        public void Arrive(byte[] packet)
        {
            _arrived.Enqueue(packet);
            _woken.Set();
        }

        public void Break()
        {
            _isBroken = true;
            _woken.Set();
        }

        public void Wait(Timestamp until, bool linkFull)
        {
            long left = until.IsSet ? Math.Max(0, (until - Now()).Nanoseconds) : long.MaxValue;
            _woken.WaitOne(left > 1_000_000_000_000 ? -1 : (int)((left + 999_999) / 1_000_000));
        }

        public void Wake() => _woken.Set();

        public void Dispose() => _woken.Dispose();
    }
}
