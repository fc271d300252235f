using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Synfin.Linux.Tests.EngineTests;
using Synfin.Linux.Tests.Support;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Testing.Soak;
using Synfin.Timers;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>
/// Connections of all kinds between the kernel and Synfin, in real time, with losses: nothing is left over, and memory stays flat.
/// SYNFIN_SOAK_SECONDS says how long; 10 unless set. Alone, as it counts the process's descriptors and octets.
/// </summary>
[Trait("Needs", "tun")]
[Trait("Kind", "soak")]
[Collection(nameof(SoakOverTunTests))]
[CollectionDefinition(nameof(SoakOverTunTests), DisableParallelization = true)]
public sealed class SoakOverTunTests
{
    private const int Port = 7300;
    private const int Clients = 8;
    private const int DescriptorTolerance = 8;
    private const long MemoryTolerance = 6_000_000;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    // Short, so that what is left over at the end is left over for good, and what was reset in silence is found out.
    private static readonly StackOptions _stack = new()
    {
        Profile = TcpProfile.Default with { TimeWait = Duration.FromSeconds(1) },
        ConnectionDefaults = new TcpConnectionOptions
        {
            NoDelay = true,
            KeepAlive = true,
            KeepAliveTime = Duration.FromSeconds(1),
            KeepAliveInterval = Duration.FromSeconds(1),
        },
    };

    private int _connections;

    [Fact]
    public async Task Nothing_is_left_and_memory_is_flat()
    {
        TimeSpan time = TimeSpan.FromSeconds(int.Parse(
            Environment.GetEnvironmentVariable("SYNFIN_SOAK_SECONDS") ?? "10", CultureInfo.InvariantCulture));
        using TwoHosts hosts = TwoHosts.Create(ipv6: true, _stack, queues: 2);
        Lose(hosts.Kernel);
        await SoakAsync(hosts, TimeSpan.FromSeconds(Math.Min(3, time.TotalSeconds / 3))); // pools grow, code is compiled
        await AssertNothingIsLeftAsync(hosts.Synfin);
        (long memory, int descriptors) = Use();
        int threads = Process.GetCurrentProcess().Threads.Count;

        await SoakAsync(hosts, time);
        await AssertNothingIsLeftAsync(hosts.Synfin);
        (long memoryAfter, int descriptorsAfter) = Use();
        string figures = $"{_connections} connections; {memory} octets, then {memoryAfter};"
            + $" {descriptors} descriptors, then {descriptorsAfter};"
            + $" {threads} threads, then {Process.GetCurrentProcess().Threads.Count}";
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(_connections > 10 * time.TotalSeconds, figures);
        Assert.True(memoryAfter <= memory + MemoryTolerance && descriptorsAfter <= descriptors + DescriptorTolerance, figures);
    }

    private static void Lose(NetworkNamespace kernel)
    {
        var firewall = new Firewall(kernel);
        firewall.DropByChance(toKernel: true, 1, "meta l4proto tcp");
        firewall.DropByChance(toKernel: false, 1, "meta l4proto tcp");
    }

    private async Task SoakAsync(TwoHosts hosts, TimeSpan time)
    {
        using TcpListenerGroup synfin = hosts.Synfin.Sockets.Listen(new IPEndPoint(IPAddress.IPv6Any, Port));
        using Socket kernel = hosts.KernelSocket();
        kernel.Bind(new IPEndPoint(hosts.KernelAddress, Port));
        kernel.Listen(Clients);
        using var over = new CancellationTokenSource();
        Task<Task[]> synfinServes = ServeAsync(async ct => new SynfinEnd(await synfin.AcceptAsync(ct)), over.Token);
        Task<Task[]> kernelServes = ServeAsync(async ct => new KernelEnd(KeepingAlive(await kernel.AcceptAsync(ct))), over.Token);

        long start = Stopwatch.GetTimestamp();
        Task[] clients = new Task[Clients];
        for (int i = 0; i < Clients; i++) clients[i] = AskAsync(hosts, i, () => Stopwatch.GetElapsedTime(start) >= time);
        await Task.WhenAll(clients).InTime(time + _patience);
        await over.CancelAsync();
        // All that still talks ends, and without an exception.
        await Task.WhenAll(await synfinServes.InTime()).InTime(_patience);
        await Task.WhenAll(await kernelServes.InTime()).InTime(_patience);
    }

    private async Task AskAsync(TwoHosts hosts, int client, Func<bool> isOver)
    {
        var random = new Random(client);
        while (!isOver())
        {
            var kind = (SoakKind)random.Next(6);
            int length = random.Next(2, random.Next(20) == 0 ? 500_000 : 20_000);
            await SoakTalk.AskAsync(client % 2 == 0 ? await OpenSynfinAsync(hosts) : await OpenKernelAsync(hosts), kind, length);
            Interlocked.Increment(ref _connections);
        }
    }

    private static async Task<SoakEnd> OpenSynfinAsync(TwoHosts hosts)
    {
        TcpConnection connection = await hosts.Synfin.Sockets.ConnectAsync(new IPEndPoint(hosts.KernelAddress, Port));
        return new SynfinEnd(connection);
    }

    private static async Task<SoakEnd> OpenKernelAsync(TwoHosts hosts)
    {
        Socket socket = KeepingAlive(hosts.KernelSocket());
        await socket.ConnectAsync(new IPEndPoint(hosts.SynfinAddress, Port));
        return new KernelEnd(socket);
    }

    private static Socket KeepingAlive(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        return socket;
    }

    /// <summary>Serves until it is over.</summary>
    /// <returns>The conversations that were not over by then, or failed.</returns>
    private static async Task<Task[]> ServeAsync(Func<CancellationToken, Task<SoakEnd>> acceptAsync, CancellationToken over)
    {
        List<Task> conversations = [];
        try
        {
            while (true)
            {
                SoakEnd end = await acceptAsync(over);
                conversations.RemoveAll(static conversation => conversation.IsCompletedSuccessfully);
                conversations.Add(SoakTalk.ServeAsync(end));
            }
        }
        catch (OperationCanceledException)
        {
            return [.. conversations];
        }
    }

    private static async Task AssertNothingIsLeftAsync(LinuxHost host)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            string left = Left(host);
            if (left.Length == 0) return;
            Assert.True(Stopwatch.GetElapsedTime(start) < _patience, left);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private static string Left(LinuxHost host)
    {
        string left = "";
        foreach (Runtime.HostedShard shard in host.Shards)
        {
            shard.Do((engine, _) =>
            {
                int entries = engine.ConnectionCount + engine.TimeWaitCount + engine.SynQueueCount;
                if (entries + engine.PagesInUse + engine.OrphanCount == 0) return;
                left += $"{engine.ConnectionCount} connections, {engine.TimeWaitCount} in TIME-WAIT, {engine.SynQueueCount} half-open,"
                    + $" {engine.PagesInUse} pages, {engine.OrphanCount} orphans. ";
            });
        }
        return left;
    }

    private static (long Memory, int Descriptors) Use()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return (GC.GetTotalMemory(forceFullCollection: true), Directory.GetFileSystemEntries("/proc/self/fd").Length);
    }
}
