// A chat whose members lose their network: for four seconds, which TCP mends, and for good, which the server must notice.
using System.Net.WebSockets;
using Chat;
using Microsoft.AspNetCore.Builder;
using Synfin.Simulation;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;

// Nothing else runs in this process: time may wait for the applications as long as they need, on however busy a machine.
var options = new SimulationOptions { Mode = SimulationMode.Hosted, MaxQuietTime = TimeSpan.FromSeconds(30) };
using var net = new SimulatedNetwork(options);
SimulatedHost server = net.AddHost("server"), ann = net.AddHost("ann"), ben = net.AddHost("ben");
net.Connect(ann, server, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) });
SimulatedLink bensLink = net.Connect(ben, server, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(30) });

// What has been sent must be acknowledged within 15 s; who is silent for 30 s is asked, twice.
var serverOptions = new TcpConnectionOptions
{
    NoDelay = true,
    UserTimeout = Duration.FromSeconds(15),
    KeepAlive = true,
    KeepAliveTime = Duration.FromSeconds(30),
    KeepAliveInterval = Duration.FromSeconds(5),
    KeepAliveProbes = 2,
};
List<(double Time, string Text)> log = [];
var room = new ChatRoom((name, reason) => Log("server", $"{name}'s connection has ended: {reason}"));
await using WebApplication app = await room.Start(server.Tcp, serverOptions);

ClientWebSocket annsSocket = await Join(ann), bensSocket = await Join(ben);

await Until(1);
await Say(ann, annsSocket, "good morning");
await Until(2);
Log("", "ben's network goes away");
bensLink.Partition();
await Until(3);
await Say(ann, annsSocket, "ben?");
await Until(6);
Log("", "ben's network comes back");
bensLink.Heal();
await Until(10);
await Say(ben, bensSocket, "here!");
await Until(20);
Log("", "ben's network goes away, for good");
bensLink.Partition();
await Until(21);
await Say(ann, annsSocket, "and now?");
await Until(100);

Claims.Hold(Heard("ben", "ann: good morning") is > 1 and < 1.1, "what ann says, ben hears at once");
Claims.Hold(Heard("ben", "ann: ben?") is > 6 and < 10, "what she says while he is away, he hears when he is back: TCP sends it again");
Claims.Hold(Heard("ann", "ann: ben?") < 3.1, "meanwhile the chat goes on for the others");
Claims.Hold(Heard("ann", "ben has left") is > 35 and < 37, "15 s after the first words that did not reach him, the server lets him go");
Claims.Hold(room.Members.SequenceEqual(["ann"]), "ann is there to the end");

async Task<ClientWebSocket> Join(SimulatedHost host)
{
    ClientWebSocket socket = new();
    var invoker = new HttpMessageInvoker(host.Tcp.CreateHttpHandler());
    await socket.ConnectAsync(new Uri($"ws://server/{host.Name}"), invoker, CancellationToken.None);
    Log(host.Name, "is here");
    _ = Listen(host, socket);
    return socket;
}

async Task Listen(SimulatedHost host, ClientWebSocket socket)
{
    try
    {
        await foreach (string text in Messages.ReadFrom(socket)) Log(host.Name, $"hears '{text}'");
    }
    catch (WebSocketException)
    {
        Log(host.Name, "is alone");
    }
}

async Task Say(SimulatedHost host, ClientWebSocket socket, string text)
{
    Log(host.Name, $"says '{text}'");
    await Messages.Send(socket, text);
}

Task Until(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds - net.Now.Seconds), net.TimeProvider);

void Log(string host, string text)
{
    lock (log)
    {
        log.Add((net.Now.Seconds, $"{host} {text}"));
        Console.WriteLine($"{net.Now.Seconds,7:0.000} s  {host,-6}  {text}");
    }
}

double Heard(string host, string text)
{
    lock (log) return log.Find(entry => entry.Text == $"{host} hears '{text}'").Time;
}
