using Synfin.Core.Tests.Buffers;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Timers;

/// <summary>Random operations on a wheel and on a plain list that is sorted by tick, then by when nodes were scheduled.</summary>
public class TimerWheelModelTests
{
    private const int TickShift = 17;

    private readonly List<Node> _scheduled = [];
    private readonly Node[] _nodes = [.. Enumerable.Range(0, 60).Select(_ => new Node())];
    private long _tick;
    private long _order;

    [Theory]
    [InlineData(1, 62, 0)]
    [InlineData(2, 20, 0)]
    [InlineData(3, 30, 1_700_000_000_000_000_000)]
    [InlineData(4, 45, 12_345)]
    [InlineData(5, 17, 1L << 53)]
    [InlineData(6, 56, 1L << 30)]
    public void It_does_what_a_sorted_list_does(int seed, int bits, long start)
    {
        var random = new SeededGenerator((ulong)seed);
        var wheel = new TimerWheel(new(start));
        long now = start;
        _tick = start >> TickShift;
        for (int step = 0; step < 20_000; step++)
        {
            ScheduleOrCancel(random, wheel, now, bits);
            CheckNextDeadline(wheel);
            if (random.OneIn(5)) now = Later(random, wheel, now, bits);
            if (random.OneIn(4)) Pass(random, wheel, now, bits);
        }
    }

    [Fact]
    public void The_same_operations_give_the_same_order()
    {
        Assert.Equal(Trace(), Trace());

        static List<int> Trace()
        {
            var random = new SeededGenerator(99);
            var wheel = new TimerWheel(Timestamp.Zero);
            for (int i = 0; i < 5_000; i++) wheel.Schedule(new Node { Id = i }, new(random.OfAnySize(40)));
            List<int> trace = [];
            for (int now = 0; wheel.Count > 0; now++)
            {
                while (wheel.Expire(new(1L << now)) is Node node) trace.Add(node.Id);
            }

            return trace;
        }
    }

    private void ScheduleOrCancel(SeededGenerator random, TimerWheel wheel, long now, int bits)
    {
        Node node = _nodes[random.Below(_nodes.Length)];
        _scheduled.Remove(node);
        if (random.OneIn(5))
        {
            wheel.Cancel(node);
        }
        else
        {
            long ahead = random.OneIn(20) ? -random.OfAnySize(30) : random.OfAnySize(bits);
            node.Wanted = Math.Min(now, long.MaxValue - 1 - ahead) + ahead;
            node.Tick = Math.Max(_tick, node.Wanted >> TickShift);
            node.Order = _order++;
            wheel.Schedule(node, new(node.Wanted));
            _scheduled.Add(node);
        }

        Assert.Equal(_scheduled.Count, wheel.Count);
    }

    /// <summary>A bit later, a lot later, or exactly at the next deadline, as virtual time jumps.</summary>
    private static long Later(SeededGenerator random, TimerWheel wheel, long now, int bits)
    {
        long next = wheel.NextDeadline.Nanoseconds;
        if (random.OneIn(2) && next != long.MaxValue) return Math.Max(now, next);
        long ahead = random.OfAnySize(Math.Min(bits, 57));
        return Math.Min(now, long.MaxValue - 1 - ahead) + ahead;
    }

    private void Pass(SeededGenerator random, TimerWheel wheel, long now, int bits)
    {
        while (true)
        {
            Node? expected = _scheduled.Where(n => n.Wanted <= now).OrderBy(n => n.Tick).ThenBy(n => n.Order).FirstOrDefault();
            Assert.Same(expected, wheel.Expire(new(now)));
            if (expected is null) break;
            _scheduled.Remove(expected);
            _tick = expected.Tick;
            // As a connection does when it is woken.
            if (random.OneIn(3)) ScheduleOrCancel(random, wheel, now, bits);
            if (random.OneIn(10)) return;
        }

        _tick = Math.Max(_tick, now >> TickShift);
        Assert.True(wheel.NextDeadline.Nanoseconds > now);
        CheckNextDeadline(wheel);
    }

    private void CheckNextDeadline(TimerWheel wheel)
    {
        long earliest = _scheduled.Count == 0 ? long.MaxValue : _scheduled.Min(n => n.Wanted);
        Assert.True(wheel.NextDeadline.Nanoseconds <= earliest);
        Assert.Equal(_scheduled.Count == 0, !wheel.NextDeadline.IsSet);
    }

    private sealed class Node : TimerNode
    {
        public int Id { get; init; }

        public long Wanted { get; set; }

        public long Tick { get; set; }

        public long Order { get; set; }
    }
}
