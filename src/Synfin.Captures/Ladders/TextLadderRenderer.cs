using System.Globalization;
using Synfin.Timers;

namespace Synfin.Captures.Ladders;

/// <summary>
/// Prints a ladder in the notation of RFC 9293's own figures. Each numbered row shows both ends' states after it; "..." stands for a
/// segment in flight, "--x" for one that is lost, "(again: 5)" for one whose text row 5 carried first, parentheses around a state for one
/// that is inferred. Calls, timers and notes stand beneath the host that they belong to. Lines end with a line feed.
/// </summary>
public static class TextLadderRenderer
{
    private const int Indent = LadderLayout.Indent;

    /// <summary>Prints a ladder.</summary>
    /// <param name="ladder">Which.</param>
    /// <param name="writer">Where.</param>
    /// <param name="width">The most columns of a line; less than <see cref="TextLadderOptions.MinWidth"/> counts as that.</param>
    /// <param name="colour">Whether to colour with ANSI codes.</param>
    /// <param name="unicode">Whether arrows are drawn with characters beyond ASCII.</param>
    public static void Render(Ladder ladder, TextWriter writer, int width = 80, bool colour = false, bool unicode = false) =>
        Render(ladder, writer, new TextLadderOptions { Width = width, Colour = colour, Unicode = unicode });

    /// <summary>Prints a ladder.</summary>
    public static void Render(Ladder ladder, TextWriter writer, TextLadderOptions options)
    {
        ArgumentNullException.ThrowIfNull(ladder);
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(options);
        new Page(ladder, writer, options).Print();
    }

