using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// Where Linux sets PSH: behind the last octet of each write, and within a long one whenever half of the peer's largest window was queued
/// without. Text is queued in units of full segments; a write that finds the last unit unsent and not full goes on with it, and its mark
/// with the write's end.
/// </summary>
internal struct PushMarks
{
    /// <summary>The most marks that are kept; what is further behind is acknowledged, or carries no PSH when it is sent again.</summary>
    public const int Limit = 1_024;

    private const int LargestUnit = 65_535 - 320;

    private SequenceNumber[]? _marks;
    private int _first;
    private int _count;
    private SequenceNumber _unitStart;
    private SequenceNumber _lastMark;
    private SequenceNumber _firstUnit;
    private int _unit;

    public void Start(SequenceNumber seq)
    {
        _unitStart = seq;
        _lastMark = seq;
    }

    /// <summary>Whether a segment that ends there carries PSH.</summary>
    public readonly bool Contains(SequenceNumber end)
    {
        int low = 0;
        int high = _count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (this[middle] == end) return true;
            if (this[middle] < end) low = middle + 1;
            else high = middle - 1;
        }
        return false;
    }

    /// <summary>How many octets from there belong to the same unit of the queue.</summary>
    public readonly int LeftInUnit(SequenceNumber seq) =>
        _unit == 0 ? int.MaxValue : seq < _firstUnit ? _firstUnit - seq : _unit - (seq - _firstUnit) % _unit;

    /// <summary>A segment that ends there carries PSH; behind all other marks.</summary>
    public void Mark(SequenceNumber end)
    {
        if (_count == 0 || this[_count - 1] < end) Add(end);
    }

    /// <summary>The application wrote.</summary>
    /// <param name="from">Where its text begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="next">SND.NXT.</param>
    /// <param name="mss">A full segment.</param>
    /// <param name="largestWindow">MAX.SND.WND.</param>
    /// <param name="more">More will be written at once (MSG_MORE): no mark at the end.</param>
    public void Wrote(SequenceNumber from, SequenceNumber to, SequenceNumber next, int mss, int largestWindow, bool more)
    {
        int unit = Unit(mss, largestWindow);
        bool goesOn = from > next && _unitStart >= next && from - _unitStart < unit;
        if (!goesOn)
        {
            _unitStart = from;
            _firstUnit = from;
            _unit = unit;
        }
        else if (_count > 0 && this[_count - 1] == from) _count--;
        while (to - _unitStart > unit)
        {
            _unitStart += unit;
            if (_unitStart - _lastMark > largestWindow / 2) Add(_unitStart);
        }
        if (!more || to - _lastMark > largestWindow / 2) Add(to);
    }

    /// <summary>Forgets what was acknowledged.</summary>
    public void RemoveBefore(SequenceNumber una)
    {
        while (_count > 0 && this[0] <= una)
        {
            _first++;
            _count--;
        }
        if (_count == 0) _first = 0;
    }

    private readonly SequenceNumber this[int index] => _marks![_first + index];

    private static int Unit(int mss, int largestWindow)
    {
        int half = largestWindow > 536 ? largestWindow / 2 : largestWindow;
        int most = half > 0 ? Math.Min(LargestUnit, Math.Max(half, 68)) : LargestUnit;
        return Math.Max(1, most / mss) * mss;
    }

    private void Add(SequenceNumber end)
    {
        _lastMark = end;
        _marks ??= new SequenceNumber[16];
        if (_first + _count == _marks.Length) MakeRoom();
        _marks![_first + _count] = end;
        _count++;
    }

    private void MakeRoom()
    {
        SequenceNumber[] marks = _marks!;
        if (_first == 0 && marks.Length < Limit)
        {
            Array.Resize(ref _marks, 2 * marks.Length);
            return;
        }
        int drop = _first == 0 ? 1 : 0; // the oldest, at the limit
        _count -= drop;
        Array.Copy(marks, _first + drop, marks, 0, _count);
        _first = 0;
    }
}
