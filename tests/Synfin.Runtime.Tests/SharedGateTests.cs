using System.Collections.Concurrent;
using Xunit;

namespace Synfin.Runtime.Tests;

/// <summary>The gate of hosted mode: one at a time, work before leaving, news after it.</summary>
public sealed class SharedGateTests : IWaiterOwner
{
    private const int Threads = 8;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private int _settled;

    void IWaiterOwner.WaiterCancelled(Waiter waiter)
    {
    }

    [Fact]
    public void Eight_threads_come_100_000_times_each_one_after_the_other()
    {
        const int Visits = 100_000;
        int inside = 0;
        long sum = 0;
        int crowded = 0;
        SharedGate gate = new(() => _settled++);
        InParallel(_ =>
        {
            for (int i = 0; i < Visits; i++)
            {
                using StackGate.Visit visit = gate.Enter("test");
                if (++inside != 1) crowded++;
                sum++;
                gate.AddWork();
                inside--;
            }
        });
        Assert.Equal(0, crowded);
        Assert.Equal(Threads * Visits, sum);
        Assert.Equal(Threads * Visits, _settled);
    }

    [Fact]
    public void Work_is_done_once_when_the_outermost_visit_ends()
    {
        SharedGate gate = new(() => _settled++);
        using (gate.Enter("outer"))
        {
            using (gate.Enter("inner")) gate.AddWork();
            gate.AddWork();
            Assert.Equal(0, _settled);
        }
        Assert.Equal(1, _settled);
        using (gate.Enter("again"))
        {
        }
        Assert.Equal(1, _settled);
    }

    [Fact]
    public void Work_that_leaves_work_is_done_before_leaving()
    {
        SharedGate? gate = null;
        gate = new SharedGate(() =>
        {
            // A visit within the settling is an inner one.
            using StackGate.Visit visit = gate!.Enter("settling");
            if (++_settled < 5) gate.AddWork();
        });
        using (gate.Enter("test")) gate.AddWork();
        Assert.Equal(5, _settled);
    }

    [Fact]
    public async Task A_settling_that_fails_frees_the_gate_and_tells_whose_wait_had_ended()
    {
        bool fails = true;
        SharedGate gate = new(() =>
        {
            if (fails) throw new InvalidDataException("settling");
            _settled++;
        });
        Waiter waiter = Rent(gate);
        Task<int> waiting = waiter.Count.AsTask();
        InvalidDataException failure = Assert.Throws<InvalidDataException>(() =>
        {
            using StackGate.Visit visit = gate.Enter("test");
            waiter.Succeed(3);
            gate.AddWork();
        });
        Assert.Equal("settling", failure.Message);
        Assert.Equal(3, await waiting.WaitAsync(s_limit));
        fails = false;
        Task other = Task.Run(() =>
        {
            using StackGate.Visit visit = gate.Enter("other");
            gate.AddWork();
        });
        await other.WaitAsync(s_limit);
        Assert.Equal(1, _settled);
    }

    [Fact]
    public void Coming_leaves_notice_and_coming_unnoticed_does_not()
    {
        SharedGate gate = new(() => { });
        using (gate.EnterUnnoticed()) Assert.False(gate.TakeNotice());
        using (gate.Enter("test"))
        {
        }
        Assert.True(gate.HasNotice);
        using (gate.EnterUnnoticed())
        {
            Assert.True(gate.TakeNotice());
            Assert.False(gate.TakeNotice());
            using (gate.Enter("inner"))
            {
            }
        }
        Assert.False(gate.HasNotice);
    }

    [Fact]
    public async Task Ended_waits_are_told_in_the_order_of_their_ends()
    {
        const int Count = 100;
        SharedGate gate = new(() => { });
        ConcurrentQueue<int> told = new();
        List<Task> waits = [];
        Waiter[] waiters = new Waiter[Count];
        for (int i = 0; i < Count; i++)
        {
            int number = i;
            waiters[i] = Rent(gate);
            // Inline continuations of the task would run in the order of publishing; the waiter's own go to the pool.
            waits.Add(waiters[i].Count.AsTask().ContinueWith(_ => told.Enqueue(number), TaskScheduler.Default));
        }
        using (gate.Enter("test"))
        {
            foreach (Waiter waiter in waiters) waiter.Succeed(1);
            Assert.Empty(told);
        }
        await Task.WhenAll(waits).WaitAsync(s_limit);
        Assert.Equal(Enumerable.Range(0, Count), told.Order());
    }

    private Waiter Rent(SharedGate gate)
    {
        using StackGate.Visit visit = gate.Enter("rent");
        return gate.Rent(this, CancellationToken.None);
    }

    private static void InParallel(Action<int> body)
    {
        using Barrier start = new(Threads);
        Thread[] threads = new Thread[Threads];
        for (int i = 0; i < Threads; i++)
        {
            int number = i;
            threads[i] = new Thread(() =>
            {
                start.SignalAndWait();
                body(number);
            })
            { IsBackground = true };
            threads[i].Start();
        }
        foreach (Thread thread in threads) Assert.True(thread.Join(s_limit), "a thread does not end");
    }
}
