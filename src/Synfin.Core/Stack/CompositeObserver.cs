namespace Synfin.Stack;

/// <summary>Tells two observers, the first one first. Several make a chain of pairs; a pair never changes.</summary>
/// <param name="first">Is told first.</param>
/// <param name="second">Is told second.</param>
public sealed class CompositeObserver(ITcpObserver first, ITcpObserver second) : ITcpObserver
{
    private readonly ITcpObserver _first = first;
    private readonly ITcpObserver _second = second;

    /// <summary>An observer beside those that are there.</summary>
    /// <param name="present">Who is there, if anybody.</param>
    /// <param name="added">Who is to see it too, after them.</param>
    public static ITcpObserver Add(ITcpObserver? present, ITcpObserver added)
    {
        ArgumentNullException.ThrowIfNull(added);
        return present is null ? added : new CompositeObserver(present, added);
    }

    /// <summary>Those that are left when one of them goes; null if nobody is. Who is not there is no mistake.</summary>
    /// <param name="present">Who is there, if anybody.</param>
    /// <param name="removed">Who goes.</param>
    public static ITcpObserver? Remove(ITcpObserver? present, ITcpObserver removed)
    {
        if (present == removed) return null;
        if (present is not CompositeObserver pair) return present;
        ITcpObserver? first = Remove(pair._first, removed);
        ITcpObserver? second = Remove(pair._second, removed);
        if (first == pair._first && second == pair._second) return pair;
        return first is null ? second : second is null ? first : new CompositeObserver(first, second);
    }

    /// <summary>Whether an observer is among those that are there.</summary>
    /// <param name="present">Who is there, if anybody.</param>
    /// <param name="sought">Who is looked for.</param>
    public static bool Contains(ITcpObserver? present, ITcpObserver sought) =>
        present == sought || (present is CompositeObserver pair && (Contains(pair._first, sought) || Contains(pair._second, sought)));

    /// <inheritdoc/>
    public void SegmentSent(in SegmentEvent e)
    {
        _first.SegmentSent(in e);
        _second.SegmentSent(in e);
    }

    /// <inheritdoc/>
    public void SegmentReceived(in SegmentEvent e)
    {
        _first.SegmentReceived(in e);
        _second.SegmentReceived(in e);
    }

    /// <inheritdoc/>
    public void SegmentDropped(in SegmentEvent e, DropReason reason)
    {
        _first.SegmentDropped(in e, reason);
        _second.SegmentDropped(in e, reason);
    }

    /// <inheritdoc/>
    public void StateChanged(in StateEvent e)
    {
        _first.StateChanged(in e);
        _second.StateChanged(in e);
    }

    /// <inheritdoc/>
    public void TimerFired(in TimerEvent e)
    {
        _first.TimerFired(in e);
        _second.TimerFired(in e);
    }

    /// <inheritdoc/>
    public void UserCalled(in UserCallEvent e)
    {
        _first.UserCalled(in e);
        _second.UserCalled(in e);
    }
}
