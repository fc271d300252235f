using Synfin.Stack;
using Synfin.Tcp;

namespace Synfin.Cli.Bench.Memory;

/// <summary>memory.idle-endpoint-bytes: what stays on the heap for one end of a connection that has carried data and is idle.</summary>
internal sealed class IdleEndpointBenchmark : IBenchmark
{
    private const int Connections = 10_000;

    /// <inheritdoc/>
    public string Name => "memory.idle-endpoint-bytes";

    /// <inheritdoc/>
    public string Unit => "bytes";

    /// <inheritdoc/>
    public string What => "heap of one end of an idle ESTABLISHED connection that has carried data, of 20,000 ends";

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        // ACKs at once, so that no connection holds a page while its neighbours are opened: idle means that nothing is on its way.
        var hosts = new MemoryHosts(1500, new StackOptions { ConnectionDefaults = new TcpConnectionOptions { QuickAck = true } });
        TcpListener listener = hosts.Listen(80);
        byte[] message = new byte[64];
        for (int i = 0; i < 100; i++) Idle(hosts, listener, message);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Connections; i++) Idle(hosts, listener, message);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(hosts);
        return (after - before) / (2.0 * Connections);
    }

    internal static void Idle(MemoryHosts hosts, TcpListener listener, byte[] message)
    {
        (TcpConnection a, TcpConnection b) = hosts.Open(listener);
        a.Send(message, hosts.Now, out _);
        hosts.Turn();
        b.Receive(message, hosts.Now, out _);
        b.Send(message, hosts.Now, out _);
        hosts.Turn();
        hosts.Turn();
        a.Receive(message, hosts.Now, out _);
        hosts.Turn();
        hosts.Turn();
    }
}

/// <summary>memory.time-wait-bytes: what stays on the heap for a connection in TIME-WAIT.</summary>
internal sealed class TimeWaitBenchmark : IBenchmark
{
    private const int Connections = 20_000;

    /// <inheritdoc/>
    public string Name => "memory.time-wait-bytes";

    /// <inheritdoc/>
    public string Unit => "bytes";

    /// <inheritdoc/>
    public string What => "heap of a connection in TIME-WAIT, of 20,000";

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        var hosts = new MemoryHosts(1500);
        TcpListener listener = hosts.Listen(80);
        for (int i = 0; i < 1000; i++) OpenAndClose(hosts, listener);
        int entries = hosts.A.TimeWaitCount;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Connections; i++) OpenAndClose(hosts, listener);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        double bytes = (double)(after - before) / (hosts.A.TimeWaitCount - entries);
        GC.KeepAlive(hosts);
        return bytes;
    }

    private static void OpenAndClose(MemoryHosts hosts, TcpListener listener)
    {
        (TcpConnection a, TcpConnection b) = hosts.Open(listener);
        a.Close(hosts.Now);
        while (b.State is not TcpState.CloseWait) hosts.Turn();
        b.Close(hosts.Now);
        while (b.State is not TcpState.Closed) hosts.Turn();
    }
}

/// <summary>memory.idle-cost-ratio: whether many idle connections slow down a busy one.</summary>
internal sealed class IdleCostBenchmark : IBenchmark
{
    private const int Messages = 20_000;
    private static readonly int[] Idle = [10, 100_000];
    private readonly byte[] _message = new byte[64];

    /// <inheritdoc/>
    public string Name => "memory.idle-cost-ratio";

    /// <inheritdoc/>
    public string Unit => "ratio";

    /// <inheritdoc/>
    public string What => "time of a 64-octet echo beside 100,000 idle connections / beside 10";

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        (MemoryHosts Hosts, TcpConnection A, TcpConnection B)[] sides = [.. Idle.Select(Prepare)];
        double[] best = [double.MaxValue, double.MaxValue];
        for (int round = 0; round < 8; round++)
        {
            for (int side = 0; side < sides.Length; side++)
            {
                long start = System.Diagnostics.Stopwatch.GetTimestamp();
                for (int i = 0; i < Messages; i++) Echo(sides[side].Hosts, sides[side].A, sides[side].B);
                best[side] = Math.Min(best[side], System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
        return best[1] / best[0];
    }

    private (MemoryHosts Hosts, TcpConnection A, TcpConnection B) Prepare(int idle)
    {
        var hosts = new MemoryHosts(1500);
        TcpListener[] listeners = [.. Enumerable.Range(0, 8).Select(i => hosts.Listen((ushort)(1000 + i)))];
        for (int i = 0; i < idle; i++) IdleEndpointBenchmark.Idle(hosts, listeners[i % listeners.Length], _message);
        (TcpConnection a, TcpConnection b) = hosts.Open(listeners[0]);
        return (hosts, a, b);
    }

    private void Echo(MemoryHosts hosts, TcpConnection a, TcpConnection b)
    {
        a.Send(_message, hosts.Now, out _);
        while (b.Receive(_message, hosts.Now, out int received) is not TcpError.None || received == 0) hosts.Turn();
        b.Send(_message, hosts.Now, out _);
        while (a.Receive(_message, hosts.Now, out int received) is not TcpError.None || received == 0) hosts.Turn();
    }
}
