using System.Buffers;
using System.Text;
using System.Text.Json;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>
/// Writes all of a ladder as one JSON object (<c>"format": "synfin-ladder/1"</c>) with stable names. Times are nanoseconds since the
/// ladder's start; what a row does not have is left out; sequence numbers are given as shown and, under <c>raw</c>, as on the wire.
/// </summary>
public static class JsonLadderRenderer
{
    /// <summary>Writes a ladder to a stream in UTF-8.</summary>
    public static void Render(Ladder ladder, Stream stream, bool indented = false)
    {
        ArgumentNullException.ThrowIfNull(ladder);
        using var json = new Utf8JsonWriter(stream, Options(indented));
        Write(json, ladder);
    }

    /// <summary>Writes a ladder to a string.</summary>
    public static string Render(Ladder ladder, bool indented = false)
    {
        ArgumentNullException.ThrowIfNull(ladder);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options(indented))) Write(json, ladder);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static JsonWriterOptions Options(bool indented) => new() { Indented = indented, NewLine = "\n" };

    private static void Write(Utf8JsonWriter json, Ladder ladder)
    {
        json.WriteStartObject();
        json.WriteString("format", "synfin-ladder/1");
        json.WriteString("left", ladder.Left);
        json.WriteString("right", ladder.Right);
        json.WriteNumber("start", ladder.Start.Nanoseconds);
        json.WriteBoolean("absolute", ladder.Absolute);
        json.WriteStartArray("connections");
        foreach (LadderConnection connection in ladder.Connections) WriteConnection(json, connection);
        json.WriteEndArray();
        json.WriteStartArray("rows");
        foreach (LadderRow row in ladder.Rows) WriteRow(json, row, ladder.Start);
        json.WriteEndArray();
        if (ladder.Missing > 0) json.WriteNumber("missing", ladder.Missing);
        json.WriteEndObject();
    }

    private static void WriteConnection(Utf8JsonWriter json, LadderConnection connection)
    {
        json.WriteStartObject();
        json.WriteNumber("number", connection.Number);
        WriteEnd(json, "left", connection.Tuple.LocalAddress, connection.Tuple.LocalPort, connection.LeftBase);
        WriteEnd(json, "right", connection.Tuple.RemoteAddress, connection.Tuple.RemotePort, connection.RightBase);
        LadderVerdict verdict = connection.Verdict;
        json.WriteStartObject("verdict");
        json.WriteString("kind", KindName(verdict.Kind));
        if (verdict.Culprit is { } culprit) json.WriteString("culprit", culprit);
        json.WriteNumber("segments", verdict.Segments);
        json.WriteNumber("retransmissions", verdict.Retransmissions);
        json.WriteNumber("lost", verdict.Lost);
        json.WriteNumber("unacknowledged", verdict.Unacknowledged);
        json.WriteNumber("length", verdict.Length.Nanoseconds);
        if (verdict.TimeWait is { } timeWait) json.WriteNumber("timeWait", timeWait.Nanoseconds);
        json.WriteString("sentence", verdict.Sentence);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteEnd(Utf8JsonWriter json, string name, InternetAddress address, ushort port, SequenceNumber? initial)
    {
        json.WriteStartObject(name);
        json.WriteString("address", address.ToString());
        json.WriteNumber("port", port);
        if (initial is { } value) json.WriteNumber("base", value.Value);
        json.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter json, LadderRow row, Timestamp start)
    {
        json.WriteStartObject();
        json.WriteString("kind", KindName(row.Kind));
        if (row.Number > 0) json.WriteNumber("number", row.Number);
        if (row.Connection > 0) json.WriteNumber("connection", row.Connection);
        if (row.Side != LadderSide.None) json.WriteString("side", row.Side == LadderSide.Left ? "left" : "right");
        WriteTime(json, "time", row.Time, start);
        WriteTime(json, "sent", row.Sent, start);
        WriteTime(json, "delivered", row.Delivered, start);
        WriteTime(json, "until", row.Until, start);
        WriteState(json, "leftState", row.Left);
        WriteState(json, "rightState", row.Right);
        if (row.Kind is LadderRowKind.Segment or LadderRowKind.Icmp) json.WriteString("passage", PassageName(row.Passage));
        if (row.Arrow is { } arrow) WriteArrow(json, arrow);
        if (row.Run is { } run)
        {
            json.WriteNumber("segments", run.Segments);
            json.WriteNumber("octetsToRight", run.OctetsToRight);
            json.WriteNumber("octetsToLeft", run.OctetsToLeft);
            if (run.Lost > 0) json.WriteNumber("lost", run.Lost);
            if (run.Retransmissions > 0) json.WriteNumber("retransmissions", run.Retransmissions);
        }
        if (row.Call is { } call)
        {
            json.WriteString("call", call.ToString());
            json.WriteNumber("octets", row.Octets);
            if (row.Error != TcpError.None) json.WriteString("error", row.Error.ToString());
        }
        if (row.Timer is { } timer) json.WriteString("timer", timer.ToString());
        if (row.Waited is { } waited) json.WriteNumber("waited", waited.Nanoseconds);
        if (row.Text.Length > 0) json.WriteString("text", row.Text);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, Timestamp? time, Timestamp start)
    {
        if (time is { } t) json.WriteNumber(name, (t - start).Nanoseconds);
    }

    private static void WriteState(Utf8JsonWriter json, string name, EndState state)
    {
        if (state.State is not { } known) return;
        json.WriteString(name, known.ToRfcName());
        if (state.Inferred) json.WriteBoolean(name + "Inferred", true);
    }

    private static void WriteArrow(Utf8JsonWriter json, LadderArrow arrow)
    {
        LadderSegment segment = arrow.Segment;
        json.WriteNumber("seq", arrow.Seq);
        if (arrow.Ack is { } ack) json.WriteNumber("ack", ack);
        json.WriteString("ctl", SegmentLabel.ControlBits(segment.Flags));
        json.WriteNumber("wnd", arrow.Window);
        json.WriteNumber("data", segment.TextLength);
        if (segment.Has(TcpFlags.Urg)) json.WriteNumber("up", segment.Up);
        WriteOptions(json, segment.Options);
        if (arrow.Sack.Count > 0)
        {
            json.WriteStartArray("sack");
            foreach ((long left, long right) in arrow.Sack)
            {
                json.WriteStartArray();
                json.WriteNumberValue(left);
                json.WriteNumberValue(right);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        if (arrow.LostReason is { } reason) json.WriteString("lost", reason);
        if (arrow.AgainOf > 0) json.WriteNumber("again", arrow.AgainOf);
        if (arrow.SentInRow > 0) json.WriteNumber("sentInRow", arrow.SentInRow);
        WriteMarks(json, arrow.Marks);
        if (arrow.Dropped != DropReason.None) json.WriteString("dropped", arrow.Dropped.ToString());
        json.WriteStartObject("raw");
        json.WriteNumber("seq", segment.Seq.Value);
        if (segment.Has(TcpFlags.Ack)) json.WriteNumber("ack", segment.Ack.Value);
        json.WriteNumber("wnd", segment.Wnd);
        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, in TcpOptions options)
    {
        if (options.Has(TcpOptionKinds.MaximumSegmentSize)) json.WriteNumber("mss", options.MaximumSegmentSize);
        if (options.Has(TcpOptionKinds.WindowScale)) json.WriteNumber("ws", options.WindowScale);
        if (options.Has(TcpOptionKinds.SackPermitted)) json.WriteBoolean("sackok", true);
        if (!options.Has(TcpOptionKinds.Timestamps)) return;
        json.WriteNumber("tsval", options.TimestampValue);
        json.WriteNumber("tsecr", options.TimestampEchoReply);
    }

    private static void WriteMarks(Utf8JsonWriter json, LadderMarks marks)
    {
        if (marks == LadderMarks.None) return;
        json.WriteStartArray("marks");
        for (int bit = 1; bit <= (int)LadderMarks.ReceivedBefore; bit <<= 1)
        {
            if (((int)marks & bit) != 0) json.WriteStringValue(((LadderMarks)bit).ToString());
        }
        json.WriteEndArray();
    }

    private static string KindName(LadderRowKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static string KindName(LadderVerdictKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static string PassageName(LadderPassage passage) => JsonNamingPolicy.CamelCase.ConvertName(passage.ToString());
}
