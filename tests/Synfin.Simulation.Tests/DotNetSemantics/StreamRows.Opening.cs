using System.Net;
using Synfin.Tcp;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>What a stream's user sees, event by event: OPEN, LISTEN and accept.</summary>
internal static partial class StreamRows
{
    public static IReadOnlyList<Row> Opening { get; } =
    [
        new("connect: nobody listens", async t =>
        {
            IPEndPoint nobody = t.World.Nobody();
            await t.Sees("connect", () => t.World.Connect(nobody));
            await t.Sees("again", () => t.World.Connect(nobody));
        }),
        new("connect: cancelled", async t =>
        {
            IPEndPoint silence = await t.World.Silence();
            using CancellationTokenSource cancel = new();
            using IDisposable hold = t.HoldTime();
            Task<IWorldEnd> connecting = t.World.Connect(silence, cancel.Token);
            await t.Gives("still waiting", () => !connecting.IsCompleted);
            await cancel.CancelAsync();
            await t.Sees("connect", () => connecting);
            await t.Sees("with a cancelled token", () => t.World.Connect(silence, cancel.Token));
        }),
        new("connect: port 0", t => t.Sees("connect", () => t.World.Connect(new IPEndPoint(t.World.Nobody().Address, 0)))),
        new("connected: both ends' addresses", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            await t.Gives("ours is the peer's remote", () => us.Local.Equals(peer.Remote));
            await t.Gives("the peer's is our remote", () => peer.Local.Equals(us.Remote));
        }),
        new("listen: address in use", async t =>
        {
            IWorldListener first = t.Open(t.World.Listen());
            await t.Does("a second listener", () => t.World.Listen(first.EndPoint.Port));
            first.Dispose();
            await t.Does("when the first is closed", () => t.Open(t.World.Listen(first.EndPoint.Port)));
        }),
        new("listen: not our address", t => t.Does("listen", () => t.World.Listen(0, IWorld.Foreign))),
        new("listen: the port of a connection that was closed", async t =>
        {
            IWorldListener listener = t.Open(t.World.Listen());
            Task<IWorldEnd> accepting = listener.Accept();
            IWorldEnd us = t.Open(await t.World.Connect(listener.EndPoint));
            IWorldEnd peer = await accepting;
            await peer.Stream.DisposeAsync(); // the server ends first, so it is in TIME-WAIT
            await us.Read();
            await us.Stream.DisposeAsync();
            listener.Dispose();
            await t.Pause(5);
            await t.Does("listen again", () => t.Open(t.World.Listen(listener.EndPoint.Port)));
        }),
        new("accept: cancelled", async t =>
        {
            IWorldListener listener = t.Open(t.World.Listen());
            using CancellationTokenSource cancel = new();
            Task<IWorldEnd> accepting = listener.Accept(cancel.Token);
            await cancel.CancelAsync();
            await t.Sees("accept", () => accepting);
            await t.Sees("with a cancelled token", () => listener.Accept(cancel.Token));
            t.Open(await t.World.Connect(listener.EndPoint).WaitAsync(Story.Patience));
            await t.Sees("accept goes on", async () => t.Open(await listener.Accept()).State);
        }),
        new("accept: the listener is closed meanwhile", async t =>
        {
            IWorldListener listener = t.Open(t.World.Listen());
            Task<IWorldEnd> accepting = listener.Accept();
            listener.Dispose();
            await t.Sees("accept", () => accepting);
            await t.Sees("accept afterwards", () => listener.Accept());
            await t.Does("closing it again", listener.Dispose);
        }),
        new("listener closed: who waits to be accepted is reset", async t =>
        {
            IWorldListener listener = t.Open(t.World.Listen());
            IWorldEnd us = t.Open(await t.World.Connect(listener.EndPoint).WaitAsync(Story.Patience));
            await t.Pause();
            listener.Dispose();
            await t.Until(() => us.State is TcpState.Closed);
            await t.Sees("read", () => us.Read());
            await t.Sees("a new connect", () => t.World.Connect(listener.EndPoint));
        }),
        new("accept: the peer sent and closed before", async t =>
        {
            IWorldListener listener = t.Open(t.World.Listen());
            IWorldEnd peer = t.Open(await t.World.Connect(listener.EndPoint).WaitAsync(Story.Patience));
            await peer.Write("hello");
            await peer.Stream.DisposeAsync();
            await t.Pause(5);
            IWorldEnd? us = null;
            await t.Sees("accept", async () => (us = t.Open(await listener.Accept())).State);
            await t.Sees("read", () => us!.Read());
            await t.Sees("the next read", () => us!.Read());
        }),
        new("accept: the peer reset before", async t =>
        {
            IWorldListener listener = t.Open(t.World.Listen());
            IWorldEnd peer = t.Open(await t.World.Connect(listener.EndPoint).WaitAsync(Story.Patience));
            await t.Pause();
            peer.Abort();
            await t.Pause(5);
            IWorldEnd? us = null;
            await t.Sees("accept", async () => (us = t.Open(await listener.Accept())).State);
            await t.Sees("read", () => us!.Read());
        }),
    ];
}
