using System.Globalization;
using System.Text;
using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>A segment in the RFC's notation: <c>&lt;SEQ=100&gt;&lt;ACK=301&gt;&lt;CTL=SYN,ACK&gt;</c>.</summary>
internal static class SegmentLabel
{
    private static readonly (TcpFlags Flag, string Name)[] Controls =
    [
        (TcpFlags.Syn, "SYN"), (TcpFlags.Fin, "FIN"), (TcpFlags.Rst, "RST"), (TcpFlags.Psh, "PSH"), (TcpFlags.Urg, "URG"),
        (TcpFlags.Ack, "ACK"), (TcpFlags.Ece, "ECE"), (TcpFlags.Cwr, "CWR"), (TcpFlags.Ae, "AE"),
    ];

    private static readonly (LadderMarks Mark, string Text)[] Remarks =
    [
        (LadderMarks.ZeroWindowProbe, "(zero-window probe)"), (LadderMarks.KeepAlive, "(keep-alive)"),
        (LadderMarks.WindowUpdate, "(window update)"), (LadderMarks.DuplicateAck, "(duplicate ACK)"),
        (LadderMarks.ChallengeAck, "(challenge ACK)"), (LadderMarks.OutOfOrder, "(out of order)"), (LadderMarks.Duplicate, "(twice)"),
        (LadderMarks.ReceivedBefore, "(received before)"),
    ];

    /// <summary>The label in pieces that should not be broken.</summary>
    public static List<string> Pieces(LadderArrow arrow, LabelDetail detail, bool timestamps, bool explainLoss)
    {
        LadderSegment segment = arrow.Segment;
        List<string> pieces = [Field("SEQ", arrow.Seq)];
        if (arrow.Ack is { } ack) pieces.Add(Field("ACK", ack));
        if (segment.Flags != TcpFlags.None) pieces.Add($"<CTL={ControlBits(segment.Flags)}>");
        if (segment.TextLength > 0) pieces.Add(Field("DATA", segment.TextLength));
        if (segment.Has(TcpFlags.Urg)) pieces.Add(Field("UP", segment.Up));
        bool windowMatters = (arrow.Marks & (LadderMarks.ZeroWindow | LadderMarks.WindowUpdate)) != 0;
        if (windowMatters || (detail.Window && !segment.Has(TcpFlags.Rst))) pieces.Add(Field("WND", arrow.Window));
        for (int i = 0; i < arrow.Sack.Count; i++)
        {
            (long left, long right) = arrow.Sack[i];
            pieces.Add($"{(i == 0 ? "<SACK=" : "")}{Number(left)}-{Number(right)}{(i + 1 < arrow.Sack.Count ? ',' : '>')}");
        }
        AddOptions(pieces, segment.Options, detail.Options, timestamps);
        if (arrow.AgainOf > 0) pieces.Add($"(again: {arrow.AgainOf})");
        foreach (var (mark, text) in Remarks)
        {
            if (arrow.Marks.HasFlag(mark)) pieces.Add(text);
        }
        if (arrow.SentInRow > 0) pieces.Add($"(sent: {arrow.SentInRow})");
        bool said = arrow.Marks.HasFlag(LadderMarks.ReceivedBefore);
        if (!said && LadderWords.Dropped(arrow.Dropped) is { Length: > 0 } dropped) pieces.Add($"(dropped: {dropped})");
        if (explainLoss) pieces.Add($"({arrow.LostReason})");
        return pieces;
    }

    /// <summary>The flags in the order of the RFC's figures: SYN,ACK and FIN,ACK.</summary>
    public static string ControlBits(TcpFlags flags)
    {
        var names = new StringBuilder();
        foreach (var (flag, name) in Controls)
        {
            if ((flags & flag) != 0) names.Append(names.Length > 0 ? "," : "").Append(name);
        }
        return names.ToString();
    }

    /// <summary>The pieces in lines of at most <paramref name="width"/>; fields touch, remarks stand apart.</summary>
    public static List<string> Wrap(List<string> pieces, int width)
    {
        List<string> lines = [];
        string line = "";
        foreach (string piece in pieces)
        {
            string glue = line.Length > 0 && piece[0] == '(' ? " " : "";
            if (line.Length > 0 && line.Length + glue.Length + piece.Length > width)
            {
                lines.Add(line);
                line = glue = "";
            }
            if (piece.Length > width && piece.Contains(' '))
            {
                lines.AddRange(WordWrap.Lines(piece, width));
                continue;
            }
            line += glue + piece;
            for (; line.Length > width; line = line[width..]) lines.Add(line[..width]);
        }
        if (line.Length > 0) lines.Add(line);
        return lines;
    }

    public static int Length(List<string> pieces)
    {
        int length = 0;
        foreach (string piece in pieces) length += piece.Length + (length > 0 && piece[0] == '(' ? 1 : 0);
        return length;
    }

    private static void AddOptions(List<string> pieces, in TcpOptions options, int count, bool timestamps)
    {
        if (count > 0 && options.Has(TcpOptionKinds.MaximumSegmentSize)) pieces.Add(Field("MSS", options.MaximumSegmentSize));
        if (count > 1 && options.Has(TcpOptionKinds.WindowScale)) pieces.Add(Field("WS", options.WindowScale));
        if (count > 2 && options.Has(TcpOptionKinds.SackPermitted)) pieces.Add("<SACKOK>");
        if (timestamps && options.Has(TcpOptionKinds.Timestamps))
            pieces.Add($"<TS={Number(options.TimestampValue)},{Number(options.TimestampEchoReply)}>");
    }

    private static string Field(string name, long value) => $"<{name}={Number(value)}>";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
