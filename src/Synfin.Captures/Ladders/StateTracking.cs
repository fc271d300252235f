namespace Synfin.Captures.Ladders;

/// <summary>
/// Gives each event the state of its end after it. A change of state belongs to what happened just before it at the same end and time
/// (an arrival, a call, a timer), or else to what follows at once; only a change that stands alone keeps a row of its own.
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
        foreach (StoryEvent e in story.Events)
        {
            if (e.Event.End != end) continue;
            if (e.Event.Kind == RecordedKind.State)
            {
                state = new EndState(e.Event.State.To, Inferred: false);
                e.After = state;
                e.Absorbed = cause is not null && cause.Event.Time == e.Event.Time;
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
