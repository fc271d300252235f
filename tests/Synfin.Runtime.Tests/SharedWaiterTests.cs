using System.Threading.Tasks.Sources;
using Xunit;

namespace Synfin.Runtime.Tests;

/// <summary>Waits in hosted mode, and those who race for them.</summary>
public sealed class SharedWaiterTests : IWaiterOwner
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly SharedGate _gate = new(() => { });
    private Waiter? _waiting;

    /// <summary>As a connection does it: called at the gate, for a waiter that it has.</summary>
    void IWaiterOwner.WaiterCancelled(Waiter waiter)
    {
        Assert.Same(_waiting, waiter);
        _waiting = null;
    }

    [Fact]
    public async Task A_continuation_never_runs_at_the_gate_nor_where_the_wait_was_ended()
    {
        int here = Environment.CurrentManagedThreadId;
        ValueTask<int> wait = Wait(CancellationToken.None);
        TaskCompletionSource<(bool CouldEnter, int Thread)> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        wait.GetAwaiter().UnsafeOnCompleted(() =>
        {
            Task<bool> entering = Task.Run(() =>
            {
                using StackGate.Visit visit = _gate.Enter("another thread");
                return true;
            });
            seen.SetResult((entering.Wait(s_limit), Environment.CurrentManagedThreadId));
        });
        Thread ending = new(() => End(7));
        ending.Start();
        (bool couldEnter, int thread) = await seen.Task.WaitAsync(s_limit);
        Assert.True(couldEnter);
        Assert.NotEqual(ending.ManagedThreadId, thread);
        Assert.NotEqual(0, here);
        Assert.Equal(7, await wait);
    }

    [Fact]
    public async Task An_awaiting_context_gets_its_continuation()
    {
        CountingContext context = new();
        Task<int> waiting;
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            waiting = Await();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
        End(3);
        Assert.Equal(3, await waiting.WaitAsync(s_limit));
        Assert.Equal(1, context.Posts);

        async Task<int> Await() => await Wait(CancellationToken.None);
    }

    [Fact]
    public async Task Ending_and_cancelling_race_and_one_of_them_wins()
    {
        const int Rounds = 5_000;
        int ended = 0;
        int cancelled = 0;
        for (int i = 0; i < Rounds; i++)
        {
            using CancellationTokenSource source = new();
            ValueTask<int> wait = Wait(source.Token);
            int number = i;
            Task ending = Task.Run(() => TryEnd(number));
            source.Cancel();
            try
            {
                Assert.Equal(number, await wait);
                ended++;
            }
            catch (OperationCanceledException e)
            {
                Assert.Equal(source.Token, e.CancellationToken);
                cancelled++;
            }
            await ending;
            using StackGate.Visit visit = _gate.Enter("look");
            Assert.Null(_waiting);
        }
        Assert.Equal(Rounds, ended + cancelled);
    }

    [Fact]
    public async Task Telling_and_asking_to_be_told_race_and_the_continuation_runs_once()
    {
        const int Rounds = 10_000;
        int calls = 0;
        using Barrier barrier = new(2);
        Thread ending = new(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                barrier.SignalAndWait();
                End(i);
                barrier.SignalAndWait();
            }
        });
        ending.Start();
        for (int i = 0; i < Rounds; i++)
        {
            ValueTask<int> wait = Wait(CancellationToken.None);
            using ManualResetEventSlim called = new();
            barrier.SignalAndWait();
            Thread.SpinWait(i % 50);
            wait.GetAwaiter().UnsafeOnCompleted(() =>
            {
                Interlocked.Increment(ref calls);
                called.Set();
            });
            Assert.True(called.Wait(s_limit), $"nobody was told in round {i}");
            Assert.Equal(i, await wait);
            barrier.SignalAndWait();
        }
        Assert.True(ending.Join(s_limit));
        Assert.Equal(Rounds, calls);
    }

    [Fact]
    public void A_waiter_is_used_again_and_its_version_wraps()
    {
        Waiter first = Take(Wait(CancellationToken.None));
        short version = first.Version;
        HashSet<short> versions = [version];
        for (int i = 1; i <= 1 << 16; i++)
        {
            Waiter next = Take(Wait(CancellationToken.None));
            Assert.Same(first, next);
            versions.Add(next.Version);
        }
        Assert.Equal(1 << 16, versions.Count);
        Assert.Equal(version, first.Version);

        Waiter Take(ValueTask<int> wait)
        {
            Waiter waiter = _waiting!;
            End(1);
            Assert.True(wait.IsCompletedSuccessfully);
            Assert.Equal(1, wait.Result);
            return waiter;
        }
    }

    [Fact]
    public void A_result_is_taken_once()
    {
        ValueTask<int> wait = Wait(CancellationToken.None);
        End(5);
        Assert.Equal(5, wait.GetAwaiter().GetResult());
        Assert.Throws<InvalidOperationException>(() => wait.GetAwaiter().GetResult());
        ValueTask<int> second = Wait(CancellationToken.None);
        Assert.Throws<InvalidOperationException>(() => wait.GetAwaiter().GetResult());
        End(6);
        Assert.Equal(6, second.GetAwaiter().GetResult());
    }

    [Fact]
    public void A_result_that_is_not_there_yet_does_not_cost_the_wait()
    {
        ValueTask<int> wait = Wait(CancellationToken.None);
        Assert.Throws<InvalidOperationException>(() => wait.GetAwaiter().GetResult());
        End(5);
        Assert.Equal(5, wait.GetAwaiter().GetResult());
    }

    [Fact]
    public void A_failed_wait_leaves_nothing_to_the_next_one()
    {
        ValueTask<int> failed = Wait(CancellationToken.None);
        Waiter waiter = _waiting!;
        using (_gate.Enter("fail"))
        {
            _waiting = null;
            waiter.Fail(new IOException("lost"));
        }
        Assert.Equal(ValueTaskSourceStatus.Faulted, waiter.GetStatus(waiter.Version));
        Assert.Equal("lost", Assert.Throws<IOException>(() => failed.GetAwaiter().GetResult()).Message);
        ValueTask<int> next = Wait(CancellationToken.None);
        Assert.Same(waiter, _waiting);
        End(1);
        Assert.Equal(1, next.GetAwaiter().GetResult());
    }

    [Fact]
    public async Task A_cancellation_that_comes_late_does_not_touch_the_next_wait()
    {
        using CancellationTokenSource source = new();
        ValueTask<int> first = Wait(source.Token);
        Waiter waiter = _waiting!;
        ValueTask<int> second;
        using (_gate.Enter("the gate is taken"))
        {
            // The cancellation is posted, and waits for the gate on the thread pool.
            source.Cancel();
            End(1);
        }
        Assert.Equal(1, await first);
        second = Wait(CancellationToken.None);
        await Task.Run(() =>
        {
            using StackGate.Visit visit = _gate.Enter("behind the cancellation");
        });
        Assert.False(second.IsCompleted);
        Assert.NotNull(waiter);
        End(2);
        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task Waits_of_many_threads_all_end()
    {
        const int Tasks = 8;
        const int Rounds = 5_000;
        await Task.WhenAll(Enumerable.Range(0, Tasks).Select(number => Task.Run(async () =>
        {
            SharedWaiterTests other = new();
            for (int i = 0; i < Rounds; i++)
            {
                using CancellationTokenSource source = new();
                ValueTask<int> wait = other.Wait(i % 3 == 0 ? source.Token : CancellationToken.None);
                if (i % 3 == 0) ThreadPool.UnsafeQueueUserWorkItem(static s => Cancel(s), source, preferLocal: false);
                ThreadPool.UnsafeQueueUserWorkItem(s => other.TryEnd(s), i, preferLocal: false);
                try
                {
                    Assert.Equal(i, await wait);
                }
                catch (OperationCanceledException)
                {
                    Assert.Equal(0, i % 3);
                }
                other.Forget();
            }
        }))).WaitAsync(s_limit);

        static void Cancel(CancellationTokenSource source)
        {
            try
            {
                source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The wait was over before.
            }
        }
    }

    private ValueTask<int> Wait(CancellationToken ct)
    {
        using StackGate.Visit visit = _gate.Enter("wait");
        _waiting = _gate.Rent(this, ct);
        return _waiting.Count;
    }

    private void Forget()
    {
        using StackGate.Visit visit = _gate.Enter("forget");
        _waiting = null;
    }

    private void End(int result) => Assert.True(TryEnd(result));

    private bool TryEnd(int result)
    {
        using StackGate.Visit visit = _gate.Enter("end");
        if (_waiting is not { } waiter) return false;
        _waiting = null;
        waiter.Succeed(result);
        return true;
    }

    private sealed class CountingContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => _posts;

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            base.Post(d, state);
        }
    }
}
