using System.Threading.Tasks.Sources;
using Xunit;

namespace Synfin.Runtime.Tests;

public sealed class WaiterTests : IWaiterOwner
{
    private readonly OwnerScheduler _scheduler = new();
    private readonly WaiterPool _pool;
    private readonly List<Waiter> _cancelled = [];

    public WaiterTests() => _pool = new WaiterPool(_scheduler.Pipe, _scheduler.ContextFreePipe);

    void IWaiterOwner.WaiterCancelled(Waiter waiter) => _cancelled.Add(waiter);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_continuation_is_queued_to_the_owner_whatever_was_asked_for(bool continueOnCapturedContext)
    {
        Waiter waiter = Rent();
        int result = 0;
        bool stayed = false;
        bool inContext = false;
        Task task = _scheduler.Start(async () =>
        {
            result = await waiter.Count.ConfigureAwait(continueOnCapturedContext);
            stayed = _scheduler.IsOwnerThread;
            inContext = TaskScheduler.Current == _scheduler;
        });
        _scheduler.RunReady();

        waiter.Succeed(7);
        Assert.Equal(0, result);
        RunUntil(task);

        Assert.Equal(7, result);
        Assert.True(stayed);
        Assert.Equal(continueOnCapturedContext, inContext);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Methods_over_a_waiter_over_methods_stay_too(bool continueOnCapturedContext)
    {
        Waiter waiter = Rent();
        async Task<int> Inner() => await waiter.Count.ConfigureAwait(continueOnCapturedContext);
        async ValueTask<int> Outer() => await Inner().ConfigureAwait(continueOnCapturedContext);
        bool stayed = false;
        Task task = _scheduler.Start(async () =>
        {
            await Outer().ConfigureAwait(continueOnCapturedContext);
            stayed = _scheduler.IsOwnerThread;
            // Still here after something that was complete at once, and after another wait.
            await Task.CompletedTask.ConfigureAwait(continueOnCapturedContext);
            Waiter second = Rent();
            second.Succeed(0);
            await second.Done.ConfigureAwait(continueOnCapturedContext);
            stayed &= _scheduler.IsOwnerThread;
        });
        _scheduler.RunReady();

        waiter.Succeed(1);
        RunUntil(task);

        Assert.True(stayed);
    }

    [Fact]
    public void A_wait_that_has_ended_does_not_continue_inline_either()
    {
        Waiter waiter = Rent();
        waiter.Succeed(1);
        bool ran = false;
        waiter.OnCompleted(_ => ran = true, null, waiter.Version, ValueTaskSourceOnCompletedFlags.None);

        Assert.False(ran);
        _scheduler.RunReady();

        Assert.True(ran);
    }

    [Fact]
    public void A_failure_is_thrown_to_who_waits()
    {
        Waiter waiter = Rent();
        ValueTask wait = waiter.Done;
        waiter.Fail(new IOException("gone"));

        Assert.Equal(ValueTaskSourceStatus.Faulted, waiter.GetStatus(waiter.Version));
        Assert.Equal("gone", Assert.Throws<IOException>(() => wait.GetAwaiter().GetResult()).Message);
    }

    [Fact]
    public void A_result_can_be_taken_once()
    {
        Waiter waiter = Rent();
        ValueTask<int> wait = waiter.Count;
        Assert.Throws<InvalidOperationException>(() => wait.GetAwaiter().GetResult());
        waiter.Succeed(3);

        Assert.Equal(3, wait.GetAwaiter().GetResult());

        Assert.Throws<InvalidOperationException>(() => wait.GetAwaiter().GetResult());
        Assert.Throws<InvalidOperationException>(() => wait.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => wait.GetAwaiter().UnsafeOnCompleted(() => { }));
    }

    [Fact]
    public void A_wait_can_be_awaited_once()
    {
        ValueTask wait = Rent().Done;
        wait.GetAwaiter().UnsafeOnCompleted(() => { });
        Assert.Throws<InvalidOperationException>(() => wait.GetAwaiter().UnsafeOnCompleted(() => { }));
    }

    [Fact]
    public void A_waiter_goes_back_to_the_pool_when_its_result_is_taken()
    {
        Waiter first = Rent();
        short version = first.Version;
        first.Succeed(1);
        Assert.Equal(0, _pool.IdleCount);
        first.GetResult(version);
        Assert.Equal(1, _pool.IdleCount);

        Waiter second = Rent();

        Assert.Same(first, second);
        Assert.NotEqual(version, second.Version);
        Assert.False(second.Count.IsCompleted);
    }

    [Fact]
    public void Waiting_again_and_again_allocates_nothing()
    {
        int continued = 0;
        Action<object?> continuation = _ => continued++;
        void Once()
        {
            Waiter waiter = Rent();
            short version = waiter.Version;
            waiter.OnCompleted(continuation, null, version, ValueTaskSourceOnCompletedFlags.UseSchedulingContext);
            waiter.Succeed(1);
            _scheduler.RunReady();
            waiter.GetResult(version);
        }

        _scheduler.Run(() =>
        {
            for (int i = 0; i < 100; i++) Once();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++) Once();
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        });
        Assert.Equal(200, continued);
    }

