using Synfin.Drill.Language;
using Synfin.Drill.Running;
using Synfin.Timers;

namespace Synfin.Drill.Tests.Running;

/// <summary>When lines are due, and how much earlier or later they may come.</summary>
public sealed class TimesAndTolerances
{
    private static readonly Timestamp _start = Timestamp.Zero + Duration.FromSeconds(1_000);

    [Fact]
    public void Absolute_times_count_from_the_start() => Assert.Equal(At(2.5), Resolve(Call("2.5"), At(2)).From);

    [Fact]
    public void Relative_times_count_from_the_end_of_the_event_before() => Assert.Equal(At(2.1), Resolve(Call("+.1"), At(2)).From);

    [Fact]
    public void Packets_in_one_after_the_other_count_from_where_the_script_has_the_one_before()
    {
        var clock = new ScriptClock(_start, Duration.FromMilliseconds(4));
        ScriptEvent first = In("1"), second = In("+.1");
        DueTime due = clock.Resolve(first, At(1));
        clock.Done(first, in due, At(1.003)); // it took 3 ms
        Assert.Equal(At(1.1), clock.Resolve(second, At(1.003)).From);
    }

    [Fact]
    public void A_range_has_two_ends_and_the_tolerance_on_both()
    {
        DueTime due = Resolve(Call("+.1~+.2"), At(0));
        Assert.Equal((At(0.1), At(0.2)), (due.From, due.To));
        Assert.True(due.Includes(At(0.15)) && due.Includes(due.From - due.Tolerance) && due.Includes(due.To + due.Tolerance));
        Assert.False(due.Includes(due.To + due.Tolerance + new Duration(1)));
        Assert.False(due.Includes(due.From - due.Tolerance - new Duration(1)));
    }

    [Fact]
    public void Any_time_includes_all() => Assert.True(Resolve(Call("*"), At(0)).Includes(At(1e6)));

    [Theory]
    [InlineData(0.010, 0.004)] // 12.5 % of 10 ms are less than 4 ms
    [InlineData(0.032, 0.004)]
    [InlineData(0.040, 0.005)]
    [InlineData(8, 1)]
    public void The_tolerance_is_4_ms_or_an_eighth_of_the_time_since_the_last_event(double wait, double tolerance)
    {
        DueTime due = Resolve(Call(FormattableString.Invariant($"+{wait}")), At(0));
        Assert.Equal(Duration.FromSeconds(tolerance), due.Tolerance);
        Assert.True(due.Includes(due.From + due.Tolerance));
        Assert.False(due.Includes(due.From + due.Tolerance + new Duration(1)));
    }

    private static Timestamp At(double seconds) => _start + Duration.FromSeconds(seconds);

    private static DueTime Resolve(ScriptEvent e, Timestamp now)
    {
        var clock = new ScriptClock(_start, Duration.FromMilliseconds(4));
        return clock.Resolve(e, now);
    }

    private static ScriptEvent Call(string time) => Parse($"{time} close(3) = 0");

    private static ScriptEvent In(string time) => Parse($"{time} < . 1:1(0) ack 1 win 1");

    private static ScriptEvent Parse(string line) => ScriptParser.Parse("x.pkt", line + "\n", new Dictionary<string, string>()).Events[0];
}
