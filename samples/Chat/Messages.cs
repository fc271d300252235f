using System.Net.WebSockets;
using System.Text;

namespace Chat;

/// <summary>Short texts over a WebSocket.</summary>
internal static class Messages
{
    public static async IAsyncEnumerable<string> ReadFrom(WebSocket socket)
    {
        byte[] buffer = new byte[1_000];
        while (true)
        {
            WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (result.MessageType is WebSocketMessageType.Close) yield break;
            yield return Encoding.UTF8.GetString(buffer, 0, result.Count);
        }
    }

    public static async Task Send(WebSocket socket, string text) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
}
