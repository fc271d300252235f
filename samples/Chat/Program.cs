// A chat whose members lose their network: for four seconds, which TCP mends, and for good, which the server must notice.
using System.Net.WebSockets;
using Chat;
using Microsoft.AspNetCore.Builder;
using Synfin.Simulation;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;

// Nothing else runs in this process: time may wait for the applications as long as they need, on however busy a machine.
var options = new SimulationOptions { Mode = SimulationMode.Hosted, MaxQuietTime = TimeSpan.FromSeconds(30) };
using var net = new SimulatedNetwork(options);
SimulatedHost server = net.AddHost("server"), ann = net.AddHost("ann"), ben = net.AddHost("ben");
net.Connect(ann, server, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) });
SimulatedLink bensLink = net.Connect(ben, server, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(30) });

// At both ends: what has been sent must be acknowledged within 15 s, and who is silent for 30 s is asked, twice.
var connectionOptions = new TcpConnectionOptions
{
    NoDelay = true,
    UserTimeout = Duration.FromSeconds(15),
    KeepAlive = true,
    KeepAliveTime = Duration.FromSeconds(30),
    KeepAliveInterval = Duration.FromSeconds(5),
    KeepAliveProbes = 2,
};
List<(double Time, string Who, string What)> log = [];
var room = new ChatRoom((name, reason) => Log("server", $"loses {name}: {reason}"));
await using WebApplication app = await room.Start(server.Tcp, connectionOptions);

(ClientWebSocket annsSocket, Task annListens) = await Join(ann);
(ClientWebSocket bensSocket, Task benListens) = await Join(ben);

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
await Until(60);
await annsSocket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
await Task.WhenAll(annListens, benListens);

Claims.Hold(When("ben", "hears 'ann: good morning'") is > 1 and < 1.1, "what ann says, ben hears at once");
Claims.Hold(When("ben", "hears 'ann: ben?'") is > 6 and < 10, "what he misses he hears when he is back: TCP sends it again");
Claims.Hold(When("ann", "hears 'ann: ben?'") is > 3 and < 3.1, "meanwhile the chat goes on for the others");
Claims.Hold(When("server", "loses ben: RetransmissionTimeout") is > 36 and < 36.1, "the server gave ben's ACK 15 s");
Claims.Hold(When("ann", "hears 'ben has left'") is > 36 and < 36.1, "and told the others");
Claims.Hold(When("ben", "has lost the server") is > 50 and < 50.2, "ben had nothing to send: his keep-alive took 30 + 2 * 5 s");

async Task<(ClientWebSocket Socket, Task Listens)> Join(SimulatedHost host)
{
    ClientWebSocket socket = new();
    var invoker = new HttpMessageInvoker(host.Tcp.CreateHttpHandler(connectionOptions));
    await socket.ConnectAsync(new Uri($"ws://server/{host.Name}"), invoker, CancellationToken.None);
    Log(host.Name, "is here");
    return (socket, Listen(host, socket));
}

async Task Listen(SimulatedHost host, ClientWebSocket socket)
{
    try
    {
        await foreach (string text in Messages.ReadFrom(socket)) Log(host.Name, $"hears '{text}'");
        Log(host.Name, "has left");
    }
    catch (WebSocketException)
    {
        Log(host.Name, "has lost the server");
    }
}

async Task Say(SimulatedHost host, ClientWebSocket socket, string text)
{
    Log(host.Name, $"says '{text}'");
    await Messages.Send(socket, text);
}

Task Until(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds - net.Now.Seconds), net.TimeProvider);

void Log(string who, string what)
{
    lock (log)
    {
        log.Add((net.Now.Seconds, who, what));
        Console.WriteLine($"{net.Now.Seconds,7:0.000} s  {who,-6}  {what}");
    }
}

double When(string who, string what)
{
    lock (log) return log.Find(entry => entry.Who == who && entry.What == what).Time;
}
