using System.Buffers;
using System.IO.Pipelines;
using Synfin.Stack;
using Synfin.Tcp;

namespace Synfin.Simulation.Tests.PipeTests;

/// <summary>The writing end of a connection's pipes.</summary>
[Trait("Needs", "engine")]
public sealed class PipeWriterTests
{
    private static readonly TcpConnectionOptions s_small = new() { ReceiveBuffer = 4096, SendBuffer = 4096 };
    private static readonly StackOptions s_fewPages = new() { MaxPages = 8 };

    public static TheoryData<SimulationMode> Modes { get; } = [SimulationMode.Strict, SimulationMode.Hosted];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Memory_of_any_size_is_given_and_the_order_is_kept(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            byte[] text = PipeWorld.TextOf(3_000_000);
            Task<byte[]> read = PipeWorld.ReadToEnd(world.B.Input);
            int[] hints = [0, 1, 4095, 4096, 4097, 5_000, 100, 100_000, 0, 1_000_000, 7];
            int at = 0;
            for (int i = 0; at < text.Length; i++)
            {
                int hint = hints[i % hints.Length];
                Memory<byte> memory = world.A.Output.GetMemory(hint);
                Assert.True(memory.Length >= Math.Max(hint, 1));
                if (i % 3 == 0) world.A.Output.Advance(0);
                int count = Math.Min(text.Length - at, i % 5 == 0 ? memory.Length / 2 : Math.Max(1, hint));
                text.AsMemory(at, count).CopyTo(memory);
                world.A.Output.Advance(count);
                at += count;
                if (i % 4 == 0) await world.A.Output.FlushAsync();
            }
            await world.A.Output.CompleteAsync();
            PipeWorld.AssertSame(text, await read);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public void Megabytes_may_be_written_before_a_flush_which_waits_for_the_peer(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            byte[] text = PipeWorld.TextOf(5_000_000);
            world.A.Output.Write(text);
            Assert.Equal(text.Length, world.A.Output.UnflushedBytes);
            await world.Settle();
            Assert.False(world.B.Input.TryRead(out _));
            ValueTask<FlushResult> flush = world.A.Output.FlushAsync();
            Assert.Equal(0, world.A.Output.UnflushedBytes);
            await world.Settle();
            Assert.False(flush.IsCompleted);
            Task<byte[]> read = PipeWorld.ReadToEnd(world.B.Input);
            Assert.False((await flush).IsCanceled);
            await world.A.Output.CompleteAsync();
            PipeWorld.AssertSame(text, await read);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_flush_that_is_cancelled_loses_nothing(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            byte[] text = PipeWorld.TextOf(90_000);
            world.A.Output.Write(text.AsSpan(0, 30_000));
            ValueTask<FlushResult> first = world.A.Output.FlushAsync();
            await world.Settle();
            world.A.Output.CancelPendingFlush();
            Assert.True((await first).IsCanceled);

            text.AsSpan(30_000, 30_000).CopyTo(world.A.Output.GetSpan(30_000)); // lies aside
            world.A.Output.Advance(30_000);
            using CancellationTokenSource cancel = new();
            ValueTask<FlushResult> second = world.A.Output.FlushAsync(cancel.Token);
            await world.Settle();
            cancel.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await second);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await world.A.Output.FlushAsync(cancel.Token));

            text.AsSpan(60_000).CopyTo(world.A.Output.GetSpan(30_000));
            world.A.Output.Advance(30_000);
            world.A.Output.CancelPendingFlush();
            Assert.True((await world.A.Output.FlushAsync()).IsCanceled);

            Task<byte[]> read = PipeWorld.ReadToEnd(world.B.Input);
            Assert.Equal(new FlushResult(false, false), await world.A.Output.FlushAsync());
            await world.A.Output.CompleteAsync();
            PipeWorld.AssertSame(text, await read);
        },
        s_small);

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_page_pool_that_runs_dry_slows_down_and_loses_nothing(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            byte[] text = PipeWorld.TextOf(1_000_000);
            Task<byte[]> read = PipeWorld.ReadToEnd(world.B.Input);
            for (int at = 0; at < text.Length; at += 100_000) await world.A.Output.WriteAsync(text.AsMemory(at, 100_000));
            await world.A.Output.CompleteAsync();
            PipeWorld.AssertSame(text, await read);
        },
        stackOfA: s_fewPages);

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_cancelled_flush_over_a_dry_page_pool_loses_nothing(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            byte[] text = PipeWorld.TextOf(400_000);
            using CancellationTokenSource cancel = new();
            ValueTask<FlushResult> first = world.A.Output.WriteAsync(text.AsMemory(0, 200_000), cancel.Token);
            await world.Settle();
            cancel.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await first);
            world.A.Output.Write(text.AsSpan(200_000));
            world.A.Output.CancelPendingFlush();
            Assert.True((await world.A.Output.FlushAsync()).IsCanceled);
            Assert.True(world.A.Output.UnflushedBytes > 0);
            Task<byte[]> read = PipeWorld.ReadToEnd(world.B.Input);
            await world.A.Output.FlushAsync();
            Assert.Equal(0, world.A.Output.UnflushedBytes);
            await world.A.Output.CompleteAsync();
            PipeWorld.AssertSame(text, await read);
        },
        s_small,
        s_fewPages);

    [Theory]
    [MemberData(nameof(Modes))]
    public void Complete_and_leave_while_the_page_pool_is_dry_still_sends_all(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            byte[] text = PipeWorld.TextOf(400_000);
            world.A.Output.Write(text);
            world.A.Output.Complete();
            world.A.Input.Complete();
            Assert.Equal(text, await PipeWorld.ReadToEnd(world.B.Input));
            world.B.Output.Complete();
            await world.A.Connection.WhenEnded();
            Assert.Equal(CloseReason.LocalClose, world.A.Connection.CloseReason);
        },
        s_small,
        s_fewPages);

    [Theory]
    [MemberData(nameof(Modes))]
    public void Complete_sends_what_was_never_flushed_and_ends_the_flush_that_waits(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            byte[] text = PipeWorld.TextOf(50_000);
            world.A.Output.Write(text.AsSpan(0, 40_000));
            ValueTask<FlushResult> flush = world.A.Output.FlushAsync();
            await world.Settle();
            Assert.False(flush.IsCompleted);
            world.A.Output.Write(text.AsSpan(40_000)); // a flush that waits does not forbid it
            world.A.Output.Complete();
            Assert.False((await flush).IsCanceled);
            Assert.Equal(text, await PipeWorld.ReadToEnd(world.B.Input));
            Assert.Throws<InvalidOperationException>(() => world.A.Output.GetMemory());
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await world.A.Output.FlushAsync());
            world.A.Output.Complete();
        },
        s_small);

    [Theory]
    [MemberData(nameof(Modes))]
    public void Complete_with_an_exception_resets(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            world.A.Output.Write(new byte[10]);
            world.A.Output.Complete(new InvalidOperationException("by intent"));
            await Assert.ThrowsAsync<IOException>(async () => await world.B.Input.ReadAsync());
            Assert.Equal(CloseReason.LocalAbort, world.A.Connection.CloseReason);
            Assert.Equal(CloseReason.RemoteReset, world.B.Connection.CloseReason);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public void Abort_over_a_closed_and_probed_window_resets_the_peer(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            world.A.Output.Write(new byte[40_000]);
            ValueTask<FlushResult> flush = world.A.Output.FlushAsync();
            await Task.Delay(TimeSpan.FromSeconds(60), world.Net.TimeProvider); // the peer reads nothing and is probed
            world.A.Connection.Abort();
            Assert.True((await flush).IsCompleted);
            await world.Settle();
            Assert.Equal(CloseReason.RemoteReset, world.B.Connection.CloseReason);
        },
        s_small);

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_flush_that_nobody_will_get_says_completed(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            world.A.Output.Write(new byte[40_000]);
            ValueTask<FlushResult> byPeer = world.A.Output.FlushAsync();
            world.B.Output.Write(new byte[40_000]);
            ValueTask<FlushResult> bySelf = world.B.Output.FlushAsync();
            await world.Settle();
            world.B.Connection.Abort();
            Assert.True((await bySelf).IsCompleted);
            Assert.True((await byPeer).IsCompleted);
            foreach (PipeWriter writer in new[] { world.A.Output, world.B.Output })
            {
                new byte[10_000].CopyTo(writer.GetSpan(10_000));
                writer.Advance(10_000);
                Assert.True((await writer.FlushAsync()).IsCompleted);
                Assert.Equal(0, writer.UnflushedBytes);
                await writer.CompleteAsync();
            }
        },
        s_small);

    [Theory]
    [MemberData(nameof(Modes))]
    public void Misuse_is_told(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            PipeWriter writer = world.A.Output;
            Assert.Throws<InvalidOperationException>(() => writer.Advance(1));
            Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(-1));
            Assert.Throws<ArgumentOutOfRangeException>(() => writer.GetMemory(-1));
            int length = writer.GetMemory().Length;
            Assert.Throws<InvalidOperationException>(() => writer.Advance(length + 1));
            writer.Write(new byte[40_000]);
            ValueTask<FlushResult> waiting = writer.FlushAsync();
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.FlushAsync());
            writer.CancelPendingFlush();
            await waiting;
        },
        s_small);

    [Fact]
    public void Both_ends_of_a_pipe_may_be_completed_at_the_same_time() => PipeWorld.Run(
        SimulationMode.Hosted,
        async world =>
        {
            using Sockets.TcpListener listener = world.Net["b"].Tcp.Listen(null, 81);
            for (int round = 0; round < 200; round++)
            {
                Sockets.TcpDuplexPipe client = new(await world.Net["a"].Tcp.ConnectAsync(world.Net["b"].Address, 81));
                Sockets.TcpDuplexPipe server = new(await listener.AcceptAsync());
                client.Output.Write(new byte[10_000]);
                Task output = Task.Run(() => client.Output.Complete());
                client.Input.Complete();
                await output;
                Assert.Equal(10_000, (await PipeWorld.ReadToEnd(server.Input)).Length);
                server.Input.Complete();
                server.Output.Complete();
            }
        });
}
