using System.Net.Sockets;
using Synfin.Runtime;
using Synfin.Sockets;
using Synfin.Tcp;
using Synfin.Timers;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.EngineTests;

/// <summary>What calls find when the stack is no more, and other ends that nobody may wait for in vain.</summary>
public sealed class EndOfStackTests : EngineTest
{
    private static readonly TimeSpan s_realLimit = TimeSpan.FromMinutes(3);

    [Fact]
    public void A_crashed_hosts_stack_opens_nothing()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        TcpStack tcp = net["a"].Tcp;
        net["a"].Crash();
        net.RunUntilComplete(async () =>
        {
            await AssertNetworkDown(async () => await tcp.ConnectAsync(net["b"].Address, Port));
            await AssertNetworkDown(() => Task.FromResult(tcp.BeginConnect(net["b"].Address, Port)));
            await AssertNetworkDown(() => Task.FromResult(tcp.Listen(null, Port)));
            await AssertNetworkDown(() => Task.FromResult(tcp.BindUdp(null, Port)));
        });
        net["a"].Restart();
        net["a"].Tcp.Listen(null, Port).Close();
    }

    [Fact]
    public async Task A_disposed_networks_stacks_open_nothing()
    {
        SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        net.Dispose();
        await AssertNetworkDown(async () => await net["a"].Tcp.ConnectAsync(net["b"].Address, Port).AsTask().WaitAsync(s_realLimit));
    }

    [Fact]
    public void Octets_that_a_close_before_the_handshake_threw_away_are_not_called_drained()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        TcpListener listener = net["b"].Tcp.Listen(null, Port);
        net.RunUntilComplete(async () =>
        {
            TcpConnection connection = net["a"].Tcp.BeginConnect(net["b"].Address, Port);
            await connection.WriteAsync(TextOf(100));
            connection.Close();
            Assert.Equal(CloseReason.LocalClose, connection.CloseReason);
            IOException failure = await Assert.ThrowsAsync<IOException>(async () => await connection.WhenDrained());
            Assert.Equal(SocketError.OperationAborted, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);
        });
        listener.Close();
    }

    [Fact]
    public void Failures_that_the_network_reported_are_not_reported_again_by_the_finalizer()
    {
        List<Exception> unobserved = [];
        EventHandler<UnobservedTaskExceptionEventArgs> handler = (_, e) =>
        {
            lock (unobserved) unobserved.AddRange(e.Exception.InnerExceptions);
        };
        TaskScheduler.UnobservedTaskException += handler;
        try
        {
            FailTwice();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= handler;
        }
        lock (unobserved) Assert.DoesNotContain(unobserved, e => e.Message == nameof(FailTwice));
    }

    [Fact]
    public async Task Many_tasks_of_a_host_that_crashes_may_fail_at_once()
    {
        const int Count = 200;
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        TcpListener listener = net["b"].Tcp.Listen(null, Port);
        List<Task> reads = [];
        for (int i = 0; i < Count; i++)
        {
            Task<TcpConnection> accepted = listener.AcceptAsync().AsTask();
            TcpConnection client = await net["a"].Tcp.ConnectAsync(net["b"].Address, Port);
            reads.Add(net["a"].Run(() => ReadToEnd(client)));
            await accepted;
        }
        net["a"].Crash();
        await Assert.ThrowsAnyAsync<IOException>(() => Task.WhenAll(reads).WaitAsync(s_realLimit));
        Assert.All(reads, read => Assert.True(read.IsFaulted));
        net["b"].Crash();
        await net.RunUntilIdleAsync().WaitAsync(s_realLimit);
    }

    [Fact]
    public async Task Disposing_the_network_ends_a_run_for_a_time()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        await net.RunUntilIdleAsync();
        IDisposable hold = net.HoldTime();
        Task running = Task.Run(() => net.RunFor(Duration.FromSeconds(1)));
        Assert.True(SpinWait.SpinUntil(() => HasEvent(net), s_realLimit), "the run has begun when its end is planned");
        net.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => running.WaitAsync(s_realLimit));
        hold.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_clock_that_stands_goes_on_for_a_timer(bool stoodBefore)
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        if (stoodBefore)
        {
            await net.RunUntilIdleAsync().WaitAsync(s_realLimit);
            Assert.True(SpinWait.SpinUntil(() => net.ClockStands, s_realLimit));
        }
        await Task.Delay(TimeSpan.FromSeconds(10), net.TimeProvider).WaitAsync(s_realLimit);
        Assert.True(net.Now >= new Timestamp(10_000_000_000));
        TaskCompletionSource planned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(SpinWait.SpinUntil(() => net.ClockStands, s_realLimit));
        net.At(net.Now + Duration.FromSeconds(10), planned.SetResult);
        await planned.Task.WaitAsync(s_realLimit);
    }

    [Fact]
    public async Task A_fault_of_the_network_is_told_to_all_who_wait_for_it_now_and_later()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        using IDisposable hold = net.HoldTime();
        net.At(new Timestamp(1_000), () => throw new DivideByZeroException("a planned fault"));
        Task waiting = net.RunUntilIdleAsync();
        hold.Dispose();
        await Assert.ThrowsAsync<DivideByZeroException>(() => waiting.WaitAsync(s_realLimit));
        Exception later = await Assert.ThrowsAnyAsync<Exception>(() => net.RunUntilIdleAsync().WaitAsync(s_realLimit));
        Assert.IsNotType<TimeoutException>(later);
    }

    private static bool HasEvent(SimulatedNetwork net)
    {
        using StackGate.Visit visit = net.Enter("test");
        return net.NextEvent.IsSet;
    }

    private static async Task AssertNetworkDown<T>(Func<Task<T>> call)
    {
        SocketException failure = await Assert.ThrowsAsync<SocketException>(call);
        Assert.Equal(SocketError.NetworkDown, failure.SocketErrorCode);
        Assert.Contains("restart", failure.Message, StringComparison.Ordinal);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void FailTwice()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts();
        net["a"].Run(() => throw new InvalidDataException(nameof(FailTwice)));
        net["a"].Run<int>(() => throw new InvalidDataException(nameof(FailTwice)));
        AggregateException failure = Assert.Throws<AggregateException>(() => net.RunUntilIdle());
        Assert.Equal(2, failure.InnerExceptions.Count);
    }
}
