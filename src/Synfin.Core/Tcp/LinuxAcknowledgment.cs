using Synfin.Timers;

namespace Synfin.Tcp;

/// <summary>
/// When Linux acknowledges text (its "icsk_ack"): at once while it is quick, which is for about 16 segments at the start, after a pause or
/// after a loss; later in a dialogue, where the answer may carry the ACK. How much later (ATO) follows the peer's pace.
/// </summary>
internal struct LinuxAcknowledgment
{
    private const int MaxQuickAcks = 16;
    private const int LeastReceiveMss = 88;
    private const int FirstReceiveMss = 536;

    private static readonly Duration _leastDelay = Duration.FromMilliseconds(40);
    private static readonly Duration _longestDelay = Duration.FromMilliseconds(200);
    private static readonly Duration _longestWithoutDialogue = Duration.FromMilliseconds(500);

    private Duration _delay;
    private Timestamp _lastText;
    private int _lastSegment;
    private int _quick;
    private bool _pushed;
    private bool _pushedTwice;

    /// <summary>What a full segment of the peer seems to hold, in octets.</summary>
    public int ReceiveMss { get; private set; }

    /// <summary>The two ends take turns: our answer is expected soon.</summary>
    public bool IsDialogue { get; set; }

    public void Start(int advertisedMss, int sendMss, int window) =>
        ReceiveMss = Math.Max(Math.Min(Math.Min(Math.Min(advertisedMss, sendMss), window / 2), FirstReceiveMss), LeastReceiveMss);

    /// <summary>Text of one segment arrived, in order or not.</summary>
    public void TextArrived(int octets, bool push, int advertisedMss, int window, Duration rto, Timestamp now)
    {
        Measure(octets, push, advertisedMss);
        if (_delay == Duration.Zero)
        {
            BeQuick(window);
            _delay = _leastDelay;
        }
        else
        {
            Duration pause = now - _lastText;
            if (pause <= _leastDelay / 2) _delay = _delay / 2 + _leastDelay / 2;
            else if (pause < _delay) _delay = Duration.Min(_delay / 2 + pause, rto);
            else if (pause > rto) BeQuick(window);
        }
        _lastText = now;
    }

    /// <summary>Whether an ACK for so many octets may not wait.</summary>
    /// <param name="unacknowledged">Octets in order since the last ACK.</param>
    /// <param name="windowKeepsUp">Whether the window that the ACK would tell is no smaller than the last.</param>
    public readonly bool IsDue(int unacknowledged, bool windowKeepsUp) =>
        (unacknowledged > ReceiveMss && windowKeepsUp) || (_quick > 0 && !IsDialogue);

    /// <summary>How long an ACK that is not due waits.</summary>
    public readonly Duration Delay(Duration srtt)
    {
        if (_delay <= _leastDelay) return _delay;
        Duration longest = IsDialogue || _pushed ? _longestDelay : _longestWithoutDialogue;
        if (srtt > Duration.Zero) longest = Duration.Min(longest, Duration.Max(srtt, _leastDelay));
        return Duration.Min(Duration.Min(_delay, longest), _longestDelay);
    }

    /// <summary>Something is wrong on the way: the next segments are acknowledged at once.</summary>
    public void BeQuickAtOnce(int window, int most = MaxQuickAcks)
    {
        BeQuick(window, most);
        IsDialogue = false;
        _delay = _leastDelay;
    }

    /// <summary>The application has read all there was: an ACK that waits may as well go, or the sender might wait for it.</summary>
    public readonly bool IsDueAfterRead(int unacknowledged, bool all) =>
        unacknowledged > ReceiveMss || (all && (_pushedTwice || (_pushed && !IsDialogue)));

    /// <summary>An ACK went out, alone or with text.</summary>
    /// <param name="wasOwed">Whether there was something to acknowledge.</param>
    public void AckSent(bool wasOwed)
    {
        _pushed = _pushedTwice = false;
        if (_quick == 0 || !wasOwed) return;
        if (--_quick == 0) _delay = _leastDelay;
    }

    /// <summary>Text went out; soon after some came it was an answer.</summary>
    public void TextSent(Timestamp now)
    {
        if (now - _lastText < _delay) IsDialogue = true;
    }

    /// <summary>An ACK had waited in vain for text to go with.</summary>
    public void DelayExpired(Duration rto)
    {
        if (IsDialogue)
        {
            IsDialogue = false;
            _delay = _leastDelay;
        }
        else
        {
            _delay = Duration.Min(_delay * 2, rto);
        }
    }

    private void Measure(int octets, bool push, int advertisedMss)
    {
        if (octets >= ReceiveMss)
        {
            ReceiveMss = Math.Min(octets, Math.Max(advertisedMss, LeastReceiveMss));
            if (push) _pushed = true;
            return;
        }
        if (octets >= FirstReceiveMss || (octets >= LeastReceiveMss && !push))
        {
            bool again = octets == _lastSegment;
            _lastSegment = octets;
            if (again)
            {
                ReceiveMss = octets;
                return;
            }
        }
        _pushedTwice |= _pushed;
        _pushed = true;
    }

    private void BeQuick(int window, int most = MaxQuickAcks)
    {
        int segments = window / (2 * ReceiveMss);
        _quick = Math.Max(_quick, Math.Min(segments == 0 ? 2 : segments, most));
    }
}
