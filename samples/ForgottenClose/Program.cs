// A server that reads to the end of the stream, answers and forgets to close. Nothing is wrong to see: every client has its answer. But
// each connection stays in CLOSE-WAIT for as long as the server lives, and takes memory, until a limit is reached.
using ForgottenClose;
using Synfin;
using Synfin.Simulation;
using Synfin.Sockets;
using Synfin.Timers;

const ushort Port = 80;

Console.WriteLine("1. The server forgets.");
(int answered, IReadOnlyList<(TcpStatus Status, Timestamp Since)> waiting, Timestamp end) = Play(forgetful: true);
Claims.Hold(answered == 3, "three clients had their answer");
Claims.Hold(waiting.Count == 3, "an hour later the server has three connections in CLOSE-WAIT");
Claims.Hold(end - waiting[0].Since > Duration.FromSeconds(3_598), "the first of them has been there all the time");
Claims.Hold(waiting.All(w => w.Status is { ReceiveQueue: 0, SendQueue: 0 }), "TCP has nothing left to do for any: only CLOSE is missing");

Console.WriteLine();
Console.WriteLine("2. The server closes.");
(answered, waiting, _) = Play(forgetful: false);
Claims.Hold(answered == 3, "three clients had their answer");
Claims.Hold(waiting.Count == 0, "nothing is left of them");

static (int Answered, IReadOnlyList<(TcpStatus Status, Timestamp Since)> Waiting, Timestamp End) Play(bool forgetful)
{
    using var net = SimulatedNetwork.TwoHosts(seed: 1, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) });
    SimulatedHost clients = net["a"], server = net["b"];
    var watch = new CloseWaitWatch(server.Tcp);
    int answered = 0;

    server.Run(async () =>
    {
        TcpListener listener = server.Tcp.Listen(Port);
        while (true) _ = Serve(await listener.AcceptAsync(), forgetful);
    });
    clients.Run(async () =>
    {
        for (ushort port = 40001; port <= 40003; port++)
        {
            TcpConnection connection = await clients.Tcp.ConnectAsync(server.Address, Port, localPort: port);
            await connection.WriteAsync("ping"u8.ToArray());
            await connection.CompleteWritesAsync();
            if (await connection.ReadAsync(new byte[10]) == 4) answered++;
            connection.Close();
            await Task.Delay(TimeSpan.FromSeconds(15), net.TimeProvider);
        }
    });

    // Who looks often knows well how long it has been.
    for (int second = 1; second <= 3_600; second++)
    {
        net.RunFor(Duration.FromSeconds(1));
        IReadOnlyList<(TcpStatus Status, Timestamp Since)> waiting = watch.Look(net.Now);
        if (second is 20 or 40 or 3_600) Print(net.Now, server.Tcp.GetConnections().Count, waiting);
    }
    return (answered, watch.Look(net.Now), net.Now);
}

static void Print(Timestamp now, int connections, IReadOnlyList<(TcpStatus Status, Timestamp Since)> waiting)
{
    Console.WriteLine($"{now.Seconds,6:0} s  {connections} connections, {waiting.Count} in CLOSE-WAIT");
    foreach ((TcpStatus status, Timestamp since) in waiting)
        Console.WriteLine($"          {status.Tuple}  for {(now - since).Seconds,4:0} s at least");
}

static async Task Serve(TcpConnection connection, bool forgetful)
{
    byte[] buffer = new byte[100];
    int total = 0, count;
    while ((count = await connection.ReadAsync(buffer.AsMemory(total))) > 0) total += count;
    await connection.WriteAsync(buffer.AsMemory(0, total));
    if (!forgetful) connection.Close(); // the fix; 'await using' around the connection is even better: it closes after a failure, too
}
