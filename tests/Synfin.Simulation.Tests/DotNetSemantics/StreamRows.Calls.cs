using System.Text;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>Reads and writes, one by one.</summary>
internal static partial class StreamRows
{
    public static IReadOnlyList<Row> Calls { get; } =
    [
        new("read: cancelled", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            using CancellationTokenSource cancel = new();
            Task<string> read = us.Read(ct: cancel.Token);
            await t.Pause();
            await cancel.CancelAsync();
            await t.Sees("read", () => read);
            await t.Sees("with a cancelled token", () => us.Read(ct: cancel.Token));
            await peer.Write("late");
            await t.Sees("the next read", () => us.Read());
            await t.Sees("write", () => us.Write("still usable"));
            await t.Sees("the peer reads", () => peer.Read());
        }),
        new("read: cancelled token, data there", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            await peer.Write("data");
            await t.Until(() => us.Available == 4);
            await t.Sees("read", () => us.Read(ct: new CancellationToken(canceled: true)));
            await t.Sees("the next read", () => us.Read());
        }),
        new("write: cancelled", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            using CancellationTokenSource cancel = new();
            Task write = us.Stream.WriteAsync(s_much, cancel.Token).AsTask();
            await t.Until(() => peer.Available > 0);
            await t.Pause(5);
            await cancel.CancelAsync();
            await t.Sees("write", () => write);
            await t.Sees("with a cancelled token", () => us.Write("x", cancel.Token));
            Task<long> reading = peer.ReadToEnd();
            await t.Sees("the next write", () => us.Write("x"));
            await us.CompleteWrites();
            await t.Sees("the peer read a part", async () => await reading is > 1 and < 32 << 20);
        }),
        new("read: zero octets", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            Task<int> read = us.Stream.ReadAsync(Memory<byte>.Empty).AsTask();
            await t.Pause(5);
            await t.Gives("waits while nothing is there", () => !read.IsCompleted);
            await peer.Write("data");
            await t.Sees("ends when data comes", () => read);
            await t.Sees("at once with data", () => us.Stream.ReadAsync(Memory<byte>.Empty).AsTask());
            await t.Sees("takes nothing", () => us.Read());
            await peer.CompleteWrites();
            await t.Sees("at the end", () => us.Stream.ReadAsync(Memory<byte>.Empty).AsTask());
            await t.Sees("ReadAsync(byte[0], 0, 0)", () => us.Stream.ReadAsync([], 0, 0));
            await t.Gives("Read(byte[0], 0, 0)", () => us.Stream.Read([], 0, 0));
        }),
        new("read: zero octets, RST", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            Task<int> read = us.Stream.ReadAsync(Memory<byte>.Empty).AsTask();
            await t.Pause();
            peer.Abort();
            await t.Sees("read", () => read);
        }),
        new("write: zero octets", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            await t.Sees("WriteAsync", () => us.Stream.WriteAsync(ReadOnlyMemory<byte>.Empty).AsTask());
            await t.Does("Write", () => us.Stream.Write([], 0, 0));
            await us.CompleteWrites();
            await t.Sees("after half-close", () => us.Stream.WriteAsync(ReadOnlyMemory<byte>.Empty).AsTask());
            await t.Sees("the peer reads", () => peer.Read());
        }),
        new("two reads at once", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            Task<string> first = us.Read(room: 1);
            Task<string> second = us.Read(room: 1);
            await peer.Write("ab");
            await t.Sees("the first", () => first);
            await t.Sees("the second", () => second);
        }),
        new("two writes at once", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            Task first = us.Stream.WriteAsync(s_much).AsTask();
            await t.Until(() => peer.Available > 0);
            Task second = us.Write("x");
            Task<long> reading = peer.ReadToEnd();
            await t.Sees("the first", () => first);
            await t.Sees("the second", () => second);
            await us.CompleteWrites();
            await t.Sees("the peer reads at least the first", async () => await reading >= 32 << 20);
        }),
        new("a read and a write at once", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            Task<string> read = us.Read();
            Task write = us.Stream.WriteAsync(s_much).AsTask();
            await t.Until(() => peer.Available > 0);
            await peer.Write("both ways");
            await t.Sees("read", () => read);
            await t.Gives("write still waits", () => !write.IsCompleted);
            Task<long> reading = peer.ReadToEnd();
            await t.Sees("write", () => write);
            await us.CompleteWrites();
            await t.Sees("the peer reads", () => reading);
        }),
        new("CopyToAsync", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            using MemoryStream copy = new();
            Task copying = us.Stream.CopyToAsync(copy);
            await peer.Write("one ");
            await peer.Write("two");
            await peer.CompleteWrites();
            await t.Sees("copy", () => copying);
            await t.Gives("copied", () => WorldEnds.Shown(copy.ToArray()));
        }),
        new("CopyToAsync, RST", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            using MemoryStream copy = new();
            Task copying = us.Stream.CopyToAsync(copy);
            await peer.Write("one");
            await t.Until(() => copy.Length == 3);
            peer.Abort();
            await t.Sees("copy", () => copying);
            await t.Gives("copied", () => WorldEnds.Shown(copy.ToArray()));
        }),
        new("blocking calls", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            byte[] buffer = new byte[16];
            await t.Does("Write", () => us.Stream.Write("abcd"u8));
            await t.Does("WriteByte", () => us.Stream.WriteByte((byte)'!'));
            await t.Until(() => peer.Available == 5);
            await t.Gives("Read", () => peer.Stream.Read(buffer, 0, 2));
            await t.Gives("Read into a span", () => peer.Stream.Read(buffer.AsSpan(2, 2)));
            await t.Gives("ReadByte", () => peer.Stream.ReadByte());
            await t.Gives("read", () => Encoding.ASCII.GetString(buffer, 0, 4));
            Task<int> waiting = Task.Run(() => us.Stream.Read(buffer, 0, 16));
            await peer.Write("answer");
            await t.Sees("a Read that waits", () => waiting);
            await peer.CompleteWrites();
            await t.Gives("Read of the end", () => us.Stream.Read(buffer, 0, 16));
            await t.Gives("ReadByte of the end", () => us.Stream.ReadByte());
        }),
        new("blocking Read: RST", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            Task<int> waiting = Task.Run(() => us.Stream.Read(new byte[16], 0, 16));
            await t.Pause(5);
            peer.Abort();
            await t.Sees("Read", () => waiting);
        }),
        new("blocking Read: dispose", async t =>
        {
            (IWorldEnd us, _) = await t.Pair();
            Task<int> waiting = Task.Run(() => us.Stream.Read(new byte[16], 0, 16));
            await t.Pause(5);
            await us.Stream.DisposeAsync();
            await t.Sees("Read", () => waiting);
        })
        {
            KernelWould = [new("Read", "IOException < SocketException(ConnectionAborted)")],
            WhyNotAsked = ByChance,
        },
        new("ReadTimeout", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            await t.Gives("ReadTimeout", () => us.Stream.ReadTimeout);
            us.Stream.ReadTimeout = 30;
            await t.Gives("set", () => us.Stream.ReadTimeout);
            await t.Gives("Read", () => us.Stream.Read(new byte[1], 0, 1));
            await peer.Write("late");
            await t.Sees("the next read", () => us.Read());
            await t.Does("ReadTimeout = 0", () => us.Stream.ReadTimeout = 0);
            await t.Does("ReadTimeout = -2", () => us.Stream.ReadTimeout = -2);
        }),
        new("WriteTimeout", async t =>
        {
            (IWorldEnd us, _) = await t.Pair();
            await t.Gives("WriteTimeout", () => us.Stream.WriteTimeout);
            us.Stream.WriteTimeout = 30;
            await t.Does("Write", () => us.Stream.Write(s_much));
            await t.Does("WriteTimeout = 0", () => us.Stream.WriteTimeout = 0);
            await t.Does("WriteTimeout = -2", () => us.Stream.WriteTimeout = -2);
        }),
        new("BeginRead, EndRead, BeginWrite, EndWrite", async t =>
        {
            (IWorldEnd us, IWorldEnd peer) = await t.Pair();
            byte[] buffer = new byte[16];
            TaskCompletionSource<object?> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
            IAsyncResult read = us.Stream.BeginRead(buffer, 0, 16, r => told.TrySetResult(r.AsyncState), "state");
            IAsyncResult write = peer.Stream.BeginWrite(Encoding.ASCII.GetBytes("hello"), 0, 5, null, null);
            await t.Does("EndWrite", () => peer.Stream.EndWrite(write));
            await t.Sees("the callback's state", () => told.Task);
            await t.Gives("EndRead", () => us.Stream.EndRead(read));
            await t.Gives("EndRead of another's", () => us.Stream.EndRead(Task.CompletedTask));
            await t.Gives("EndRead of null", () => us.Stream.EndRead(null!));
        }),
        new("members", async t =>
        {
            (IWorldEnd us, _) = await t.Pair();
            Stream stream = us.Stream;
            await t.Gives("CanRead", () => stream.CanRead);
            await t.Gives("CanWrite", () => stream.CanWrite);
            await t.Gives("CanSeek", () => stream.CanSeek);
            await t.Gives("CanTimeout", () => stream.CanTimeout);
            await t.Gives("Length", () => stream.Length);
            await t.Gives("Position", () => stream.Position);
            await t.Does("Position = 0", () => stream.Position = 0);
            await t.Gives("Seek", () => stream.Seek(0, SeekOrigin.Begin));
            await t.Does("SetLength", () => stream.SetLength(1));
            await t.Does("Flush", stream.Flush);
            await t.Sees("FlushAsync", () => stream.FlushAsync());
            await t.Sees("FlushAsync, cancelled token", () => stream.FlushAsync(new CancellationToken(canceled: true)));
        }),
        new("bad arguments", async t =>
        {
            (IWorldEnd us, _) = await t.Pair();
            byte[] four = new byte[4];
            await t.Sees("ReadAsync(null)", () => us.Stream.ReadAsync(null!, 0, 1));
            await t.Sees("ReadAsync, offset -1", () => us.Stream.ReadAsync(four, -1, 1));
            await t.Sees("ReadAsync, count 5 of 4", () => us.Stream.ReadAsync(four, 0, 5));
            await t.Gives("Read, offset 4, count 1", () => us.Stream.Read(four, 4, 1));
            await t.Sees("WriteAsync(null)", () => us.Stream.WriteAsync(null!, 0, 1));
            await t.Does("Write, count -1", () => us.Stream.Write(four, 0, -1));
            await t.Sees("CopyToAsync(null)", () => us.Stream.CopyToAsync(null!));
        }),
    ];
}