    [Fact]
    public void A_cancelled_wait_ends_on_the_owner_and_its_owner_is_told_first()
    {
        using CancellationTokenSource source = new();
        Waiter waiter = Rent(source.Token);
        ValueTask<int> wait = waiter.Count;

        Elsewhere.Run(source.Cancel);
        Assert.False(wait.IsCompleted);
        Assert.Empty(_cancelled);
        _scheduler.RunReady();

        Assert.Same(waiter, Assert.Single(_cancelled));
        Assert.True(wait.IsCanceled);
        Assert.Equal(source.Token, Assert.Throws<OperationCanceledException>(() => wait.GetAwaiter().GetResult()).CancellationToken);
    }

    [Fact]
    public void A_cancellation_that_comes_too_late_does_not_touch_the_next_wait()
    {
        using CancellationTokenSource source = new();
        Waiter waiter = Rent(source.Token);
        short version = waiter.Version;
        source.Cancel();
        waiter.Succeed(5);
        Assert.Equal(5, waiter.GetResult(version));

        Waiter next = Rent();
        Assert.Same(waiter, next);
        _scheduler.RunReady();

        Assert.Empty(_cancelled);
        Assert.False(next.Count.IsCompleted);
    }

    [Fact]
    public void A_token_is_forgotten_when_the_wait_ends()
    {
        using CancellationTokenSource source = new();
        Waiter waiter = Rent(source.Token);
        waiter.Succeed(1);

        source.Cancel();

        Assert.False(_scheduler.HasWork);
        Assert.Equal(1, waiter.GetResult(waiter.Version));
    }

    [Theory]
    [InlineData(ValueTaskSourceOnCompletedFlags.FlowExecutionContext, "awaiter's")]
    [InlineData(ValueTaskSourceOnCompletedFlags.None, null)]
    public void The_execution_context_flows_if_it_is_asked_to(ValueTaskSourceOnCompletedFlags flags, string? expected)
    {
        AsyncLocal<string?> local = new() { Value = "awaiter's" };
        Waiter waiter = Rent();
        string? seen = "nothing";
        waiter.OnCompleted(_ => seen = local.Value, null, waiter.Version, flags);
        local.Value = null;

        waiter.Succeed(0);
        _scheduler.RunReady();

        Assert.Equal(expected, seen);
    }

    [Fact]
    public void A_queue_of_waiters_keeps_their_order_and_lets_any_leave()
    {
        WaiterQueue queue = default;
        Waiter[] waiters = [Rent(), Rent(), Rent(), Rent()];
        foreach (Waiter waiter in waiters) queue.Enqueue(waiter);

        Assert.True(queue.Remove(waiters[3]));
        Assert.True(queue.Remove(waiters[1]));
        Assert.False(queue.Remove(waiters[1]));
        queue.Enqueue(waiters[1]);

        foreach (Waiter expected in new[] { waiters[0], waiters[2], waiters[1] })
        {
            Assert.True(queue.TryDequeue(out Waiter? actual));
            Assert.Same(expected, actual);
        }
        Assert.True(queue.IsEmpty);
    }

    private Waiter Rent(CancellationToken cancellationToken = default)
    {
        Waiter waiter = _pool.RentIdle();
        waiter.Arm(this, cancellationToken);
        return waiter;
    }

    private void RunUntil(Task task)
    {
        for (int i = 0; i < 100 && !task.IsCompleted; i++) _scheduler.RunReady();
        Assert.True(task.IsCompletedSuccessfully, task.Exception?.ToString() ?? "it does not end");
    }
}
