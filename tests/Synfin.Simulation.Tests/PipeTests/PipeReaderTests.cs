using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Synfin.Stack;

namespace Synfin.Simulation.Tests.PipeTests;

/// <summary>The reading end of a connection's pipes.</summary>
[Trait("Needs", "engine")]
public sealed class PipeReaderTests
{
    private static readonly TcpConnectionOptions s_small = new() { ReceiveBuffer = 4096, SendBuffer = 4096 };

    public static TheoryData<SimulationMode> Modes { get; } = [SimulationMode.Strict, SimulationMode.Hosted];

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_reader_that_wants_more_than_the_receive_buffer_at_once_gets_it(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            byte[] text = PipeWorld.TextOf(200_000);
            Task written = Write(world.A.Output, text);
            ReadResult result = await world.B.Input.ReadAtLeastAsync(text.Length);
            Assert.Equal(text, result.Buffer.ToArray());
            world.B.Input.AdvanceTo(result.Buffer.End);
            await written;
        },
        s_small);

    [Theory]
    [MemberData(nameof(Modes))]
    public void Text_that_is_examined_octet_by_octet_comes_again_and_grows(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            byte[] text = PipeWorld.TextOf(20_000);
            Task written = Write(world.A.Output, text);
            for (long seen = 0; seen < text.Length;)
            {
                ReadResult result = await world.B.Input.ReadAsync();
                Assert.True(result.Buffer.Length > seen || seen == 0, "a read tells something new");
                Assert.True(text.AsSpan(0, (int)result.Buffer.Length).SequenceEqual(result.Buffer.ToArray()));
                seen = result.Buffer.Length;
                world.B.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
            Assert.False(world.B.Input.TryRead(out _));
            await written;
            await world.A.Output.CompleteAsync();
            Assert.Equal(text, await PipeWorld.ReadToEnd(world.B.Input));
        },
        s_small);

    [Theory]
    [MemberData(nameof(Modes))]
    public void What_was_examined_may_be_unexamined_again(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            byte[] text = PipeWorld.TextOf(30_000);
            Task written = Write(world.A.Output, text);
            ReadResult much = await world.B.Input.ReadAtLeastAsync(25_000);
            world.B.Input.AdvanceTo(much.Buffer.Start, much.Buffer.End);
            world.B.Input.CancelPendingRead();
            ReadResult again = await world.B.Input.ReadAsync();
            world.B.Input.AdvanceTo(again.Buffer.Start, again.Buffer.Start);
            Assert.True(world.B.Input.TryRead(out ReadResult third));
            Assert.True(text.AsSpan(0, (int)third.Buffer.Length).SequenceEqual(third.Buffer.ToArray()));
            world.B.Input.AdvanceTo(third.Buffer.GetPosition(1_000));
            await world.Settle();
            Task<byte[]> rest = PipeWorld.ReadToEnd(world.B.Input);
            await written;
            await world.A.Output.CompleteAsync();
            Assert.Equal(text[1_000..], await rest);
        },
        s_small);

    [Theory]
    [MemberData(nameof(Modes))]
    public void CancelPendingRead_ends_the_read_that_waits_or_the_next_one_and_no_other(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            PipeReader reader = world.B.Input;
            ValueTask<ReadResult> waiting = reader.ReadAsync();
            reader.CancelPendingRead();
            ReadResult cancelled = await waiting;
            Assert.True(cancelled is { IsCanceled: true, IsCompleted: false } && cancelled.Buffer.IsEmpty);
            reader.AdvanceTo(cancelled.Buffer.End);

            reader.CancelPendingRead();
            Assert.True(reader.TryRead(out ReadResult next));
            Assert.True(next.IsCanceled);
            reader.AdvanceTo(next.Buffer.Start, next.Buffer.End);
            Assert.False(reader.TryRead(out _));

            await world.A.Output.WriteAsync(new byte[10]);
            await world.Settle();
            reader.CancelPendingRead();
            ReadResult both = await reader.ReadAsync();
            Assert.Equal((true, 10), (both.IsCanceled, both.Buffer.Length));
            reader.AdvanceTo(both.Buffer.End);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_read_cancelled_by_a_token_takes_nothing(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            using CancellationTokenSource cancel = new();
            ValueTask<ReadResult> waiting = world.B.Input.ReadAsync(cancel.Token);
            cancel.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await world.B.Input.ReadAsync(cancel.Token));
            await world.A.Output.WriteAsync(new byte[10]);
            ReadResult result = await world.B.Input.ReadAsync();
            Assert.Equal(10, result.Buffer.Length);
            world.B.Input.AdvanceTo(result.Buffer.End);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public void Misuse_is_told(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            PipeReader reader = world.B.Input;
            Assert.Throws<InvalidOperationException>(() => reader.AdvanceTo(default));
            await world.A.Output.WriteAsync(new byte[10]);
            ReadResult result = await reader.ReadAsync();
            Assert.Throws<InvalidOperationException>(() => reader.TryRead(out _));
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadAsync());
            Assert.Throws<InvalidOperationException>(() => reader.AdvanceTo(result.Buffer.End, result.Buffer.Start));
            reader.AdvanceTo(result.Buffer.End);
            ValueTask<ReadResult> waiting = reader.ReadAsync();
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadAsync());
            reader.CancelPendingRead();
            await waiting;
            reader.Complete();
            reader.Complete();
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadAsync());
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public void After_a_FIN_every_read_says_completed(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            await world.A.Output.WriteAsync(new byte[10]);
            await world.A.Output.CompleteAsync();
            await world.Settle();
            for (int examined = 0; examined < 3; examined++)
            {
                ReadResult result = await world.B.Input.ReadAsync();
                Assert.Equal((10, true), (result.Buffer.Length, result.IsCompleted));
                world.B.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
            Assert.Equal(10, (await PipeWorld.ReadToEnd(world.B.Input)).Length);
            Assert.Empty(await PipeWorld.ReadToEnd(world.B.Input));
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public void After_a_reset_the_text_comes_first_and_then_the_failure_every_time(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            await world.A.Output.WriteAsync(new byte[10]);
            await world.Settle();
            world.A.Connection.Abort();
            await world.Settle();
            ReadResult result = await world.B.Input.ReadAsync();
            Assert.Equal((10, false), (result.Buffer.Length, result.IsCompleted));
            world.B.Input.AdvanceTo(result.Buffer.End);
            for (int i = 0; i < 2; i++)
            {
                IOException e = await Assert.ThrowsAsync<IOException>(async () => await world.B.Input.ReadAsync());
                Assert.Equal(SocketError.ConnectionReset, ((SocketException)e.InnerException!).SocketErrorCode);
            }
            Assert.Throws<IOException>(() => world.B.Input.TryRead(out _));
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public void Abort_here_ends_the_read_that_waits(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            ValueTask<ReadResult> waiting = world.B.Input.ReadAsync();
            world.B.Connection.Abort();
            IOException e = await Assert.ThrowsAsync<IOException>(async () => await waiting);
            Assert.Equal(SocketError.OperationAborted, ((SocketException)e.InnerException!).SocketErrorCode);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public void Text_in_the_hands_of_a_reader_outlives_the_connection(SimulationMode mode) => PipeWorld.Run(
        mode,
        async world =>
        {
            byte[] text = PipeWorld.TextOf(100_000);
            await world.A.Output.WriteAsync(text);
            await world.Settle();
            ReadResult result = await world.B.Input.ReadAsync();
            world.B.Connection.Abort();
            await Overwrite(world);
            Assert.Equal(text, result.Buffer.ToArray());
            world.B.Input.AdvanceTo(result.Buffer.GetPosition(5));
            Assert.Equal(0, world.Net["b"].Stack.PagesInUse);
        });

    /// <summary>Uses every page that is free on b.</summary>
    private static async Task Overwrite(PipeWorld world)
    {
        using Sockets.TcpListener listener = world.Net["b"].Tcp.Listen(null, 81);
        Sockets.TcpConnection client = await world.Net["a"].Tcp.ConnectAsync(world.Net["b"].Address, 81);
        Sockets.TcpConnection server = await listener.AcceptAsync();
        await client.WriteAsync(new byte[500_000]);
        await world.Settle();
        client.Abort();
        server.Abort();
        await world.Settle();
    }

    private static async Task Write(PipeWriter writer, byte[] text) => await writer.WriteAsync(text);
}
