using Synfin.Runtime;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Linux.Status;

/// <summary>Takes a host's numbers, each shard's at its gate and so of one moment.</summary>
internal sealed class StatusSnapshot(TcpStackGroup stacks, StatusServerOptions options, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public HostReport Take()
    {
        List<ConnectionReport> connections = [];
        List<TcpListenerStatus> listeners = [];
        SortedDictionary<string, long> states = new(StringComparer.Ordinal);
        SortedDictionary<string, long> dropped = new(StringComparer.Ordinal);
        CounterReport counters = new();
        long pages = 0, unlisted = 0;
        IReadOnlyList<InternetAddress> addresses = [];
        for (int shard = 0; shard < stacks.Stacks.Count; shard++)
        {
            TcpStack stack = stacks.Stacks[shard];
            using StackGate.Visit visit = stack.Gate.Enter(nameof(Take));
            Timestamp now = stack.Now;
            int index = shard;
            stack.Engine.ForEachConnection(connection =>
            {
                if (connections.Count < options.MaxConnections) connections.Add(ConnectionReport.Of(connection.Status(), now, index));
                else unlisted++;
            });
            listeners.AddRange(stack.GetListeners());
            counters = counters.Plus(stack.Engine.Counters);
            pages += stack.Engine.PagesInUse;
            Add(states, dropped, stack.Engine.Counters);
            if (shard == 0) addresses = [.. stack.Engine.Addresses];
        }
        List<ListenerReport> joined = Join(listeners, stacks.Stacks.Count);
        if (joined.Count > 0) states[TcpState.Listen.ToRfcName()] = joined.Count;
        return new HostReport
        {
            Device = options.Device,
            ProcessId = Environment.ProcessId,
            Program = options.Program,
            UptimeSeconds = Math.Round(time.GetElapsedTime(_start).TotalSeconds, 3),
            Addresses = [.. addresses.Select(address => address.ToString()!)],
            Shards = stacks.Stacks.Count,
            States = states,
            Dropped = dropped,
            Counters = counters,
            PagesInUse = pages,
            Unlisted = unlisted,
            Connections = connections,
            Listeners = joined,
        };
    }

    private static void Add(SortedDictionary<string, long> states, SortedDictionary<string, long> dropped, Counters counters)
    {
        foreach (TcpState state in Enum.GetValues<TcpState>())
        {
            if (counters.InState(state) is not (> 0 and var count)) continue;
            states[state.ToRfcName()] = states.GetValueOrDefault(state.ToRfcName()) + count;
        }
        foreach (DropReason reason in Enum.GetValues<DropReason>())
        {
            if (counters.Dropped[(int)reason] is not (> 0 and var count)) continue;
            dropped[reason.ToString()] = dropped.GetValueOrDefault(reason.ToString()) + count;
        }
    }

    /// <summary>The shards' listeners of one port are one.</summary>
    private static List<ListenerReport> Join(List<TcpListenerStatus> listeners, int shards) =>
        [.. listeners.GroupBy(listener => listener.LocalEndPoint).Select(same => new ListenerReport
        {
            Local = LocalOf(same.Key.Address.ToInternetAddress(), (ushort)same.Key.Port),
            AcceptQueue = same.Sum(listener => listener.AcceptQueue),
            HalfOpen = same.Sum(listener => listener.HalfOpen),
            Backlog = same.First().Backlog * shards,
        })];

    private static string LocalOf(InternetAddress address, ushort port) =>
        address == InternetAddress.AnyIpv6 ? $"*:{port}" : address.WithPort(port);
}