    /// <summary>Prints a ladder of at most 80 columns, without colour, to a string.</summary>
    public static string Render(Ladder ladder, int width = 80)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        Render(ladder, writer, width);
        return writer.ToString();
    }

    private sealed class Page(Ladder ladder, TextWriter writer, TextLadderOptions options)
    {
        private readonly LadderLayout _layout = new(ladder, options);
        private readonly TextLine _line = new(Math.Max(options.Width, TextLadderOptions.MinWidth), options.Colour);
        private readonly ArrowHeads _arrows = new(options.Unicode);

        public void Print()
        {
            PrintTitle();
            var announced = new HashSet<int>();
            for (int i = 0; i < ladder.Rows.Count; i++)
            {
                LadderRow row = ladder.Rows[i];
                if (_layout.HasConnections && row.Connection > 0 && announced.Add(row.Connection))
                    _line.At(_layout.LeftX, Announcement(row.Connection)).WriteTo(writer);
                LadderRow? beside = i + 1 < ladder.Rows.Count && StandBeside(row, ladder.Rows[i + 1]) ? ladder.Rows[++i] : null;
                PrintRow(row, beside);
            }
            PrintVerdicts();
        }

        private static bool IsAside(LadderRow row) => row.Kind is LadderRowKind.Call or LadderRowKind.Timer or LadderRowKind.Note;

        /// <summary>What both hosts do at once stands on one line, if there is room between.</summary>
        private bool StandBeside(LadderRow row, LadderRow next)
        {
            bool atOnce = IsAside(row) && IsAside(next) && row.Time == next.Time && row.Connection == next.Connection
                && (row.Side, next.Side) is (LadderSide.Left, LadderSide.Right) or (LadderSide.Right, LadderSide.Left);
            if (!atOnce) return false;
            (LadderRow left, LadderRow right) = row.Side == LadderSide.Left ? (row, next) : (next, row);
            return _layout.LeftX + Indent + LadderLayout.AsideText(left).Length + Indent <= AsideX(LadderLayout.AsideText(right));
        }

        private void PrintTitle()
        {
            string left = ladder.Left, right = ladder.Right;
            if (ladder.Connections.Count == 1)
            {
                left = WithPort(left, ladder.Connections[0].Tuple.LocalPort);
                right = WithPort(right, ladder.Connections[0].Tuple.RemotePort);
            }
            int rightX = Math.Max(0, Math.Min(_layout.RightX, _layout.End - right.Length));
            _line.At(_layout.LeftX, left);
            if (_layout.LeftX + left.Length >= rightX) _line.WriteTo(writer);
            _line.At(rightX, right).WriteTo(writer);
        }

        private static string WithPort(string host, int port) =>
            (host.Contains(':') ? $"[{host}]" : host) + string.Create(CultureInfo.InvariantCulture, $":{port}");

        private string Announcement(int number)
        {
            LadderConnection connection = ladder.Connections.First(c => c.Number == number);
            string left = WithPort(ladder.Left, connection.Tuple.LocalPort), right = WithPort(ladder.Right, connection.Tuple.RemotePort);
            return string.Create(CultureInfo.InvariantCulture, $"connection {number}: {left} - {right}");
        }

        private void PrintRow(LadderRow row, LadderRow? beside)
        {
            switch (row.Kind)
            {
                case LadderRowKind.Gap:
                    string dots = options.Unicode ? "\u00b7\u00b7\u00b7" : "...";
                    _line.At(_layout.LabelX, $"{dots} {LadderWords.Time(row.Waited!.Value)} {dots}").WriteTo(writer);
                    break;
                case LadderRowKind.Call or LadderRowKind.Timer or LadderRowKind.Note:
                    PrintAside(row, beside);
                    break;
                case LadderRowKind.States:
                    Margin(row, row.Time);
                    _line.At(_layout.LeftX, row.Left.ToString()).At(_layout.RightX, row.Right.ToString()).WriteTo(writer);
                    break;
                default:
                    PrintArrow(row);
                    break;
            }
        }

        private void Margin(LadderRow row, Timestamp? time)
        {
            if (row.Number > 0)
                _line.At(0, $"{row.Number.ToString(CultureInfo.InvariantCulture)}.".PadLeft(_layout.NumberWidth));
            if (_layout.HasConnections && row.Connection > 0)
                _line.At(_layout.ConnectionX, $"#{row.Connection.ToString(CultureInfo.InvariantCulture)}");
            if (_layout.HasTime && time is { } t) _line.At(_layout.TimeX, _layout.Time(t));
        }

        private void PrintArrow(LadderRow row)
        {
            (Timestamp? leftTime, Timestamp? rightTime) = Times(row);
            List<string> label = SegmentLabel.Wrap(_layout.Label(row, _layout.Detail), _layout.LabelWidth);
            string ink = LadderInk.Of(row);
            (string leftArrow, string rightArrow) = _arrows.Draw(row, _layout.Arrow);
            Margin(row, _layout.HasSecondTime ? leftTime : row.Time);
            _line.At(_layout.LeftX, LadderLayout.LeftState(row)).At(_layout.LeftArrowX, leftArrow, ink);
            _line.At(_layout.LabelX, label.Count > 0 ? label[0] : "", ink).At(_layout.RightArrowX, rightArrow, ink);
            _line.At(_layout.RightX, LadderLayout.RightState(row));
            if (_layout.HasSecondTime && rightTime is { } time) _line.At(_layout.SecondTimeX, _layout.Time(time));
            _line.WriteTo(writer);
            for (int i = 1; i < label.Count; i++) _line.At(_layout.LabelX, label[i], ink).WriteTo(writer);
        }

        /// <summary>When a row happens at either host.</summary>
        private static (Timestamp? Left, Timestamp? Right) Times(LadderRow row)
        {
            if (row.Run is not null) return (row.Time, row.Until);
            Timestamp? sent = row.Passage == LadderPassage.Arrives ? null : row.Sent;
            return row.Side == LadderSide.Left ? (sent, row.Delivered) : (row.Delivered, sent);
        }

        /// <summary>Beneath the right host, or as far to the left of it as the text needs.</summary>
        private int AsideX(string text) => Math.Max(_layout.LeftX + Indent, Math.Min(_layout.RightX + Indent, _layout.End - text.Length));

        private void PrintAside(LadderRow row, LadderRow? beside)
        {
            if (beside is not null)
            {
                (LadderRow left, LadderRow right) = row.Side == LadderSide.Left ? (row, beside) : (beside, row);
                Margin(row, row.Time);
                string rightText = LadderLayout.AsideText(right);
                _line.At(_layout.LeftX + Indent, LadderLayout.AsideText(left)).At(AsideX(rightText), rightText);
                SecondTime(right);
                _line.WriteTo(writer);
                return;
            }
            bool onRight = row.Side == LadderSide.Right;
            Margin(row, onRight && _layout.HasSecondTime ? null : row.Time);
            foreach (string text in WordWrap.Lines(LadderLayout.AsideText(row), _layout.End - _layout.LeftX - Indent))
            {
                int x = row.Side switch
                {
                    LadderSide.Left => _layout.LeftX + Indent,
                    LadderSide.Right => AsideX(text),
                    _ => Math.Min(_layout.LabelX, Math.Max(_layout.LeftX + Indent, _layout.End - text.Length)),
                };
                _line.At(x, text);
                if (onRight) SecondTime(row);
                _line.WriteTo(writer);
                onRight = false;
            }
        }

        private void SecondTime(LadderRow row)
        {
            if (_layout.HasSecondTime) _line.At(_layout.SecondTimeX, _layout.Time(row.Time));
        }

        private void PrintVerdicts()
        {
            if (ladder.Connections.Count > 0 || ladder.Missing > 0) writer.Write('\n');
            foreach (LadderConnection connection in ladder.Connections)
            {
                string number = connection.Number.ToString(CultureInfo.InvariantCulture);
                string sentence = (_layout.HasConnections ? $"connection {number}: " : "") + connection.Verdict.Sentence;
                int indent = 0;
                foreach (string text in WordWrap.Lines(sentence, _layout.Width - Indent))
                {
                    _line.At(indent, text).WriteTo(writer);
                    indent = Indent;
                }
            }
            if (ladder.Missing > 0) _line.At(0, $"{LadderWords.Count(ladder.Missing, "later event")} not recorded").WriteTo(writer);
        }
    }
}
