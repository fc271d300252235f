using Synfin.Core.Tests.Buffers;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Timers;

public class TimerWheelTests
{
    private const long Tick = 1L << 17;
    private const long Day = 86_400_000_000_000;

    private readonly TimerWheel _wheel = new(Timestamp.Zero);

    [Fact]
    public void A_node_fires_at_its_deadline_to_the_nanosecond()
    {
        Node node = Scheduled(1_000_003);
        Assert.Equal(1_000_003, _wheel.NextDeadline.Nanoseconds);
        Assert.Null(Expire(1_000_002));
        Assert.Same(node, Expire(1_000_003));
        Assert.Null(Expire(1_000_003));
        Assert.False(node.IsScheduled);
        Assert.Equal(Timestamp.Never, node.Deadline);
        Assert.Equal((0, Timestamp.Never), (_wheel.Count, _wheel.NextDeadline));
    }

    [Fact]
    public void A_deadline_in_the_past_is_due_at_once()
    {
        Assert.Null(Expire(50 * Day));
        Node late = Scheduled(3);
        Node negative = Scheduled(-7);
        Assert.Equal(-7, _wheel.NextDeadline.Nanoseconds);
        Assert.Same(late, Expire(50 * Day));
        Assert.Same(negative, Expire(50 * Day));
    }

    [Fact]
    public void Never_and_cancel_take_a_node_out()
    {
        Node node = Scheduled(Day);
        _wheel.Schedule(node, Timestamp.Never);
        Assert.Equal((0, Timestamp.Never), (_wheel.Count, _wheel.NextDeadline));
        _wheel.Schedule(node, new(5));
        _wheel.Cancel(node);
        _wheel.Cancel(node);
        Assert.Equal(0, _wheel.Count);
        Assert.Null(Expire(2 * Day));
    }

    [Fact]
    public void Moving_a_node_forgets_its_old_deadline()
    {
        Node node = Scheduled(10 * Tick);
        _wheel.Schedule(node, new(20 * Tick));
        Assert.Equal(1, _wheel.Count);
        Assert.Null(Expire(19 * Tick));
        _wheel.Schedule(node, new(19 * Tick + 1));
        Assert.Same(node, Expire(19 * Tick + 1));
    }

    [Fact]
    public void Nodes_of_one_tick_fire_in_the_order_they_were_scheduled()
    {
        Node[] nodes = [Scheduled(1000 * Tick + 9), Scheduled(1000 * Tick + 5), Scheduled(1000 * Tick + 7)];
        Assert.Same(nodes[1], Expire(1000 * Tick + 6));
        Assert.Null(Expire(1000 * Tick + 6));
        Assert.Equal(1000 * Tick + 7, _wheel.NextDeadline.Nanoseconds);
        Assert.Same(nodes[0], Expire(1001 * Tick));
        Assert.Same(nodes[2], Expire(1001 * Tick));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100 * Tick)]
    [InlineData(5000 * Tick + 77)]
    [InlineData(Day)]
    public void After_a_cancelled_node_a_pass_at_the_next_deadline_puts_it_right(long deadline)
    {
        Node cancelled = Scheduled(deadline);
        Scheduled(deadline + 10);
        _wheel.Cancel(cancelled);
        Assert.True(_wheel.NextDeadline.Nanoseconds <= deadline + 10);
        Assert.Null(_wheel.Expire(_wheel.NextDeadline));
        Assert.Equal(deadline + 10, _wheel.NextDeadline.Nanoseconds);
    }

    [Fact]
    public void A_pass_goes_on_where_it_stopped_even_if_its_place_is_cancelled()
    {
        Node first = Scheduled(900);
        Node second = Scheduled(901);
        Node due = Scheduled(10);
        Node last = Scheduled(11);
        Assert.Same(due, Expire(20));
        _wheel.Cancel(second);
        _wheel.Cancel(first);
        Node added = Scheduled(12);
        Assert.Same(last, Expire(20));
        Assert.Same(added, Expire(20));
        Assert.Null(Expire(20));
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void Time_that_steps_back_fires_nothing_early_and_forgets_nothing()
    {
        Node node = Scheduled(100 * Day + 5);
        Assert.Null(Expire(100 * Day));
        Assert.Null(Expire(Day));
        Node early = Scheduled(2 * Day);
        Assert.Null(Expire(Day));
        Assert.Same(early, Expire(2 * Day));
        Assert.Null(Expire(100 * Day + 4));
        Assert.Same(node, Expire(100 * Day + 5));
    }

    [Fact]
    public void Two_centuries_pass_as_fast_as_a_tick()
    {
        long century = 36_525 * Day;
        Node near = Scheduled(1);
        Node far = Scheduled(2 * century);
        Node last = Scheduled(long.MaxValue - 1);
        Assert.Same(near, Expire(2 * century - 1));
        Assert.Null(Expire(2 * century - 1));
        Assert.Equal(2 * century, _wheel.NextDeadline.Nanoseconds);
        Assert.Same(far, Expire(2 * century));
        Assert.Null(Expire(long.MaxValue - 2));
        Assert.Same(last, Expire(long.MaxValue - 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_hundred_thousand_nodes_fire_in_the_order_of_their_ticks(int seed)
    {
        var random = new SeededGenerator((ulong)seed);
        Node[] nodes = new Node[100_000];
        for (int i = 0; i < nodes.Length; i++) nodes[i] = Scheduled(random.OfAnySize(60), i);
        for (int i = 0; i < nodes.Length; i += 3) _wheel.Cancel(nodes[i]);
        Node[] expected = [.. nodes.Where(n => n.IsScheduled).OrderBy(n => n.Deadline.Nanoseconds / Tick).ThenBy(n => n.Id)];
        Assert.Equal(expected.Length, _wheel.Count);
        Timestamp now = Timestamp.Zero;
        int fired = 0;
        while (_wheel.Count > 0)
        {
            // As virtual time does it: to the next deadline, or, now and then, far beyond it.
            now = Timestamp.Max(now, _wheel.NextDeadline) + new Duration(random.OneIn(3) ? random.OfAnySize(50) : 0);
            List<Node> pass = [];
            while (_wheel.Expire(now) is Node node) pass.Add(node);
            foreach (Node node in pass) Assert.True(node.Wanted <= now.Nanoseconds);
            Assert.True(_wheel.NextDeadline > now);
            fired += pass.Count;
            Assert.All(pass.Zip(pass.Skip(1)), p => Assert.True(p.First.Wanted / Tick <= p.Second.Wanted / Tick));
        }

        Assert.Equal(expected.Length, fired);
    }

    [Fact]
    public void Timers_that_are_set_moved_and_fired_allocate_nothing()
    {
        Node[] nodes = new Node[100];
        for (int i = 0; i < nodes.Length; i++) nodes[i] = Scheduled(i);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 1; round < 100; round++)
        {
            for (int i = 0; i < nodes.Length; i++) _wheel.Schedule(nodes[i], new(round * Day + i * 1_000_000L));
            _wheel.Cancel(nodes[round]);
            while (_wheel.Expire(new(round * Day + Day / 2)) is not null)
            {
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, _wheel.Count);
    }

    private TimerNode? Expire(long now) => _wheel.Expire(new(now));

    private Node Scheduled(long deadline, int id = 0)
    {
        var node = new Node { Id = id, Wanted = deadline };
        _wheel.Schedule(node, new(deadline));
        return node;
    }

    private sealed class Node : TimerNode
    {
        public int Id { get; init; }

        public long Wanted { get; init; }
    }
}
