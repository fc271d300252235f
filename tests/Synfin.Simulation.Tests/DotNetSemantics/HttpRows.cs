using Synfin.Tcp;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>What HttpClient's user sees, event by event.</summary>
internal static partial class HttpRows
{
    private const string Hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private const string Half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
    private const string ToTheEnd = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello";

    public static IReadOnlyList<Row> Responses { get; } =
    [
        new("a full response", Of(peer => peer.AnswerAll(Hello), "GET", "GET again")),
        new("a response in many pieces", Of(async peer =>
        {
            await peer.ReadHead();
            foreach (char piece in Hello) await peer.End.Write($"{piece}");
        })),
        new("a chunked response", Of(peer =>
            peer.AnswerAll("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"), "GET", "GET again")),
        new("a response that ends with the connection", Of(async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write(ToTheEnd);
            peer.Close();
        })),
        new("such a response, truncated: nobody can tell", Of(async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write(ToTheEnd[..^3]);
            peer.Close();
        })),
        new("HTTP/1.0", Of(async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            peer.Close();
        }, "GET", "GET again")),
        new("HTTP/1.0 without a length", Of(async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write("HTTP/1.0 200 OK\r\n\r\nhello");
            peer.Close();
        })),
        new("half-close behind the response", Of(async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write(Hello);
            await peer.End.CompleteWrites();
            await peer.ReadHead();
        }, "GET", "GET again")),
        new("by name", async t =>
        {
            HttpScript server = t.Open(new HttpScript(t, peer => peer.AnswerAll(Hello)));
            HttpClient client = Client(t);
            await t.Sees("GET", () => Answer(client.GetAsync($"http://{t.World.HostName}:{server.Port}/")));
        }),
    ];

    public static IReadOnlyList<Row> Truncations { get; } =
    [
        new("FIN before any octet", Of(FinFirst)),
        new("FIN before any octet, POST", Of(FinFirst, "POST")),
        new("RST before any octet", Of(ResetFirst)),
        new("RST before any octet, POST", Of(ResetFirst, "POST")),
        new("FIN in the head", Of(async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write("HTTP/1.1 200 OK\r\nContent-");
            peer.Close();
        })),
        new("RST in the head", Of(async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write("HTTP/1.1 200 OK\r\nContent-");
            peer.End.Abort();
        })),
        new("FIN in the body", Of(async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write(Half);
            peer.Close();
        })),
        new("RST in the body", Of(async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write(Half);
            peer.End.Abort();
        })),
        new("RST in the body, read as a stream", async t =>
        {
            TaskCompletionSource headRead = new();
            HttpScript server = t.Open(new HttpScript(t, async peer =>
            {
                await peer.ReadHead();
                await peer.End.Write(Half);
                await headRead.Task;
                peer.End.Abort();
            }));
            HttpClient client = Client(t);
            using HttpResponseMessage response =
                await client.GetAsync(server.Address, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Story.Patience);
            using Stream body = await response.Content.ReadAsStreamAsync();
            byte[] five = new byte[5];
            await t.Sees("read", async () =>
            {
                await body.ReadExactlyAsync(five);
                return WorldEnds.Shown(five);
            });
            headRead.SetResult();
            await t.Sees("next read", () => body.ReadAsync(five).AsTask());
        }),
        new("FIN in a chunked body", Of(async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            peer.Close();
        })),
        new("RST in a body that ends with the connection", Of(async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write(ToTheEnd);
            peer.End.Abort();
        })),
        new("not HTTP", Of(async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write("220 mail.example ESMTP\r\n\r\n");
            peer.Close();
        })),
        new("refused", async t =>
        {
            Uri nobody = new($"http://{t.World.Nobody()}/");
            HttpClient client = Client(t);
            await t.Sees("GET", () => Answer(client.GetAsync(nobody)));
        }),
        new("the name is unknown", async t =>
        {
            HttpClient client = Client(t);
            await t.Sees("GET", () => Answer(client.GetAsync("http://nobody.invalid/")));
        })
        {
            KernelWould = [new("GET", "HttpRequestException(NameResolutionError) < SocketException(HostNotFound)")],
            WhyNotAsked = "the question would leave the machine",
        },
        new("nothing, then nothing more", Hang("")),
        new("half a body, then nothing more", Hang(Half)),
        new("a body that ends with the connection, and no end comes", Hang(ToTheEnd)),
        new("the FIN of a body that ends with the connection is lost for ever", async t =>
        {
            t.Net.AddRule("every FIN from b");
            t.Net.AddRule("every RST from b"); // with which the server's host gives up in the end
            HttpScript server = t.Open(new HttpScript(t, async peer =>
            {
                await peer.ReadHead();
                await peer.End.Write(ToTheEnd);
                await t.Pause(); // so that FIN goes alone
                peer.Close();
            }));
            HttpClient client = Client(t);
            using CancellationTokenSource late = new(TimeSpan.FromMilliseconds(300));
            await t.Sees("GET, cancelled after a while", () => Answer(client.GetAsync(server.Address, late.Token)));
        })
        {
            KernelWould = [new("GET, cancelled after a while", "TaskCanceledException")],
            WhyNotAsked = "its loopback loses nothing",
        },
    ];

    /// <summary>A row in which a client asks a server of a kind; noted is what it got, and by how many connections.</summary>
    private static Func<Story, Task> Of(Func<HttpPeer, Task> serve, params string[] requests) => async t =>
    {
        HttpScript server = t.Open(new HttpScript(t, serve));
        HttpClient client = Client(t);
        if (requests.Length == 0) requests = ["GET"];
        foreach (string request in requests)
        {
            await t.Sees(request, () => Answer(
                request == "POST" ? client.PostAsync(server.Address, new StringContent("body")) : client.GetAsync(server.Address)));
            await t.Pause(3);
        }
        await t.Gives("connections", () => server.Connections);
        Assert.Null(server.Failure);
    };

    /// <summary>A row in which the server sends a text and then neither more nor the end.</summary>
    private static Func<Story, Task> Hang(string text) => async t =>
    {
        TaskCompletionSource over = new();
        HttpScript server = t.Open(new HttpScript(t, async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write(text);
            await over.Task;
        }));
        HttpClient client = Client(t);
        using CancellationTokenSource late = new(TimeSpan.FromMilliseconds(150));
        await t.Sees("GET, cancelled after a while", () => Answer(client.GetAsync(server.Address, late.Token)));
        over.SetResult();
    };

    private static HttpClient Client(Story t, Action<SocketsHttpHandler>? change = null)
    {
        SocketsHttpHandler handler = t.World.CreateHandler();
        change?.Invoke(handler);
        return t.Open(new HttpClient(handler) { Timeout = Story.Patience });
    }

    /// <summary>Status and body.</summary>
    private static async Task<string> Answer(Task<HttpResponseMessage> asking)
    {
        using HttpResponseMessage response = await asking;
        return $"{(int)response.StatusCode} \"{await response.Content.ReadAsStringAsync()}\"";
    }

    private static async Task FinFirst(HttpPeer peer)
    {
        await peer.ReadHead();
        peer.Close();
    }

    private static async Task ResetFirst(HttpPeer peer)
    {
        await peer.ReadHead();
        peer.End.Abort();
    }
}
