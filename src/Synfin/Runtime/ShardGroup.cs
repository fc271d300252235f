using Synfin.Sockets;
using Synfin.Stack;

namespace Synfin.Runtime;

/// <summary>
/// The shards of one host, each with a queue of the same device. A connection is at home at one of them, by the hash of its four-tuple;
/// packets that the device hands to another are passed on.
/// </summary>
public sealed class ShardGroup : IDisposable
{
    private readonly HostedShard[] _shards;
    private readonly PacketSteering _steering;

    /// <summary>The group of shards that have not been started.</summary>
    /// <param name="shards">At least one.</param>
    /// <param name="secret">The key of the hash.</param>
    public ShardGroup(IReadOnlyList<HostedShard> shards, StackSecret secret)
    {
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentOutOfRangeException.ThrowIfZero(shards.Count, nameof(shards));
        _shards = [.. shards];
        _steering = new PacketSteering(new RssHash(secret), _shards.Length);
        for (int i = 0; i < _shards.Length && _shards.Length > 1; i++)
        {
            int index = i;
            _shards[i].Group = this;
            _shards[i].Index = i;
            _shards[i].Engine.IsHome = tuple => _steering.ShardOf(in tuple) == index;
        }
        Tcp = new TcpStackGroup(_shards.Select(shard => shard.Tcp).ToArray(), _steering);
        Ended = Task.WhenAll(_shards.Select(shard => shard.Ended));
        // Part of a host is none: with one shard its connections and packets are gone, and nobody else would take them.
        foreach (HostedShard shard in _shards)
        {
            _ = shard.Ended.ContinueWith(
                static (_, group) => ((ShardGroup)group!).Dispose(),
                this,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default);
        }
    }

    /// <summary>The shards.</summary>
    public IReadOnlyList<HostedShard> Shards => _shards;

    /// <summary>The sockets of all of them.</summary>
    public TcpStackGroup Tcp { get; }

    /// <summary>Completes when all the shards have ended; one that fails takes the others along.</summary>
    public Task Ended { get; }

    /// <summary>Starts all threads.</summary>
    public void Start()
    {
        foreach (HostedShard shard in _shards) shard.Start();
    }

    /// <summary>Ends all shards.</summary>
    public void Dispose()
    {
        foreach (HostedShard shard in _shards) shard.Dispose();
    }

    /// <summary>Passes a packet on, if it is at home elsewhere.</summary>
    internal bool Forward(ReadOnlySpan<byte> frame, int onInterface, ReceiveMetadata metadata, HostedShard from)
    {
        int home = _steering.ShardOf(frame);
        if (home == from.Index) return false;
        _shards[home].Post(frame, onInterface, metadata);
        return true;
    }
}
