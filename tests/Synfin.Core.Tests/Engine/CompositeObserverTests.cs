using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Several observers of one stack, which come and go.</summary>
public sealed class CompositeObserverTests
{
    [Fact]
    public void Each_sees_everything_in_the_order_in_which_they_came()
    {
        var calls = new List<string>();
        ITcpObserver? observers = null;
        foreach (string name in (string[])["a", "b", "c"]) observers = CompositeObserver.Add(observers, new Named(name, calls));
        Given.Listening(observer: observers)
            .Receives("S seq 0").Sends("S.").After(1_000).Sends("S.").Receives("S. seq 9 ack 9").Ignoring();
        Assert.Equal(6, calls.Select(c => c[2..]).Distinct().Count());
        Assert.All(calls.Chunk(3), c => Assert.Equal([$"a {c[0][2..]}", $"b {c[0][2..]}", $"c {c[0][2..]}"], c));
    }

    [Fact]
    public void One_that_goes_leaves_the_others()
    {
        Named a = new("a", []), b = new("b", []), c = new("c", []);
        ITcpObserver all = CompositeObserver.Add(CompositeObserver.Add(CompositeObserver.Add(null, a), b), c);
        Assert.True(CompositeObserver.Contains(all, b));
        ITcpObserver? rest = CompositeObserver.Remove(all, b);
        Assert.False(CompositeObserver.Contains(rest, b));
        Assert.True(CompositeObserver.Contains(rest, a) && CompositeObserver.Contains(rest, c));
        Assert.Same(rest, CompositeObserver.Remove(rest, b));
        Assert.Same(c, CompositeObserver.Remove(rest, a));
        Assert.Null(CompositeObserver.Remove(c, c));
        Assert.Null(CompositeObserver.Remove(null, c));
        Assert.Throws<ArgumentNullException>(() => CompositeObserver.Add(a, null!));
    }

    [Fact]
    public void One_that_comes_at_an_opening_sees_it_and_all_after_it()
    {
        Given given = Given.Listening();
        var calls = new List<string>();
        int openings = 0;
        given.Stack.Opening += () =>
        {
            openings++;
            given.Stack.Observer ??= new Named("a", calls);
        };
        given.Receives("S seq 0").Sends("S.");
        Assert.Equal(["a state", "a sent"], calls);
        Assert.Equal(1, openings);
        given.Receives(". seq 1 ack 1").Accepts();
        Assert.Equal(1, openings);
        given.Stack.Observer = null;
        int before = calls.Count;
        given.Writes(1).Sends("P. seq 1 ack 1 len 1");
        Assert.Equal(before, calls.Count);
    }

    private sealed class Named(string name, List<string> calls) : ITcpObserver
    {
        public void SegmentSent(in SegmentEvent e) => calls.Add($"{name} sent");

        public void SegmentReceived(in SegmentEvent e) => calls.Add($"{name} received");

        public void SegmentDropped(in SegmentEvent e, DropReason reason) => calls.Add($"{name} dropped");

        public void StateChanged(in StateEvent e) => calls.Add($"{name} state");

        public void TimerFired(in TimerEvent e) => calls.Add($"{name} timer");

        public void UserCalled(in UserCallEvent e) => calls.Add($"{name} call");
    }
}
