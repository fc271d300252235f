// The power of the client fails, and TCP has nothing to say: the server's connection is half-open, and stays ESTABLISHED for ever.
// Keep-alive finds it: after a minute of silence three questions, ten seconds apart, and another ten seconds for the last answer.
using System.Net.Sockets;
using Synfin;
using Synfin.Captures.Ladders;
using Synfin.Simulation;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;
using TcpListener = Synfin.Sockets.TcpListener;

var options = new TcpConnectionOptions
{
    KeepAlive = true,
    KeepAliveTime = Duration.FromSeconds(60),
    KeepAliveInterval = Duration.FromSeconds(10),
    KeepAliveProbes = 3,
};
Duration found = options.KeepAliveTime + options.KeepAliveInterval * options.KeepAliveProbes;

Console.WriteLine("1. The client's host crashes, and stays down.");
Ending dead = Play(restart: false);
Claims.Hold(dead.After == found, $"the server knew after {found} of silence, to the nanosecond");
Claims.Hold(dead is { Error: SocketError.TimedOut, Reason: CloseReason.KeepAliveTimeout }, $"it was told {dead.Error}, {dead.Reason}");

Console.WriteLine();
Console.WriteLine("2. The client's host crashes, and comes back with an empty memory.");
Ending reborn = Play(restart: true);
Duration roundTrip = Duration.FromMilliseconds(20);
Claims.Hold(reborn.After == options.KeepAliveTime + roundTrip, $"the first question was answered, by a reset: {reborn.After}");
bool wasReset = reborn is { Error: SocketError.ConnectionReset, Reason: CloseReason.RemoteReset };
Claims.Hold(wasReset, $"it was told {reborn.Error}, {reborn.Reason}");

Ending Play(bool restart)
{
    using var net = SimulatedNetwork.TwoHosts(
        new SimulationOptions { RecordLadder = true }, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) });
    SimulatedHost client = net["a"], server = net["b"];

    Task<Ending> served = server.Run(async () =>
    {
        using TcpListener listener = server.Tcp.Listen(null, 80, options: options);
        TcpConnection connection = await listener.AcceptAsync();
        byte[] buffer = new byte[100];
        await connection.ReadAsync(buffer);
        Timestamp lastHeard = net.Now;
        try
        {
            await connection.ReadAsync(buffer); // without keep-alive this would never end
        }
        catch (IOException e) when (e.InnerException is SocketException socket)
        {
            return new Ending(net.Now - lastHeard, socket.SocketErrorCode, connection.CloseReason);
        }
        throw new InvalidOperationException("the client ended the connection in order");
    });
    client.Run(async () =>
    {
        TcpConnection connection = await client.Tcp.ConnectAsync(server.Address, 80, localPort: 40000);
        await connection.WriteAsync("hello"u8.ToArray());
    });

    net.RunFor(Duration.FromSeconds(1));
    client.Crash();
    if (restart) client.Restart();
    net.RunUntilComplete(served);
    net.RunUntilIdle();
    Console.WriteLine(TextLadderRenderer.Render(net.Ladder!.Build(new LadderOptions { Left = "a", Right = "b" })));
    return served.Result;
}

internal sealed record Ending(Duration After, SocketError Error, CloseReason Reason);
