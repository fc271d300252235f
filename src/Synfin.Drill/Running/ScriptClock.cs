using System;
using Synfin.Drill.Language;
using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>
/// When the lines of a script are due. Relative times count from the end of the event before; of several packets in one after the other,
/// each counts from when the script has the one before, so that what injecting them costs does not add up.
/// </summary>
/// <param name="start">The script's start.</param>
/// <param name="tolerance">The least tolerance.</param>
/// <param name="percent">The tolerance in percent of the time since the last event.</param>
internal sealed class ScriptClock(Timestamp start, Duration tolerance, double percent = ScriptClock.DefaultPercent)
{
    /// <summary>Of the time since the last event; a timer of a kernel is as late as that.</summary>
    public const double DefaultPercent = 12.5;

    private Timestamp _last = start;
    private Timestamp _lastDue = start;
    private bool _lastWasInbound;

    /// <summary>The script's start.</summary>
    public Timestamp Start { get; } = start;

    /// <summary>Since the script's start.</summary>
    public Duration SinceStart(Timestamp time) => time - Start;

    /// <summary>When an event is due; an event at any time is due now, and has no end.</summary>
    public DueTime Resolve(ScriptEvent e, Timestamp now)
    {
        bool inbound = e is PacketEvent { IsInbound: true };
        Timestamp origin = inbound && _lastWasInbound ? _lastDue : now;
        EventTime time = e.Time;
        (Timestamp from, Timestamp to) = time.Kind switch
        {
            EventTimeKind.Absolute => (Start + time.Start, Start + time.Start),
            EventTimeKind.Relative => (origin + time.Start, origin + time.Start),
            EventTimeKind.AbsoluteRange => (Start + time.Start, Start + time.End),
            EventTimeKind.RelativeRange => (origin + time.Start, origin + time.End),
            EventTimeKind.Any => (now, Timestamp.Never),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return new DueTime(origin, from, to, ToleranceAt(to.IsSet ? to : from));
    }

    /// <summary>What a time may deviate by: the longer the wait since the last event, the more.</summary>
    public Duration ToleranceAt(Timestamp due) =>
        Duration.Max(tolerance, new Duration((long)((due - _last).Nanoseconds * (percent / 100))));

    /// <summary>An event is over.</summary>
    public void Done(ScriptEvent e, in DueTime due, Timestamp now)
    {
        _last = now;
        _lastDue = due.From;
        _lastWasInbound = e is PacketEvent { IsInbound: true };
    }
}

/// <summary>When an event is due, on the clock of the stack under test.</summary>
/// <param name="Origin">What relative times of the event count from.</param>
/// <param name="From">The time, or the range's start.</param>
/// <param name="To">The same, or the range's end; never for an event at any time.</param>
/// <param name="Tolerance">How much earlier or later it may be.</param>
internal readonly record struct DueTime(Timestamp Origin, Timestamp From, Timestamp To, Duration Tolerance)
{
    /// <summary>Whether a time is right.</summary>
    public bool Includes(Timestamp time) => !To.IsSet || (time >= From - Tolerance && time <= To + Tolerance);
}
