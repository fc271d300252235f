using Xunit;

namespace Synfin.Runtime.Tests;

public sealed class OwnerSchedulerTests
{
    private readonly OwnerScheduler _scheduler = new();

    [Fact]
    public void What_is_queued_runs_in_its_order_and_not_before_RunReady()
    {
        List<string> log = [];
        _scheduler.Post(() => log.Add("action"));
        _scheduler.Start(() => Do(() => log.Add("task")));
        _scheduler.ContextFreePipe.Schedule(_ => log.Add("context-free"), null);
        _scheduler.Pipe.Schedule(s => log.Add((string)s!), "pipe");
        Assert.Empty(log);

        Assert.True(_scheduler.HasWork);
        while (_scheduler.RunReady())
        {
        }

        Assert.Equal(["action", "task", "context-free", "pipe"], log);
        Assert.False(_scheduler.HasWork);
    }

    [Fact]
    public void One_call_runs_a_bounded_number_of_items()
    {
        OwnerScheduler scheduler = new() { MaxItemsPerRun = 3 };
        int runs = 0;
        void Again()
        {
            runs++;
            scheduler.Post(Again);
        }
        scheduler.Post(Again);

        Assert.True(scheduler.RunReady());
        Assert.Equal(3, runs);
        Assert.True(scheduler.RunReady());
        Assert.Equal(6, runs);
    }

    [Fact]
    public void A_batch_without_context_counts_as_well()
    {
        OwnerScheduler scheduler = new() { MaxItemsPerRun = 3 };
        int runs = 0;
        for (int i = 0; i < 5; i++) scheduler.ContextFreePipe.Schedule(_ => runs++, null);

        Assert.True(scheduler.RunReady());
        Assert.Equal(3, runs);
        Assert.False(scheduler.RunReady());
        Assert.Equal(5, runs);
    }

