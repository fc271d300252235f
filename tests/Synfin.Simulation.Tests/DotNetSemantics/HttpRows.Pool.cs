using Synfin.Tcp;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>Connections that are used again, bodies that wait, clients that give up.</summary>
internal static partial class HttpRows
{
    public static IReadOnlyList<Row> Pooling { get; } =
    [
        new("the server closes an idle connection", async t =>
        {
            TaskCompletionSource<HttpPeer> answered = new();
            HttpScript server = t.Open(new HttpScript(t, async peer =>
            {
                await peer.ReadHead();
                await peer.End.Write(Hello);
                if (answered.TrySetResult(peer)) return;
                await peer.ReadHead();
            }));
            HttpClient client = Client(t);
            await t.Sees("GET", () => Answer(client.GetAsync(server.Address)));
            HttpPeer first = await answered.Task.WaitAsync(Story.Patience);
            first.Close();
            await t.Pause(5);
            await t.Sees("GET again", () => Answer(client.GetAsync(server.Address)));
            await t.Gives("connections", () => server.Connections);
        }),
        new("the server resets an idle connection", async t =>
        {
            TaskCompletionSource<HttpPeer> answered = new();
            HttpScript server = t.Open(new HttpScript(t, async peer =>
            {
                await peer.ReadHead();
                await peer.End.Write(Hello);
                if (answered.TrySetResult(peer)) return;
                await peer.ReadHead();
            }));
            HttpClient client = Client(t);
            await t.Sees("GET", () => Answer(client.GetAsync(server.Address)));
            HttpPeer first = await answered.Task.WaitAsync(Story.Patience);
            first.End.Abort();
            await t.Pause(5);
            await t.Sees("GET again", () => Answer(client.GetAsync(server.Address)));
            await t.Gives("connections", () => server.Connections);
        }),
        new("FIN on the second request of a connection", Of(AnswerOnce(reset: false), "GET", "GET again")),
        new("FIN on the second request of a connection, POST", Of(AnswerOnce(reset: false), "GET", "POST")),
        new("RST on the second request of a connection", Of(AnswerOnce(reset: true), "GET", "GET again")),
        new("MaxConnectionsPerServer = 2, six requests at once", async t =>
        {
            HttpScript server = t.Open(new HttpScript(t, async peer =>
            {
                while (await peer.ReadHead() is not null)
                {
                    await t.Pause(5);
                    await peer.End.Write(Hello);
                }
            }));
            HttpClient client = Client(t, handler => handler.MaxConnectionsPerServer = 2);
            Task<string>[] all = [.. Enumerable.Range(0, 6).Select(_ => Answer(client.GetAsync(server.Address)))];
            await t.Sees("GETs", async () => string.Join(", ", (await Task.WhenAll(all)).Distinct()));
            await t.Gives("connections", () => server.Connections);
            await t.Gives("at most at a time", () => server.Peak);
            await t.Gives("requests", () => server.Requests);
        }),
    ];

    public static IReadOnlyList<Row> Waits { get; } =
    [
        new("a body larger than the window, and nobody reads it", async t =>
        {
            TaskCompletionSource over = new();
            HttpScript server = t.Open(new HttpScript(t, async peer =>
            {
                await peer.ReadHead();
                await over.Task;
            }));
            HttpClient client = Client(t);
            using CancellationTokenSource late = new(TimeSpan.FromMilliseconds(300));
            using ByteArrayContent body = new(new byte[32 << 20]);
            await t.Sees("POST, cancelled after a while", () => Answer(client.PostAsync(server.Address, body, late.Token)));
            over.SetResult();
        }),
        new("Expect: 100-continue, and the server agrees", Continue(async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write("HTTP/1.1 100 Continue\r\n\r\n");
            string body = await peer.ReadBody(4);
            await peer.End.Write($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        })),
        new("Expect: 100-continue, and the server says nothing", Continue(async peer =>
        {
            await peer.ReadHead();
            string body = await peer.ReadBody(4);
            await peer.End.Write($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        })),
        new("Expect: 100-continue, and the server refuses", Continue(async peer =>
        {
            await peer.ReadHead();
            await peer.End.Write("HTTP/1.1 417 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            await peer.ReadHead();
        })),
        new("Expect: 100-continue, then FIN", Continue(async peer =>
        {
            await peer.ReadHead();
            peer.Close();
        })),
        new("the client gives up", async t =>
        {
            TaskCompletionSource<HttpPeer> came = new();
            HttpScript server = t.Open(new HttpScript(t, async peer =>
            {
                await peer.ReadHead();
                came.SetResult(peer);
            }));
            HttpClient client = Client(t);
            using CancellationTokenSource cancel = new();
            Task<string> asking = Answer(client.GetAsync(server.Address, cancel.Token));
            HttpPeer peer = await came.Task.WaitAsync(Story.Patience);
            await cancel.CancelAsync();
            await t.Sees("GET", () => asking);
            await t.Sees("the server reads", () => peer.End.Read());
        }),
        new("HttpClient.Timeout, and the server says nothing", async t =>
        {
            TaskCompletionSource over = new();
            HttpScript server = t.Open(new HttpScript(t, async peer =>
            {
                await peer.ReadHead();
                await over.Task;
            }));
            HttpClient client = Client(t);
            client.Timeout = TimeSpan.FromMilliseconds(300);
            await t.Sees("GET", () => Answer(client.GetAsync(server.Address)));
            over.SetResult();
        }),
        new("HttpClient.Timeout while connecting", async t =>
        {
            Uri silence = new($"http://{await t.World.Silence()}/");
            HttpClient client = Client(t);
            client.Timeout = TimeSpan.FromMilliseconds(300);
            using IDisposable hold = t.HoldTime();
            await t.Sees("GET", () => Answer(client.GetAsync(silence)));
        }),
        new("ConnectTimeout", async t =>
        {
            Uri silence = new($"http://{await t.World.Silence()}/");
            HttpClient client = Client(t, handler => handler.ConnectTimeout = TimeSpan.FromMilliseconds(200));
            using IDisposable hold = t.HoldTime();
            await t.Sees("GET", () => Answer(client.GetAsync(silence)));
        }),
    ];

    private static Func<HttpPeer, Task> AnswerOnce(bool reset) => async peer =>
    {
        await peer.ReadHead();
        await peer.End.Write(Hello);
        await peer.ReadHead();
        if (reset) peer.End.Abort();
        else peer.Close();
    };

    private static Func<Story, Task> Continue(Func<HttpPeer, Task> serve) => async t =>
    {
        HttpScript server = t.Open(new HttpScript(t, serve));
        HttpClient client = Client(t, handler => handler.Expect100ContinueTimeout = TimeSpan.FromMilliseconds(200));
        using HttpRequestMessage request = new(HttpMethod.Post, server.Address) { Content = new StringContent("body") };
        request.Headers.ExpectContinue = true;
        await t.Sees("POST", () => Answer(client.SendAsync(request)));
        await t.Gives("connections", () => server.Connections);
        Assert.Null(server.Failure);
    };
}
