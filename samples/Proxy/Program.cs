// A proxy stands between a client and a server: what the client does to its connection reaches the server, and the other way round.
using System.Net.Sockets;
using System.Text;
using Proxy;
using Synfin;
using Synfin.Captures.Ladders;
using Synfin.Simulation;
using Synfin.Sockets;
using Synfin.Timers;
using TcpListener = Synfin.Sockets.TcpListener;

const ushort ProxyPort = 8080, ServerPort = 80;

Console.WriteLine("1. The client sends a request, ends its half, and reads the answer.");
(string answer, SocketError? error, CloseReason reason) = Play(Answer);
Claims.Hold(answer == "15 octets", $"the server saw the request's end; its answer came: '{answer}'");
Claims.Hold(error is null && reason is CloseReason.LocalClose, "the client's connection ended in order");

Console.WriteLine();
Console.WriteLine("2. The server sends half of an answer, and resets.");
(answer, error, reason) = Play(ResetInMidAnswer);
Claims.Hold(answer == "15", $"the first half came through: '{answer}'");
bool wasReset = error is SocketError.ConnectionReset && reason is CloseReason.RemoteReset;
Claims.Hold(wasReset, "the client was reset, too: it knows that there was more");

static async Task Answer(TcpConnection connection)
{
    string request = await ReadToEnd(connection);
    await connection.WriteAsync(Encoding.ASCII.GetBytes($"{request.Length} octets"));
    connection.Close();
}

static async Task ResetInMidAnswer(TcpConnection connection)
{
    string request = await ReadToEnd(connection);
    await connection.WriteAsync(Encoding.ASCII.GetBytes($"{request.Length}"));
    await connection.WhenDrained();
    connection.Abort();
}

static (string Answer, SocketError? Error, CloseReason Reason) Play(Func<TcpConnection, Task> serve)
{
    using var net = new SimulatedNetwork(new SimulationOptions { RecordLadder = true });
    SimulatedHost client = net.AddHost("client"), proxy = net.AddHost("proxy"), server = net.AddHost("server");
    var link = new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) };
    net.Connect(client, proxy, link);
    net.Connect(proxy, server, link);

    using TcpListener proxyListener = proxy.Tcp.Listen(ProxyPort), serverListener = server.Tcp.Listen(ServerPort);
    proxy.Run(() => TcpProxy.Run(proxyListener, proxy.Tcp, server.Address, ServerPort));
    server.Run(async () => await serve(await serverListener.AcceptAsync()));
    Task<(string, SocketError?, CloseReason)> asked = client.Run(async () =>
    {
        TcpConnection connection = await client.Tcp.ConnectAsync(proxy.Address, ProxyPort);
        await connection.WriteAsync("all of it, done"u8.ToArray());
        await connection.CompleteWritesAsync();
        var received = new StringBuilder();
        SocketError? error = null;
        try
        {
            await ReadToEnd(connection, received);
        }
        catch (IOException e)
        {
            error = (e.InnerException as SocketException)?.SocketErrorCode;
        }
        await connection.CloseAsync();
        return (received.ToString(), error, connection.CloseReason);
    });
    net.RunUntilIdle();

    foreach ((string left, string right) in new[] { ("client", "proxy"), ("proxy", "server") })
        Console.WriteLine(TextLadderRenderer.Render(net.Ladder!.Build(new LadderOptions { Left = left, Right = right })));
    return asked.Result;
}

static async Task<string> ReadToEnd(TcpConnection connection, StringBuilder? received = null)
{
    received ??= new StringBuilder();
    byte[] buffer = new byte[1_000];
    int count;
    while ((count = await connection.ReadAsync(buffer)) > 0) received.Append(Encoding.ASCII.GetString(buffer, 0, count));
    return received.ToString();
}
