// Two TCP stacks, and a loop that owns them: no runtime, no thread, no clock. The time is a variable.
using Synfin;
using Synfin.Captures.Ladders;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;
using TwoStacksByHand;

InternetAddress addressA = InternetAddress.FromIpv4(10, 0, 0, 1), addressB = InternetAddress.FromIpv4(10, 0, 0, 2);
var ladder = new LadderRecorder();
var a = new NetworkStack(new StackOptions(), new StackSecret(1, 2), Timestamp.Zero, ladder.ObserverFor("a"));
var b = new NetworkStack(new StackOptions(), new StackSecret(3, 4), Timestamp.Zero, ladder.ObserverFor("b"));
Wire toB = new("a", "b", ladder), toA = new("b", "a", ladder);
a.AddAddress(addressA);
b.AddAddress(addressB);

b.Listen(addressB, 80, backlog: 1, null, Timestamp.Zero, out TcpListener? listener);
a.Connect(addressB, 80, null, 43210, null, Timestamp.Zero, out TcpConnection? client);
TcpConnection? server = null;
bool asked = false;
string answer = "";
byte[] buffer = new byte[100];
Timestamp now = Timestamp.Zero, end = Timestamp.Zero;

for (; now.IsSet; now = Earliest(toA.NextArrival, toB.NextArrival, a.NextDeadline, b.NextDeadline))
{
    end = now;

    // 1. Packets go in, and deadlines that have passed are acted on.
    toA.Deliver(a, now);
    toB.Deliver(b, now);
    a.OnTime(now);
    b.OnTime(now);

    // 2. The applications ask what is new. Those that would rather be told call DeliverSignals.
    if (!asked && client!.State == TcpState.Established) asked = client.Send("who is there?"u8, now, out _) == TcpError.None;
    int octets = 0;
    if (asked && answer.Length == 0 && client!.Receive(buffer, now, out octets) == TcpError.None)
    {
        answer = System.Text.Encoding.ASCII.GetString(buffer, 0, octets);
        client.Close(now);
    }
    if (server is null) listener!.Accept(now, out server);
    if (server is { State: TcpState.Established or TcpState.CloseWait } && server.Receive(buffer, now, out octets) == TcpError.None)
    {
        if (octets > 0) server.Send("b"u8, now, out _);
        else server.Close(now); // the end of the stream: a has closed
    }

    // 3. Packets come out. Nothing leaves a stack at any other time, so an ACK rides on the answer.
    a.Output(toB, now);
    b.Output(toA, now);
}

Console.WriteLine(TextLadderRenderer.Render(ladder.Build()));
Claims.Hold(answer == "b", "b answered");
Claims.Hold(client!.CloseReason == CloseReason.LocalClose, "a closed first, in order");
Claims.Hold(a.ConnectionCount + a.TimeWaitCount + b.ConnectionCount == 0, "nothing is left of the connection on either stack");
Claims.Hold(end.Seconds is > 60 and < 61, $"a waited 60 s in TIME-WAIT, and the loop ended by itself at {end}");

static Timestamp Earliest(params ReadOnlySpan<Timestamp> times)
{
    Timestamp earliest = Timestamp.Never;
    foreach (Timestamp time in times) earliest = Timestamp.Min(earliest, time);
    return earliest;
}
