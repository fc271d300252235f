using System.Buffers.Binary;
using System.Text;
using Synfin.Captures.Ladders;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>Something that begins in a stream: a message, a record, a frame.</summary>
/// <param name="Start">The offset of its first octet.</param>
/// <param name="Name">What it is.</param>
internal readonly record struct StreamPart(int Start, string Name)
{
    private const int LongestLine = 60;
    private const int RecordHeader = 5;
    private const int FrameHeader = 9;

    /// <summary>RFC 9113 3.4.</summary>
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>The parts of a stream, in their order.</summary>
    public static IReadOnlyList<StreamPart> Find(HttpPlan plan, StreamText stream) => plan switch
    {
        { Tls: true } => FindRecords(stream.Octets),
        { Mode: HttpMode.Http2 } => FindFrames(stream.Octets, stream.Side is LadderSide.Left),
        _ => FindMessages(stream.Octets),
    };

    /// <summary>The names in a row; a name that comes several times running comes once, with its number.</summary>
    public static string Describe(IEnumerable<StreamPart> parts)
    {
        List<(string Name, int Count)> names = [];
        foreach (StreamPart part in parts)
        {
            if (names.Count > 0 && names[^1].Name == part.Name) names[^1] = (part.Name, names[^1].Count + 1);
            else names.Add((part.Name, 1));
        }
        return string.Join(", ", names.Select(n => n.Count > 1 ? $"{n.Count} {n.Name}" : n.Name));
    }

    /// <summary>RFC 9112: a start line, fields, an empty line, and Content-Length octets.</summary>
    private static List<StreamPart> FindMessages(byte[] octets)
    {
        List<StreamPart> found = [];
        for (int at = 0; at < octets.Length;)
        {
            ReadOnlySpan<byte> rest = octets.AsSpan(at);
            int line = rest.IndexOf("\r\n"u8);
            int header = rest.IndexOf("\r\n\r\n"u8);
            if (line <= 0) break;
            found.Add(new StreamPart(at, Encoding.ASCII.GetString(rest[..Math.Min(line, LongestLine)])));
            if (header < 0) break;
            at += header + 4 + ContentLength(Encoding.ASCII.GetString(rest[..header]));
        }
        return found;
    }

    private static int ContentLength(string header)
    {
        const string Field = "Content-Length:";
        string? line = Array.Find(header.Split("\r\n"), l => l.StartsWith(Field, StringComparison.OrdinalIgnoreCase));
        return line is not null && int.TryParse(line.AsSpan(Field.Length), out int length) ? length : 0;
    }

    /// <summary>RFC 8446 5.1: type, version, length. What is encrypted says it is application data.</summary>
    private static List<StreamPart> FindRecords(byte[] octets)
    {
        List<StreamPart> found = [];
        int at = 0;
        while (at + RecordHeader <= octets.Length)
        {
            string name = octets[at] switch
            {
                20 => "ChangeCipherSpec",
                21 => "alert",
                22 => at + RecordHeader < octets.Length ? Handshake(octets[at + RecordHeader]) : "handshake",
                23 => "application data",
                var other => $"record {other}",
            };
            found.Add(new StreamPart(at, name));
            at += RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(at + 3));
        }
        return found;
    }

    private static string Handshake(byte type) => type switch
    {
        1 => "ClientHello",
        2 => "ServerHello",
        4 => "NewSessionTicket",
        11 => "Certificate",
        12 => "ServerKeyExchange",
        14 => "ServerHelloDone",
        16 => "ClientKeyExchange",
        _ => "handshake",
    };

    /// <summary>RFC 9113 4.1: length, type, flags, stream.</summary>
    private static List<StreamPart> FindFrames(byte[] octets, bool fromClient)
    {
        List<StreamPart> found = [];
        int at = 0;
        if (fromClient && octets.AsSpan().StartsWith(Preface))
        {
            found.Add(new StreamPart(0, "preface"));
            at = Preface.Length;
        }
        while (at + FrameHeader <= octets.Length)
        {
            ReadOnlySpan<byte> frame = octets.AsSpan(at);
            found.Add(new StreamPart(at, FrameName(frame[3], frame[4])));
            at += FrameHeader + (frame[0] << 16 | frame[1] << 8 | frame[2]);
        }
        return found;
    }

    private static string FrameName(byte type, byte flags) => type switch
    {
        0 => "DATA",
        1 => "HEADERS",
        2 => "PRIORITY",
        3 => "RST_STREAM",
        4 => (flags & 1) != 0 ? "SETTINGS ACK" : "SETTINGS",
        5 => "PUSH_PROMISE",
        6 => (flags & 1) != 0 ? "PING ACK" : "PING",
        7 => "GOAWAY",
        8 => "WINDOW_UPDATE",
        9 => "CONTINUATION",
        _ => $"frame {type}",
    };
}
