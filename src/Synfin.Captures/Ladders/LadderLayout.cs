using System.Globalization;
using Synfin.Timers;

namespace Synfin.Captures.Ladders;

/// <summary>
/// The columns of a printed ladder: number, connection, time, left state, arrow, label, arrow, right state and, where there is room, the
/// right end's time. What does not fit is left out in this order: the second time, SEG.WND and options, wide arrows, the time; then
/// labels wrap.
/// </summary>
internal sealed class LadderLayout
{
    /// <summary>How far calls, timers and notes stand to the right of their host's column.</summary>
    public const int Indent = 2;

    private const int WithSecondTime = 120;
    private const int WithTime = 72;
    private const int ShortArrow = 3;
    private const int LongArrow = 12;
    private const int ReasonWidth = 12;
    private readonly Ladder _ladder;
    private readonly TextLadderOptions _options;
    private readonly int _decimals;
    private readonly int _timeWidth;

    public LadderLayout(Ladder ladder, TextLadderOptions options)
    {
        _ladder = ladder;
        _options = options;
        Width = Math.Max(options.Width, TextLadderOptions.MinWidth);
        HasConnections = ladder.Connections.Count > 1;
        HasTime = Width >= WithTime;
        HasSecondTime = Width >= WithSecondTime;

        int numbers = 0, leftWidth = 0, rightWidth = 0;
        foreach (LadderRow row in ladder.Rows)
        {
            numbers = Math.Max(numbers, row.Number);
            if (row.Number == 0) continue;
            leftWidth = Math.Max(leftWidth, LeftState(row).Length);
            rightWidth = Math.Max(rightWidth, RightState(row).Length);
        }
        NumberWidth = Math.Max(2, Text(numbers).Length) + 1;
        _decimals = Decimals();
        _timeWidth = HasTime ? LongestTime() : 0;
        ConnectionX = NumberWidth + 1;
        TimeX = ConnectionX + (HasConnections ? Text(ladder.Connections[^1].Number).Length + 2 : 0);
        LeftX = TimeX + (HasTime ? _timeWidth + 2 : 0);

        int arrowX = LeftX + leftWidth + 1;
        int secondTime = HasSecondTime ? 2 + _timeWidth : 0;
        int around = arrowX + 2 * (ShortArrow + 2) - 1 + rightWidth + secondTime;
        Detail = ChooseDetail(Width - around);
        LabelWidth = Math.Clamp(LongestLabel(Detail), 1, Width - around);
        int spare = Width - around - LabelWidth;
        if (HasSecondTime)
        {
            int room = Math.Clamp(LongestRightAside() - rightWidth, 0, spare);
            rightWidth += room;
            spare -= room;
        }
        Arrow = HasSecondTime ? Math.Clamp(ShortArrow + spare / 2, ShortArrow, LongArrow) : ShortArrow;
        LeftArrowX = arrowX;
        LabelX = arrowX + Arrow + 1;
        RightArrowX = LabelX + LabelWidth + 1;
        RightX = RightArrowX + Arrow + 1;
        SecondTimeX = RightX + rightWidth + 2;
        End = HasSecondTime ? SecondTimeX - 2 : Width;
    }

    public int Width { get; }

    public bool HasConnections { get; }

    public bool HasTime { get; }

    public bool HasSecondTime { get; }

    public int NumberWidth { get; }

    public int ConnectionX { get; }

    public int TimeX { get; }

    public int LeftX { get; }

    public int LeftArrowX { get; }

    public int LabelX { get; }

    public int LabelWidth { get; }

    public int RightArrowX { get; }

    public int RightX { get; }

    public int SecondTimeX { get; }

    /// <summary>Where what stands at the right host ends.</summary>
    public int End { get; }

    /// <summary>The length of the arrows.</summary>
    public int Arrow { get; }

    public LabelDetail Detail { get; }

    public string Time(Timestamp time)
    {
        string text = (time - _ladder.Start).Seconds.ToString(_decimals == 3 ? "0.000" : "0.000000", CultureInfo.InvariantCulture);
        return text.PadLeft(_timeWidth);
    }

