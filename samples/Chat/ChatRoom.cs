using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Synfin;
using Synfin.AspNetCore;
using Synfin.Sockets;
using Synfin.Stack;

namespace Chat;

/// <summary>A chat over WebSockets: what a member says, all members hear.</summary>
/// <param name="lost">Is told of each member whose connection broke, and what TCP says of it.</param>
internal sealed class ChatRoom(Action<string, CloseReason> lost)
{
    private readonly ConcurrentDictionary<string, ChannelWriter<string>> _members = [];

    public async Task<WebApplication> Start(TcpStack stack, TcpConnectionOptions connectionOptions)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSynfin(stack, options => options.ConnectionOptions = connectionOptions);
        WebApplication app = builder.Build();
        app.UseWebSockets();
        app.Run(Serve);
        await app.StartAsync();
        return app;
    }

    private async Task Serve(HttpContext context)
    {
        string name = context.Request.Path.Value!.Trim('/');
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();

        // A member has a queue of its own, so that one whom nothing reaches does not hold up the others.
        var heard = Channel.CreateBounded<string>(100);
        _members[name] = heard.Writer;
        Task sending = Send(socket, heard.Reader);
        try
        {
            await foreach (string text in Messages.ReadFrom(socket)) SayToAll($"{name}: {text}");
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The connection is broken, or the server stops.
            lost(name, context.Features.Get<ISynfinConnectionFeature>()!.Connection.CloseReason);
        }
        _members.TryRemove(name, out _);
        heard.Writer.Complete();
        SayToAll($"{name} has left");
        await sending;
    }

    private void SayToAll(string text)
    {
        foreach (ChannelWriter<string> member in _members.Values) member.TryWrite(text);
    }

    private static async Task Send(WebSocket socket, ChannelReader<string> heard)
    {
        try
        {
            await foreach (string text in heard.ReadAllAsync()) await Messages.Send(socket, text);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The reading side notices, too, and ends the membership.
        }
    }
}
