using Synfin.Tcp;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>FIN and RST from the peer, half-close, dispose.</summary>
internal static partial class StreamRows
{
    private const string ByChance = "NetworkStream shuts down before it closes, so by chance a call that waits ends as after FIN instead";

    /// <summary>More than any pair of buffers takes.</summary>
    private static readonly byte[] s_much = new byte[32 << 20];

    public static IReadOnlyList<Row> EndedByThePeer { get; } =
    [
        new("FIN from the peer", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            await peer.Write("last words");
            await peer.CompleteWrites();
            await t.Sees("read", () => us.Read());
            await t.Sees("second read", () => us.Read());
            await t.Sees("third read", () => us.Read());
            await t.Sees("write", () => us.Write("still here"));
            await t.Sees("the peer reads", () => peer.Read());
        }),
        new("FIN while a read waits", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            Task<string> read = us.Read();
            await peer.CompleteWrites();
            await t.Sees("read", () => read);
        }),
        new("RST while a read waits", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            Task<string> read = us.Read();
            await t.Pause();
            peer.Abort();
            await t.Sees("read", () => read);
            await t.Sees("second read", () => us.Read());
            await t.Sees("third read", () => us.Read());
        }),
        new("RST before a read", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            peer.Abort();
            await t.Until(() => us.State is TcpState.Closed);
            await t.Sees("read", () => us.Read());
            await t.Sees("second read", () => us.Read());
            await t.Sees("write", () => us.Write("hello?"));
        }),
        new("RST with unread data", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            await peer.Write("last words");
            await t.Until(() => us.Available == 10);
            peer.Abort();
            await t.Until(() => us.State is TcpState.Closed);
            await t.Sees("read of a part", () => us.Read(room: 4));
            await t.Sees("read of the rest", () => us.Read());
            await t.Sees("next read", () => us.Read());
        }),
        new("RST after FIN, read to the end", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            await peer.Write("last words");
            await peer.CompleteWrites();
            await t.Sees("read", () => us.Read());
            await t.Sees("second read", () => us.Read());
            peer.Abort();
            await t.Until(() => us.State is TcpState.Closed);
            await t.Sees("read after RST", () => us.Read());
            await t.Sees("write", () => us.Write("hello?"));
        }),
        new("RST, then writes", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            peer.Abort();
            await t.Until(() => us.State is TcpState.Closed);
            await t.Sees("write", () => us.Write("hello?"));
            await t.Sees("second write", () => us.Write("hello?"));
            await t.Sees("read", () => us.Read());
        }),
        new("RST while a write waits", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            Task write = us.Stream.WriteAsync(s_much).AsTask();
            await t.Until(() => peer.Available > 0);
            await t.Pause(5);
            await t.Gives("still waiting", () => !write.IsCompleted);
            peer.Abort();
            await t.Sees("write", () => write);
        }),
        new("peer fully closed, own writes", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            await peer.Stream.DisposeAsync();
            await t.Sees("read", () => us.Read());
            await t.Sees("first write", () => us.Write("hello?"));
            await t.Until(() => us.State is TcpState.Closed);
            await t.Sees("second write", () => us.Write("hello?"));
            await t.Sees("third write", () => us.Write("hello?"));
            await t.Sees("second read", () => us.Read());
        }),
        new("peer disposed with unread data", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            await us.Write("unread");
            await t.Until(() => peer.Available == 6);
            await peer.Stream.DisposeAsync();
            await t.Until(() => us.State is TcpState.Closed);
            await t.Sees("read", () => us.Read());
        }),
        new("peer disposed, Linger(true, 0)", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            peer.Abort();
            await t.Until(() => us.State is TcpState.Closed);
            await t.Sees("read", () => us.Read());
        }),
        new("FIN in the middle of ReadExactly", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            await peer.Write("half");
            await peer.CompleteWrites();
            await t.Sees("ReadExactlyAsync", () => us.Stream.ReadExactlyAsync(new byte[8]).AsTask());
        }),
    ];

    public static IReadOnlyList<Row> EndedHere { get; } =
    [
        new("own half-close", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            await t.Sees("half-close", us.CompleteWrites);
            await t.Sees("half-close again", us.CompleteWrites);
            await t.Sees("the peer reads", () => peer.Read());
            await t.Sees("write", () => us.Write("more"));
            await peer.Write("answer");
            await t.Sees("read", () => us.Read());
            await peer.CompleteWrites();
            await t.Sees("read of the end", () => us.Read());
            await t.Sees("write after both", () => us.Write("more"));
        }),
        new("half-close after RST", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            peer.Abort();
            await t.Until(() => us.State is TcpState.Closed);
            await t.Sees("read", () => us.Read());
            await t.Sees("half-close", us.CompleteWrites);
        }),
        new("dispose", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            await us.Stream.DisposeAsync();
            await t.Sees("the peer reads", () => peer.Read());
            await t.Does("dispose again", us.Stream.Dispose);
            await t.Sees("dispose again, DisposeAsync", () => us.Stream.DisposeAsync().AsTask());
            await t.Does("Close", us.Stream.Close);
        }),
        new("use after dispose", async t =>
        {
            (IWorldEnd us, _) = await t.Pair();
            Stream stream = us.Stream;
            await stream.DisposeAsync();
            await t.Gives("CanRead", () => stream.CanRead);
            await t.Gives("CanWrite", () => stream.CanWrite);
            await t.Gives("CanTimeout", () => stream.CanTimeout);
            await t.Sees("ReadAsync", () => us.Read());
            await t.Sees("WriteAsync", () => us.Write("x"));
            await t.Gives("Read", () => stream.Read(new byte[1], 0, 1));
            await t.Does("Write", () => stream.Write(new byte[1], 0, 1));
            await t.Gives("ReadByte", () => stream.ReadByte());
            await t.Does("WriteByte", () => stream.WriteByte(1));
            await t.Gives("BeginRead", () => stream.BeginRead(new byte[1], 0, 1, null, null));
            await t.Does("Flush", stream.Flush);
            await t.Sees("FlushAsync", () => stream.FlushAsync());
            await t.Sees("CopyToAsync", () => stream.CopyToAsync(Stream.Null));
            await t.Gives("ReadTimeout", () => stream.ReadTimeout);
            await t.Does("ReadTimeout = 5", () => stream.ReadTimeout = 5);
        }),
        new("dispose while a read waits", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            Task<string> read = us.Read();
            await t.Pause();
            await us.Stream.DisposeAsync();
            await t.Sees("read", () => read);
            await t.Sees("the peer reads", () => peer.Read());
        })
        {
            KernelWould = [new("read", "IOException < SocketException(OperationAborted)"), new("the peer reads", "0")],
            WhyNotAsked = ByChance,
        },
        new("dispose while a write waits", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            Task write = us.Stream.WriteAsync(s_much).AsTask();
            await t.Until(() => peer.Available > 0);
            await t.Pause(5);
            await us.Stream.DisposeAsync();
            await t.Sees("write", () => write);
        })
        {
            KernelWould = [new("write", "IOException < SocketException(OperationAborted)")],
            WhyNotAsked = ByChance,
        },
        new("dispose with unread data", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            await peer.Write("unread");
            await t.Until(() => us.Available == 6);
            await us.Stream.DisposeAsync();
            await t.Until(() => peer.State is TcpState.Closed);
            await t.Sees("the peer reads", () => peer.Read());
        }),
        new("dispose, Linger(true, 0)", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            us.Abort();
            await t.Until(() => peer.State is TcpState.Closed);
            await t.Sees("the peer reads", () => peer.Read());
        }),
        new("dispose behind a large write", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            Task<long> reading = peer.ReadToEnd();
            await us.Stream.WriteAsync(s_much.AsMemory(0, 1 << 20)).AsTask().WaitAsync(Story.Patience);
            await us.Stream.DisposeAsync();
            await t.Sees("octets that the peer reads", () => reading);
        }),
    ];
}
