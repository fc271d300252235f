using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>
/// Time-outs take the kernel minutes, and its loopback loses nothing: these run in virtual time, against the documented codes.
/// </summary>
internal static partial class StreamRows
{
    private const string Minutes = "the kernel takes minutes, and its loopback loses nothing";
    private const string NoRouter = "its loopback has no router that could say so";
    private const string Hosts = "one kernel's loopback has no second host";

    public static IReadOnlyList<Row> TimeOuts { get; } =
    [
        new("connect: no answer to any SYN", async t =>
        {
            t.Net.AddRule("every SYN from a");
            await t.Sees("connect", () => t.World.Connect(t.World.Nobody()));
        })
        {
            KernelWould = [new("connect", "SocketException(TimedOut)")],
            WhyNotAsked = Minutes,
        },
        new("connect: ICMP says that the host is unreachable", Unreachable(IcmpKind.HostUnreachable))
        {
            KernelWould = [new("connect", "SocketException(HostUnreachable)")],
            WhyNotAsked = NoRouter,
        },
        new("connect: ICMP says that the network is unreachable", Unreachable(IcmpKind.NetworkUnreachable))
        {
            KernelWould = [new("connect", "SocketException(NetworkUnreachable)")],
            WhyNotAsked = NoRouter,
        },
        new("connect: ICMP says that the port is unreachable", Unreachable(IcmpKind.PortUnreachable))
        {
            KernelWould = [new("connect", "SocketException(ConnectionRefused)")],
            WhyNotAsked = NoRouter,
        },
        new("write: never acknowledged", async t =>
        {
            (IWorldEnd us, _) = await t.Pair();
            t.Net.AddRule("every segment from a");
            await us.Write("hello?");
            await t.Sees("read", () => us.Read());
            await t.Sees("write", () => us.Write("hello?"));
        })
        {
            KernelWould =
            [
                new("read", "IOException < SocketException(TimedOut)"),
                new("write", "IOException < SocketException(Shutdown)"),
            ],
            WhyNotAsked = Minutes,
        },
        new("keep-alive: never acknowledged", async t =>
        {
            using TcpListener listener = t.Net["b"].Tcp.Listen(80);
            TcpConnectionOptions keepAlive = new() { KeepAlive = true };
            TcpConnection us = await t.Net["a"].Tcp.ConnectAsync("b", 80, keepAlive);
            t.Net.AddRule("every segment from a");
            await t.Sees("read", () => us.ReadAsync(new byte[1]).AsTask());
        })
        {
            KernelWould = [new("read", "IOException < SocketException(TimedOut)")],
            WhyNotAsked = Minutes,
        },
        new("user time-out (RFC 5482)", async t =>
        {
            using TcpListener listener = t.Net["b"].Tcp.Listen(80);
            TcpConnectionOptions impatient = new() { UserTimeout = Duration.FromSeconds(5) };
            TcpConnection us = await t.Net["a"].Tcp.ConnectAsync("b", 80, impatient);
            t.Net.AddRule("every segment from a");
            await us.WriteAsync(new byte[1]);
            await t.Sees("read", () => us.ReadAsync(new byte[1]).AsTask());
        })
        {
            KernelWould = [new("read", "IOException < SocketException(TimedOut)")],
            WhyNotAsked = Minutes,
        },
        new("the peer's host crashed and came back", async t =>
        {
            (IWorldEnd us, _) = await t.Pair();
            t.Net["b"].Crash();
            t.Net["b"].Restart();
            await us.Write("hello?");
            await t.Sees("read", () => us.Read());
        })
        {
            KernelWould = [new("read", "IOException < SocketException(ConnectionReset)")],
            WhyNotAsked = Hosts,
        },
        new("our host crashed", async t =>
        {
            (IWorldEnd us, _) = await t.Pair();
            Task<string> read = us.Read();
            t.Net["a"].Crash();
            await t.Sees("read", () => read);
        })
        {
            KernelWould = [new("read", "IOException < SocketException(OperationAborted)")],
            WhyNotAsked = "no kernel tells anybody anything then",
        },
    ];

    /// <summary>A connect whose SYNs are all lost while a router answers the first.</summary>
    private static Func<Story, Task> Unreachable(IcmpKind kind) => async t =>
    {
        t.Net.AddRule("every SYN from a");
        using IDisposable hold = t.HoldTime();
        TcpConnection us = t.Net["a"].Tcp.BeginConnect(t.Net["b"].Address, 9);
        byte[] syn = (RawSegment.From(us.Tuple) with { Seq = us.Status().Iss, Flags = TcpFlags.Syn }).Build();
        byte[] answer = new byte[IcmpWriter.MaxErrorPacketIpv4];
        InternetAddress router = InternetAddress.Parse("10.0.0.99");
        int length = IcmpWriter.WriteUnreachable(answer.AsSpan(IpHeader.Ipv4Length), syn, kind, router);
        IpHeaderWriter.Write(answer, router, us.Tuple.LocalAddress, IpProtocol.Icmp, length, trafficClass: 0, timeToLive: 64, flowLabel: 0);
        t.Net.Inject("router", t.Net["a"], answer.AsSpan(0, IpHeader.Ipv4Length + length));
        hold.Dispose();
        await t.Sees("connect", () => us.WhenConnected().AsTask());
    };
}
