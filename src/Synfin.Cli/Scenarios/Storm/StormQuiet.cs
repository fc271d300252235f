using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Cli.Scenarios.Storm;

/// <summary>
/// Watches that two hosts that have nothing to tell each other do not talk all the same: no loop of ACKs, no storm of probes.
/// </summary>
/// <param name="connections">How many connections there are.</param>
internal sealed class StormQuiet(int connections) : ITcpObserver
{
    /// <summary>The most segments a second and connection between hosts that have been quiet for a while.</summary>
    private const int MostInSecond = 20;

    private static readonly Duration _settled = Duration.FromSeconds(2);

    private Timestamp _lastText;
    private long _second;
    private int _inSecond;

    /// <summary>Segments sent.</summary>
    public long Sent { get; private set; }

    /// <summary>The most segments in one quiet second.</summary>
    public int Loudest { get; private set; }

    /// <summary>Whether that was too much.</summary>
    public bool IsTooLoud => Loudest > MostInSecond * connections;

    /// <inheritdoc/>
    public void SegmentSent(in SegmentEvent e)
    {
        Sent += e.WireSegments;
        if (IsNews(in e) || e.Time - _lastText < _settled) return;
        long second = e.Time.Nanoseconds / 1_000_000_000;
        _inSecond = second == _second ? _inSecond + 1 : 1;
        _second = second;
        Loudest = Math.Max(Loudest, _inSecond);
    }

    /// <inheritdoc/>
    public void SegmentReceived(in SegmentEvent e) => IsNews(in e);

    /// <inheritdoc/>
    public void SegmentDropped(in SegmentEvent e, DropReason reason)
    {
    }

    /// <inheritdoc/>
    public void StateChanged(in StateEvent e) => _lastText = e.Time;

    /// <inheritdoc/>
    public void TimerFired(in TimerEvent e)
    {
    }

    /// <inheritdoc/>
    public void UserCalled(in UserCallEvent e) => _lastText = e.Time;

    private bool IsNews(in SegmentEvent e)
    {
        bool news = e.TextLength > 0 || (e.Flags & (TcpFlags.Syn | TcpFlags.Fin)) != 0;
        if (news) _lastText = e.Time;
        return news;
    }
}
