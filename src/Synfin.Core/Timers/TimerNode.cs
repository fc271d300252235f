namespace Synfin.Timers;

/// <summary>Something with one deadline. It holds its own links, so that a <see cref="TimerWheel"/> allocates nothing for it.</summary>
public abstract class TimerNode
{
    internal TimerNode? Next;
    internal TimerNode? Previous;

    /// <summary>When the wheel hands it out; <see cref="Timestamp.Never"/> while it is in no wheel.</summary>
    internal Timestamp Deadline = Timestamp.Never;

    /// <summary>The wheel's slot it is in, or -1. Only the wheel writes it.</summary>
    internal short Slot = -1;

    private protected TimerNode()
    {
    }

    /// <summary>Whether it is in a wheel.</summary>
    internal bool IsScheduled => Slot >= 0;
}
