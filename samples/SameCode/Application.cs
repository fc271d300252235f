using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Synfin.AspNetCore;
using Synfin.Sockets;

namespace SameCode;

/// <summary>The application: it is given the sockets of two hosts, and cannot tell what lies between them.</summary>
internal static class Application
{
    private const int WebPort = 80, StreamPort = 81, PipePort = 82;
    private const int BodyLength = 1_000_003;

    /// <summary>Runs its server on one host and its clients on the other.</summary>
    /// <param name="client">The sockets of the clients' host.</param>
    /// <param name="server">The sockets of the server's host.</param>
    /// <param name="name">The server's name or address.</param>
    /// <returns>What was found out, a line each; the same on every network.</returns>
    public static async Task<IReadOnlyList<string>> Run(TcpStackGroup client, TcpStackGroup server, string name)
    {
        await using WebApplication site = await StartSite(server);
        using TcpListenerGroup streams = Listen(server, StreamPort), pipes = Listen(server, PipePort);
        Task echo = EchoStream(streams), count = CountLines(pipes);

        List<string> found = [.. await AskTheSite(client, name)];
        found.Add(await UseAStream(client, name));
        found.Add(await UseAPipe(client, name));
        await Task.WhenAll(echo, count);
        await site.StopAsync();
        return found;
    }

    private static TcpListenerGroup Listen(TcpStackGroup server, int port) => server.Listen(new IPEndPoint(IPAddress.Any, port));

    private static async Task<WebApplication> StartSite(TcpStackGroup sockets)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSynfin(sockets);
        WebApplication app = builder.Build();
        app.Urls.Add($"http://*:{WebPort}");
        app.MapGet("/hello", () => "hello");
        app.MapPost("/hash", async (Stream body) => Results.Text(Convert.ToHexStringLower(await SHA256.HashDataAsync(body))));
        await app.StartAsync();
        return app;
    }

    private static async Task<IEnumerable<string>> AskTheSite(TcpStackGroup sockets, string name)
    {
        using HttpClient http = sockets.CreateHttpClient();
        http.BaseAddress = new Uri($"http://{name}:{WebPort}");
        string hello = await http.GetStringAsync("/hello");
        byte[] body = new byte[BodyLength];
        new Random(1).NextBytes(body);
        using ByteArrayContent content = new(body);
        using HttpResponseMessage answer = await http.PostAsync("/hash", content);
        bool isRight = await answer.Content.ReadAsStringAsync() == Convert.ToHexStringLower(SHA256.HashData(body));
        return [$"Kestrel says {hello}", $"Kestrel took {BodyLength} octets {(isRight ? "as they were sent" : "and spoiled them")}"];
    }

    private static async Task EchoStream(TcpListenerGroup listener)
    {
        await using TcpStream stream = new(await listener.AcceptAsync());
        await stream.CopyToAsync(stream);
    }

    private static async Task<string> UseAStream(TcpStackGroup sockets, string name)
    {
        await using TcpStream stream = new(await sockets.ConnectAsync(name, StreamPort));
        await stream.WriteAsync(Encoding.ASCII.GetBytes("there and back"));
        await stream.CompleteWritesAsync();
        using StreamReader reader = new(stream, Encoding.ASCII);
        return $"the stream went {await reader.ReadToEndAsync()}";
    }

    private static async Task CountLines(TcpListenerGroup listener)
    {
        TcpDuplexPipe pipe = new(await listener.AcceptAsync());
        int lines = 0;
        while (true)
        {
            ReadResult result = await pipe.Input.ReadAsync();
            foreach (ReadOnlyMemory<byte> part in result.Buffer) lines += part.Span.Count((byte)'\n');
            pipe.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) break;
        }
        await pipe.Output.WriteAsync(Encoding.ASCII.GetBytes($"{lines}"));
        await pipe.Output.CompleteAsync();
        await pipe.Input.CompleteAsync();
    }

    private static async Task<string> UseAPipe(TcpStackGroup sockets, string name)
    {
        TcpDuplexPipe pipe = new(await sockets.ConnectAsync(name, PipePort));
        for (int i = 0; i < 1_000; i++) await pipe.Output.WriteAsync("a line\n"u8.ToArray());
        await pipe.Output.CompleteAsync();
        ReadResult result = await pipe.Input.ReadAtLeastAsync(4);
        string lines = Encoding.ASCII.GetString(result.Buffer.ToArray());
        pipe.Input.AdvanceTo(result.Buffer.End);
        await pipe.Input.CompleteAsync();
        return $"the pipe counted {lines} lines";
    }
}
