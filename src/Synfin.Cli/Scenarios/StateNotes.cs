using Synfin.Stack;
using Synfin.Tcp;

namespace Synfin.Cli.Scenarios;

/// <summary>Writes a note into the ladder when a host enters a state, for the first time.</summary>
/// <param name="stage">Where.</param>
/// <param name="host">The host that it observes, and that the note stands at.</param>
/// <param name="notes">What to say of which state.</param>
internal sealed class StateNotes(Stage stage, string host, Dictionary<TcpState, string> notes) : ITcpObserver
{
    /// <inheritdoc/>
    public void StateChanged(in StateEvent e)
    {
        if (notes.Remove(e.To, out string? note)) stage.Note(host, note);
    }

    /// <inheritdoc/>
    public void SegmentSent(in SegmentEvent e)
    {
    }

    /// <inheritdoc/>
    public void SegmentReceived(in SegmentEvent e)
    {
    }

    /// <inheritdoc/>
    public void SegmentDropped(in SegmentEvent e, DropReason reason)
    {
    }

    /// <inheritdoc/>
    public void TimerFired(in TimerEvent e)
    {
    }

    /// <inheritdoc/>
    public void UserCalled(in UserCallEvent e)
    {
    }
}
