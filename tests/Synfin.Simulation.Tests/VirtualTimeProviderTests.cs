using Synfin.Timers;

namespace Synfin.Simulation.Tests;

public sealed class VirtualTimeProviderTests : IDisposable
{
    private readonly SimulatedNetwork _net = new();

    public void Dispose() => _net.Dispose();
    private readonly List<double> _fired = [];

    private VirtualTimeProvider Time => _net.TimeProvider;

    [Fact]
    public void Time_starts_in_2026_and_goes_with_the_simulation()
    {
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Time.GetUtcNow());
        long before = Time.GetTimestamp();
        _net.RunFor(Duration.FromSeconds(90));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 1, 30, TimeSpan.Zero), Time.GetUtcNow());
        Assert.Equal(Time.GetUtcNow(), Time.GetLocalNow());
        Assert.Equal(TimeSpan.FromSeconds(90), Time.GetElapsedTime(before));
    }

    [Fact]
    public void A_timer_fires_once_at_its_time()
    {
        using ITimer timer = Create(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        _net.RunUntilIdle();
        Assert.Equal([2.0], _fired);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_period_of_zero_or_infinite_fires_once(int period)
    {
        using ITimer timer = Create(TimeSpan.Zero, TimeSpan.FromMilliseconds(period));
        _net.RunUntilIdle();
        Assert.Equal([0.0], _fired);
    }

    [Fact]
    public void A_period_fires_again_and_again()
    {
        using ITimer timer = Create(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        _net.RunFor(Duration.FromSeconds(10));
        Assert.Equal([1.0, 4.0, 7.0, 10.0], _fired);
    }

    [Fact]
    public void An_infinite_due_time_never_fires_until_it_is_changed()
    {
        using ITimer timer = Create(Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(1));
        _net.RunUntilIdle();
        Assert.Empty(_fired);
        Assert.True(timer.Change(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan));
        _net.RunUntilIdle();
        Assert.Equal([5.0], _fired);
    }

    [Fact]
    public void A_change_takes_the_earlier_plan_back()
    {
        using ITimer timer = Create(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        _net.RunFor(Duration.FromSeconds(4));
        timer.Change(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        _net.RunUntilIdle();
        Assert.Equal([9.0], _fired);
    }

    [Fact]
    public void A_disposed_timer_is_silent_refuses_changes_and_does_not_move_the_clock()
    {
        ITimer timer = Create(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        timer.Dispose();
        Assert.False(timer.Change(TimeSpan.FromSeconds(1), TimeSpan.Zero));
        _net.RunUntilIdle();
        Assert.Empty(_fired);
        Assert.Equal(Timestamp.Zero, _net.Now);
    }

    [Fact]
    public void A_timer_may_dispose_itself()
    {
        ITimer? timer = null;
        timer = Time.CreateTimer(
            _ =>
            {
                _fired.Add(_net.Now.Seconds);
                timer!.Dispose();
            },
            null,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(1));
        _net.RunUntilIdle();
        Assert.Equal([1.0], _fired);
    }

    [Fact]
    public void Times_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(TimeSpan.FromMilliseconds(-2), TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(TimeSpan.Zero, TimeSpan.FromDays(50)));
        Assert.Throws<ArgumentNullException>(() => Time.CreateTimer(null!, null, TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public void Delays_cancellations_and_periodic_timers_wait_in_virtual_time()
    {
        List<string> told = [];
        _net.Start(async () =>
        {
            await Task.Delay(TimeSpan.FromHours(1), Time);
            told.Add($"delay {_net.Now.Seconds}");
            using CancellationTokenSource source = new(TimeSpan.FromSeconds(10), Time);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.InfiniteTimeSpan, Time, source.Token));
            told.Add($"cancelled {_net.Now.Seconds}");
            using PeriodicTimer periodic = new(TimeSpan.FromSeconds(7), Time);
            for (int i = 0; i < 2; i++) await periodic.WaitForNextTickAsync();
            told.Add($"ticked {_net.Now.Seconds}");
        });
        _net.RunUntilIdle();
        Assert.Equal(["delay 3600", "cancelled 3610", "ticked 3624"], told);
    }

    [Fact]
    public void Callbacks_run_on_the_simulations_scheduler_with_their_own_context()
    {
        AsyncLocal<string> local = new() { Value = "creator" };
        TaskScheduler? scheduler = null;
        string? value = null;
        using ITimer timer = Time.CreateTimer(
            _ =>
            {
                scheduler = TaskScheduler.Current;
                value = local.Value;
            },
            null,
            TimeSpan.FromSeconds(1),
            TimeSpan.Zero);
        local.Value = "changed";
        _net.RunUntilIdle();
        Assert.Same(_net.Scheduler, scheduler);
        Assert.Equal("creator", value);
    }

    [Fact]
    public void What_a_callback_throws_surfaces_from_the_run()
    {
        using ITimer timer = Time.CreateTimer(_ => throw new InvalidDataException(), null, TimeSpan.Zero, TimeSpan.Zero);
        Assert.Throws<AggregateException>(() => _net.RunUntilIdle());
    }

    private ITimer Create(TimeSpan due, TimeSpan period) => Time.CreateTimer(_ => _fired.Add(_net.Now.Seconds), null, due, period);
}
