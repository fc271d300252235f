using System.Text;
using Synfin.Captures.Ladders;
using Synfin.Cli.Scenarios.Http;
using Xunit;

namespace Synfin.Cli.Tests.Http;

/// <summary>Streams are told apart into messages, records and frames.</summary>
public sealed class StreamPartTests
{
    [Fact]
    public void Messages_of_HTTP_1_are_told_by_their_first_lines()
    {
        const string First = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/";
        Assert.Equal(
            [new StreamPart(0, "HTTP/1.1 200 OK"), new StreamPart(First.Length, "HTTP/1.1 404 Not Found")],
            StreamPart.Find(new HttpPlan(), Stream(LadderSide.Right, Encoding.ASCII.GetBytes(First + "HTTP/1.1 404 Not Found\r\n\r\n"))));
    }

    [Fact]
    public void What_is_no_message_has_no_name()
    {
        Assert.Empty(StreamPart.Find(new HttpPlan(), Stream(LadderSide.Left, "\r\n\r\n"u8.ToArray())));
        Assert.Empty(StreamPart.Find(new HttpPlan(), Stream(LadderSide.Left, "GET / HT"u8.ToArray())));
        Assert.Empty(StreamPart.Find(new HttpPlan { Tls = true }, Stream(LadderSide.Left, [22, 3, 1])));
        Assert.Empty(StreamPart.Find(new HttpPlan { Mode = HttpMode.Http2 }, Stream(LadderSide.Right, [0, 0, 0, 4])));
    }

    [Fact]
    public void Records_of_TLS_are_told_by_their_types()
    {
        byte[] octets = [22, 3, 1, 0, 2, 1, 0, 20, 3, 3, 0, 1, 1, 23, 3, 3, 0, 1, 0, 23, 3, 3, 0, 0, 21, 3, 3, 0, 2, 1, 0];
        Assert.Equal(
            "ClientHello, ChangeCipherSpec, 2 application data, alert",
            StreamPart.Describe(StreamPart.Find(new HttpPlan { Tls = true }, Stream(LadderSide.Left, octets))));
    }

    [Fact]
    public void Frames_of_HTTP_2_are_told_by_their_types()
    {
        byte[] settings = [0, 0, 0, 4, 0, 0, 0, 0, 0], acknowledged = [0, 0, 0, 4, 1, 0, 0, 0, 0];
        byte[] headers = [0, 0, 2, 1, 5, 0, 0, 0, 1, 9, 9], goAway = [0, 0, 0, 7, 0, 0, 0, 0, 0];
        byte[] octets = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. settings, .. acknowledged, .. headers, .. goAway];
        Assert.Equal(
            "preface, SETTINGS, SETTINGS ACK, HEADERS, GOAWAY",
            StreamPart.Describe(StreamPart.Find(new HttpPlan { Mode = HttpMode.Http2 }, Stream(LadderSide.Left, octets))));
    }

    private static StreamText Stream(LadderSide side, byte[] octets) => new(1, side, octets);
}
