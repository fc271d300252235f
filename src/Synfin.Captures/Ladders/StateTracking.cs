using Synfin.Tcp;

namespace Synfin.Captures.Ladders;

/// <summary>
/// Gives each event the state of its end after it. A change of state belongs to what happened just before it at the same end and time
/// (an arrival, a timer), or to the call that made it, or else to what follows at once; only a change that stands alone keeps a row of
/// its own.
/// </summary>
internal static class StateTracking
{
    public static void Run(ConnectionStory story)
    {
        for (int end = 0; end < 2; end++)
        {
            if (story.Hosts[end].TellsStates) Follow(story, end);
            else Infer(story, end);
        }
    }

    private static void Follow(ConnectionStory story, int end)
    {
        EndState state = story.InitialState(end);
        StoryEvent? cause = null;
        StoryEvent? waiting = null;
        List<StoryEvent> events = story.Events.FindAll(e => e.Event.End == end);
        for (int i = 0; i < events.Count; i++)
        {
            StoryEvent e = events[i];
            if (e.Event.Kind == RecordedKind.State)
            {
                state = new EndState(e.Event.State.To, Inferred: false);
                e.After = state;
                bool madeByCall = i + 1 < events.Count && IsMadeBy(events[i + 1].Event, e.Event);
                e.Absorbed = cause is not null && cause.Event.Time == e.Event.Time && !madeByCall;
                if (e.Absorbed) cause!.After = state;
                else waiting = e;
                continue;
            }
            if (waiting is not null && waiting.Event.Time == e.Event.Time) waiting.Absorbed = true;
            waiting = null;
            e.After = state;
            cause = e;
        }
    }

    /// <summary>A stack tells of a call when it is done, that is, after the change of state that the call made.</summary>
    private static bool IsMadeBy(RecordedEvent next, RecordedEvent change) =>
        next.Kind == RecordedKind.Call && next.Time == change.Time && next.Call.State != change.State.To
        && next.Call.Call is UserCall.Close or UserCall.Shutdown or UserCall.Abort;

    private static void Infer(ConnectionStory story, int end)
    {
        var inference = new FarEndInference();
        bool observed = story.Hosts[end].Observed;
        foreach (StoryEvent e in story.Events)
        {
            if (e.Packet?.Segment is { } segment)
            {
                if (e.Event.Kind == RecordedKind.Delivered && e.Event.End == end && observed) inference.Received(segment);
                if (e.Event.Kind == RecordedKind.Sent && e.Event.End == end) inference.Sent(segment);
                if (e.Event.Kind == RecordedKind.Sent && e.Event.End != end && !observed) inference.Offered(segment);
            }
            if (e.Event.End == end) e.After = new EndState(inference.State, Inferred: true);
        }
    }
}