    [Fact]
    public void Code_in_the_context_finds_the_scheduler_and_no_synchronisation_context()
    {
        SynchronizationContext? outer = SynchronizationContext.Current;
        try
        {
            SynchronizationContext runner = new();
            SynchronizationContext.SetSynchronizationContext(runner);
            List<(TaskScheduler, SynchronizationContext?)> seen = [];
            void Look() => seen.Add((TaskScheduler.Current, SynchronizationContext.Current));

            _scheduler.Post(Look);
            _scheduler.ContextFreePipe.Schedule(_ => Look(), null);
            _scheduler.Run(Look);
            _scheduler.RunReady();

            Assert.Equal([(_scheduler, null), (_scheduler, null), (TaskScheduler.Default, null)], seen);
            Assert.Same(runner, SynchronizationContext.Current);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    [Fact]
    public void A_plain_await_comes_back_from_a_task_that_another_thread_completes()
    {
        TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool back = false;
        Task task = _scheduler.Start(async () =>
        {
            await source.Task.ConfigureAwait(true);
            back = _scheduler.IsOwnerThread && TaskScheduler.Current == _scheduler;
        });
        using ManualResetEventSlim rung = new();
        _scheduler.Wake = rung.Set;

        _scheduler.RunReady();
        Elsewhere.Run(source.SetResult);
        Assert.True(rung.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        RunUntil(task);

        Assert.True(back);
    }

    [Fact]
    public void A_plain_await_comes_back_from_a_yield()
    {
        bool back = false;
        Task task = _scheduler.Start(async () =>
        {
            await Task.Yield();
            back = _scheduler.IsOwnerThread && TaskScheduler.Current == _scheduler;
        });

        RunUntil(task);

        Assert.True(back);
    }

    [Fact]
    public void Without_the_context_a_nested_method_over_something_completed_by_the_owner_stays()
    {
        // The completion comes the way Synfin's own do, through the context-free pipe; see WaiterTests for those themselves.
        TaskCompletionSource source = new();
        async Task Inner() => await source.Task.ConfigureAwait(false);
        bool stayed = false;
        Task task = _scheduler.Start(async () =>
        {
            await Inner().ConfigureAwait(false);
            stayed = _scheduler.IsOwnerThread;
        });
        _scheduler.RunReady();

        _scheduler.ContextFreePipe.Schedule(_ => source.SetResult(), null);
        RunUntil(task);

        Assert.True(stayed);
    }

    [Fact]
    public void Without_the_context_over_code_that_kept_it_leaves_the_thread_and_a_socket_call_says_so()
    {
        TaskCompletionSource source = new();
        async Task Inner() => await source.Task.ConfigureAwait(true);
        using ManualResetEventSlim back = new();
        _scheduler.Wake = back.Set;
        Task task = _scheduler.Start(async () =>
        {
            await Inner().ConfigureAwait(false);
            _scheduler.VerifyOwner("ReadAsync");
        });
        _scheduler.RunReady();
        source.SetResult();
        _scheduler.RunReady();

        Assert.True(back.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        for (int i = 0; i < 10; i++) _scheduler.RunReady();

        Assert.True(task.IsFaulted);
        Assert.Contains("ConfigureAwait(false)", Assert.Single(_scheduler.Failures).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Completing_a_task_runs_nothing_inline()
    {
        List<string> log = [];
        TaskCompletionSource source = new();
        Task waiting = _scheduler.Start(async () =>
        {
            await source.Task.ConfigureAwait(true);
            log.Add("continued");
        });
        _scheduler.RunReady();

        _scheduler.Post(() =>
        {
            source.SetResult();
            log.Add("completed");
        });
        RunUntil(waiting);

        Assert.Equal(["completed", "continued"], log);
    }

    [Fact]
    public void What_started_code_throws_is_collected_and_also_in_the_task()
    {
        Task failing = _scheduler.Start(async () =>
        {
            await Task.Yield();
            throw new FormatException("boom");
        });
        Task cancelled = _scheduler.Start(() => Task.FromCanceled(new CancellationToken(canceled: true)));
        _scheduler.Post(() => throw new NotSupportedException("bang"));

        for (int i = 0; i < 4; i++) _scheduler.RunReady();

        Assert.Equal(["bang", "boom"], _scheduler.Failures.Select(f => f.Message));
        Assert.IsType<FormatException>(failing.Exception!.InnerException);
        Assert.True(cancelled.IsCanceled);
    }

    [Fact]
    public void Run_throws_what_its_loop_throws() =>
        Assert.Throws<FormatException>(() => _scheduler.Run(() => throw new FormatException("boom")));

    [Fact]
    public void Posts_from_another_thread_ring_once_until_the_owner_looks()
    {
        int rings = 0;
        List<int> log = [];
        _scheduler.Wake = () => rings++;

        Elsewhere.Run(() =>
        {
            for (int i = 0; i < 3; i++) _scheduler.Post(s => log.Add((int)s!), i);
        });
        Assert.Equal(1, rings);
        Assert.True(_scheduler.HasWork);
        _scheduler.RunReady();
        Assert.Equal([0, 1, 2], log);

        Elsewhere.Run(() => _scheduler.Post(() => log.Add(3)));
        Assert.Equal(2, rings);
        _scheduler.RunReady();
        Assert.Equal([0, 1, 2, 3], log);
    }

    [Fact]
    public void Posts_from_many_threads_all_run_and_those_of_a_thread_in_its_order()
    {
        const int Threads = 4;
        const int Posts = 1_000;
        int[] next = new int[Threads];
        bool ordered = true;
        Thread[] threads = new Thread[Threads];
        for (int t = 0; t < Threads; t++)
        {
            int thread = t;
            threads[t] = new Thread(() =>
            {
                for (int i = 0; i < Posts; i++)
                {
                    int number = i;
                    _scheduler.Post(() => ordered &= next[thread]++ == number);
                }
            });
        }
        using SemaphoreSlim doorbell = new(0);
        _scheduler.Wake = () => doorbell.Release();

        foreach (Thread thread in threads) thread.Start();
        while (next.Sum() < Threads * Posts)
        {
            if (!_scheduler.RunReady()) Assert.True(doorbell.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        }

        Assert.True(ordered);
    }

    [Fact]
    public void Only_the_owner_runs_it_and_whoever_calls_Run_becomes_the_owner()
    {
        Exception wrong = Assert.Throws<InvalidOperationException>(() => Elsewhere.Run(() => _scheduler.RunReady()));
        Assert.Contains("strict mode", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("OwnerScheduler.Post", wrong.Message, StringComparison.Ordinal);

        bool owner = false;
        Elsewhere.Run(() => _scheduler.Run(() => owner = _scheduler.IsOwnerThread));

        Assert.True(owner);
        Assert.False(_scheduler.IsOwnerThread);
        _scheduler.TakeOwnership();
        Assert.True(_scheduler.IsOwnerThread);
    }

    [Fact]
    public void Nobody_takes_over_while_a_loop_runs() =>
        _scheduler.Run(() => Assert.Throws<InvalidOperationException>(() => Elsewhere.Run(_scheduler.TakeOwnership)));

    [Fact]
    public void RunReady_within_RunReady_is_an_error()
    {
        _scheduler.Post(() => _scheduler.RunReady());
        _scheduler.RunReady();
        Assert.IsType<InvalidOperationException>(Assert.Single(_scheduler.Failures));
    }

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private void RunUntil(Task task)
    {
        for (int i = 0; i < 100 && !task.IsCompleted; i++) _scheduler.RunReady();
        Assert.True(task.IsCompletedSuccessfully, task.Exception?.ToString() ?? "it does not end");
    }
}