    /// <summary>What stands in the left state column: the state, or why a segment did not get there.</summary>
    public static string LeftState(LadderRow row) => row.Side == LadderSide.Right && IsLost(row) ? Reason(row) : row.Left.ToString();

    /// <summary>What stands in the right state column.</summary>
    public static string RightState(LadderRow row) => row.Side == LadderSide.Left && IsLost(row) ? Reason(row) : row.Right.ToString();

    /// <summary>What stands beneath a host: its call, timer or note.</summary>
    public static string AsideText(LadderRow row) => row.Kind == LadderRowKind.Timer ? $"[{row.Text}]" : row.Text;

    /// <summary>The label in pieces.</summary>
    public List<string> Label(LadderRow row, LabelDetail detail)
    {
        if (row.Arrow is not { } arrow) return row.Text.Length == 0 ? [] : [row.Text];
        bool timestamps = _options.Timestamps && detail.Options == LabelDetail.AllOptions;
        return SegmentLabel.Pieces(arrow, detail, timestamps, explainLoss: arrow.LostReason?.Length > ReasonWidth);
    }

    private static bool IsLost(LadderRow row) => row.Passage == LadderPassage.Lost;

    private static string Reason(LadderRow row) =>
        row.Arrow?.LostReason is { Length: > 0 and <= ReasonWidth } reason ? reason : "lost";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Milliseconds where they tell all there is, or where there is no room for more.</summary>
    private int Decimals()
    {
        bool wholeMilliseconds = true;
        Duration longest = default;
        foreach (LadderRow row in _ladder.Rows)
        {
            wholeMilliseconds &= IsWhole(row.Time) && IsWhole(row.Delivered ?? row.Time);
            longest = Duration.Max(longest, row.Time - _ladder.Start);
        }
        return wholeMilliseconds || (Width < WithSecondTime && longest >= Duration.FromSeconds(1)) ? 3 : 6;
    }

    private bool IsWhole(Timestamp time) => (time - _ladder.Start).Nanoseconds % 1_000_000 == 0;

    private int LongestTime()
    {
        Timestamp last = _ladder.Start;
        foreach (LadderRow row in _ladder.Rows) last = Timestamp.Max(last, Timestamp.Max(row.Time, row.Until ?? row.Delivered ?? row.Time));
        return ((long)(last - _ladder.Start).Seconds).ToString(CultureInfo.InvariantCulture).Length + 1 + _decimals;
    }

    /// <summary>The most detail that makes no row longer than it has to be: first the options, in their order, then the windows.</summary>
    private LabelDetail ChooseDetail(int room)
    {
        var detail = new LabelDetail(Window: false, Options: 0);
        while (detail.Options < LabelDetail.AllOptions && Fits(detail, detail with { Options = detail.Options + 1 }, room))
            detail = detail with { Options = detail.Options + 1 };
        LabelDetail withWindow = detail with { Window = true };
        return Fits(detail, withWindow, room) ? withWindow : detail;
    }

    /// <summary>Whether every row that fits with less detail still fits with more.</summary>
    private bool Fits(LabelDetail less, LabelDetail more, int room)
    {
        foreach (LadderRow row in _ladder.Rows)
        {
            if (row.Arrow is null || SegmentLabel.Length(Label(row, less)) > room) continue;
            if (SegmentLabel.Length(Label(row, more)) > room) return false;
        }
        return true;
    }

    /// <summary>How wide the right column would have to be for the calls, timers and notes beneath it.</summary>
    private int LongestRightAside()
    {
        int longest = 0;
        foreach (LadderRow row in _ladder.Rows)
        {
            if (row.Number == 0 && row.Side == LadderSide.Right) longest = Math.Max(longest, AsideText(row).Length + Indent);
        }
        return longest;
    }

    private int LongestLabel(LabelDetail detail)
    {
        int longest = 0;
        foreach (LadderRow row in _ladder.Rows)
        {
            if (row.Number > 0) longest = Math.Max(longest, SegmentLabel.Length(Label(row, detail)));
        }
        return longest;
    }
}
