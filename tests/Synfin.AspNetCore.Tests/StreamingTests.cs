using System.Net.ServerSentEvents;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Synfin.AspNetCore.Tests.Support;

namespace Synfin.AspNetCore.Tests;

/// <summary>WebSockets and server-sent events.</summary>
public sealed class StreamingTests
{
    private static readonly Uri s_socket = new("ws://b/");

    [Fact(Timeout = Site.Limit)]
    public async Task Events_are_read_as_they_come()
    {
        TaskCompletionSource[] read = [.. Enumerable.Range(0, 10).Select(_ => Signal.New())];
        await using Site site = await Site.Start(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (int i = 0; i < 10; i++)
            {
                await context.Response.WriteAsync($"id: {i}\ndata: event {i}\n\n");
                await read[i].Task; // the next one is written when this one has been read
            }
        });
        await using Stream stream = await site.Client().GetStreamAsync("/");
        int count = 0;
        await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync())
        {
            Assert.Equal(($"{count}", $"event {count}"), (item.EventId, item.Data));
            read[count++].SetResult();
        }
        Assert.Equal(10, count);
    }

    [Theory(Timeout = Site.Limit)]
    [InlineData(10)]
    [InlineData(70_000)]
    [InlineData(2_000_000)]
    public async Task A_web_socket_echoes_and_closes_in_order(int length)
    {
        TaskCompletionSource<WebSocketCloseStatus?> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Site site = await StartSocket(async socket =>
        {
            await Echo(socket);
            closed.SetResult(socket.CloseStatus);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", default);
        });
        using ClientWebSocket socket = await Connect(site);
        byte[] text = new byte[length];
        new Random(6).NextBytes(text);
        byte[] back = new byte[length];
        for (int round = 0; round < 3; round++)
        {
            Task received = Receive(socket, back);
            await socket.SendAsync(text, WebSocketMessageType.Binary, endOfMessage: true, default);
            await received;
            Assert.True(text.AsSpan().SequenceEqual(back));
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "thanks", default);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await closed.Task);
        Assert.Equal((WebSocketState.Closed, "bye"), (socket.State, socket.CloseStatusDescription));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_client_that_aborts_its_web_socket_is_noticed()
    {
        TaskCompletionSource<WebSocketError> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Site site = await StartSocket(async socket =>
        {
            WebSocketException e = await Assert.ThrowsAsync<WebSocketException>(() => Receive(socket, new byte[100]));
            seen.SetResult(e.WebSocketErrorCode);
        });
        using ClientWebSocket socket = await Connect(site);
        socket.Abort();
        Assert.Equal(WebSocketError.ConnectionClosedPrematurely, await seen.Task);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_server_that_aborts_its_web_socket_is_noticed()
    {
        await using Site site = await StartSocket(socket =>
        {
            socket.Abort();
            return Task.CompletedTask;
        });
        using ClientWebSocket socket = await Connect(site);
        await Assert.ThrowsAsync<WebSocketException>(() => Receive(socket, new byte[100]));
        Assert.Equal(WebSocketState.Aborted, socket.State);
    }

    private static Task<Site> StartSocket(Func<WebSocket, Task> serve) => Site.Start(app =>
    {
        app.UseWebSockets();
        app.Run(async context =>
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            await serve(socket);
        });
    });

    private static async Task<ClientWebSocket> Connect(Site site)
    {
        ClientWebSocket socket = new();
        await socket.ConnectAsync(s_socket, site.Client(), default);
        return socket;
    }

    private static async Task Receive(WebSocket socket, Memory<byte> message)
    {
        while (true)
        {
            ValueWebSocketReceiveResult result = await socket.ReceiveAsync(message, default);
            message = message[result.Count..];
            if (result.EndOfMessage) break;
        }
        Assert.True(message.IsEmpty, $"{message.Length} octets are missing");
    }

    private static async Task Echo(WebSocket socket)
    {
        byte[] buffer = new byte[16_384];
        while (true)
        {
            ValueWebSocketReceiveResult result = await socket.ReceiveAsync(buffer.AsMemory(), default);
            if (result.MessageType is WebSocketMessageType.Close) return;
            await socket.SendAsync(buffer.AsMemory(0, result.Count), result.MessageType, result.EndOfMessage, default);
        }
    }
}
