using System.Globalization;
using System.Text;
using Synfin.Conformance.Tests.Transcription;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>Segments and settings in words, as time lines write them (SegmentScript).</summary>
internal static class Words
{
    private const string Letters = "FSRP.U";

    public static string Of(ControlBits bits)
    {
        string letters = "";
        for (int bit = 0; bit < Letters.Length; bit++)
        {
            if (((int)bits & 1 << bit) != 0) letters += Letters[bit];
        }
        return letters.Length == 0 ? "-" : letters;
    }

    public static string Of(in IncomingSegment seg)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Of(seg.Bits)} seq {(int)(seg.Seq - Host.PeerIsn)}");
        if (seg.Has(ControlBits.Ack)) text.Append(CultureInfo.InvariantCulture, $" ack {(int)(seg.Ack - Host.OurIsn)}");
        if (seg.Text > 0) text.Append(CultureInfo.InvariantCulture, $" len {seg.Text}");
        text.Append(CultureInfo.InvariantCulture, $" win {seg.Wnd}");
        if (seg.Has(ControlBits.Urg)) text.Append(CultureInfo.InvariantCulture, $" urg {seg.Up}");
        if (seg.Has(ControlBits.Syn) || seg.TsVal is not null)
        {
            string mss = seg.Has(ControlBits.Syn) ? "mss 1460" : "";
            string ts = seg.TsVal is { } value ? string.Create(CultureInfo.InvariantCulture, $"TS val {value} ecr 0") : "";
            text.Append(CultureInfo.InvariantCulture, $" <{string.Join(", ", new[] { mss, ts }.Where(o => o.Length > 0))}>");
        }
        return text.ToString();
    }

    public static string Of(Reply reply)
    {
        string seq = reply.Seq == 0 ? "seq of zero" : string.Create(CultureInfo.InvariantCulture, $"seq {(int)(reply.Seq - Host.OurIsn)}");
        string ack = (reply.Bits & ControlBits.Ack) == 0
            ? "" : string.Create(CultureInfo.InvariantCulture, $" ack {(int)(reply.Ack - Host.PeerIsn)}");
        return string.Create(CultureInfo.InvariantCulture, $"<{Of(reply.Bits)} {seq}{ack} len {reply.Text} win {reply.Wnd}>");
    }

    public static string Of(IReadOnlyList<Reply> replies) => replies.Count == 0 ? "nothing" : string.Join(" ", replies.Select(Of));

    /// <summary>The setting as a time line of Synfin.Testing, and what comes then.</summary>
    public static string TimeLine(Setting setting, string profile, CellEvent last)
    {
        string options = $"new StackOptions {{ Profile = TcpProfile.{profile} }}";
        const string Connection = "new TcpConnectionOptions { ReceiveBuffer = 1024, QuickAck = true, NoDelay = true }";
        StepKind first = setting.Steps.Length == 0 ? StepKind.Closes : setting.Steps[0].Kind;
        string start = first switch
        {
            StepKind.Listens => $"Given.Listening({options}, {Connection})",
            StepKind.Opens => $"Given.SynSent({options}, {Connection})",
            _ => $"Given.Closed({options})",
        };
        IEnumerable<string> steps = setting.Steps.Skip(1).Select(step => step.Kind switch
        {
            StepKind.Receives => $".Receives(\"{Of(step.Segment)}\")",
            StepKind.Writes => string.Create(CultureInfo.InvariantCulture, $".Writes({step.Octets})"),
            _ => $".{step.Kind}()",
        });
        return $"{start}{string.Concat(steps)}.Ignoring().After(10){Of(last)}";
    }

    private static string Of(CellEvent last) => last.Kind switch
    {
        EventKind.SegmentArrives => $".Receives(\"{last}\")",
        EventKind.Send => ".Writes(10)",
        EventKind.Receive => ".Reads(10)",
        EventKind.Close => ".ShutsDown()",
        EventKind.CloseBothHalves => ".Closes()",
        EventKind.Abort => ".Aborts()",
        _ => $" and then {last}",
    };
}
