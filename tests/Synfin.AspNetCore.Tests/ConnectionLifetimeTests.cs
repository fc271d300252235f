using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Synfin.AspNetCore.Tests.Support;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.AspNetCore.Tests;

/// <summary>How connections end, as the connection abstractions tell it.</summary>
public sealed class ConnectionLifetimeTests
{
    private static readonly byte[] s_hello = Encoding.ASCII.GetBytes("hello");

    [Fact(Timeout = Site.Limit)]
    public async Task After_a_FIN_reads_complete_without_an_exception_and_ConnectionClosed_fires()
    {
        await using ConnectionPair pair = await ConnectionPair.Open();
        await pair.Client.Transport.Output.WriteAsync(s_hello);
        await pair.Client.Transport.Output.CompleteAsync();
        Assert.Equal("hello", await ConnectionPair.ReadToEnd(pair.Server.Transport.Input));
        ReadResult again = await pair.Server.Transport.Input.ReadAsync();
        Assert.True(again is { IsCompleted: true, IsCanceled: false } && again.Buffer.IsEmpty);
        await pair.Server.ConnectionClosed.Fired();
    }

    [Fact(Timeout = Site.Limit)]
    public async Task After_a_reset_reads_throw_and_ConnectionClosed_fires()
    {
        await using ConnectionPair pair = await ConnectionPair.Open();
        ValueTask<ReadResult> read = pair.Server.Transport.Input.ReadAsync();
        pair.Client.Abort();
        await Assert.ThrowsAsync<ConnectionResetException>(async () => await read);
        await Assert.ThrowsAsync<ConnectionResetException>(async () => await pair.Server.Transport.Input.ReadAsync());
        await pair.Server.ConnectionClosed.Fired();
        Assert.True((await pair.Server.Transport.Output.WriteAsync(s_hello)).IsCompleted);
        Assert.Equal(CloseReason.RemoteReset, pair.Server.Features.Get<ISynfinConnectionFeature>()!.Connection.CloseReason);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task What_came_before_a_reset_is_read_first()
    {
        await using ConnectionPair pair = await ConnectionPair.Open();
        await pair.Client.Transport.Output.WriteAsync(s_hello);
        await pair.Net.RunUntilIdleAsync();
        pair.Client.Abort();
        await pair.Server.ConnectionClosed.Fired();
        Assert.Equal("hello", await ConnectionPair.Read(pair.Server.Transport.Input, 5));
        await Assert.ThrowsAsync<ConnectionResetException>(async () => await pair.Server.Transport.Input.ReadAsync());
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Abort_ends_the_own_waits_with_its_reason_and_resets_the_peer()
    {
        await using ConnectionPair pair = await ConnectionPair.Open();
        ValueTask<ReadResult> read = pair.Server.Transport.Input.ReadAsync();
        Task<FlushResult> flush = FlushUntilItWaits(pair.Server.Transport.Output);
        ConnectionAbortedException reason = new("enough");
        pair.Server.Abort(reason);
        Assert.Same(reason, await Assert.ThrowsAsync<ConnectionAbortedException>(async () => await read));
        Assert.True((await flush).IsCompleted);
        Assert.Same(reason, await Assert.ThrowsAsync<ConnectionAbortedException>(
            async () => await pair.Server.Transport.Input.ReadAsync()));
        await Assert.ThrowsAsync<ConnectionResetException>(() => ConnectionPair.ReadToEnd(pair.Client.Transport.Input));
        await pair.Server.ConnectionClosed.Fired();
        Assert.Contains(pair.Logs.At(LogLevel.Debug), line => line.Contains("is aborted: enough", StringComparison.Ordinal));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_peer_that_has_half_closed_still_gets_what_is_written()
    {
        await using ConnectionPair pair = await ConnectionPair.Open();
        await pair.Client.Transport.Output.CompleteAsync();
        Assert.Equal("", await ConnectionPair.ReadToEnd(pair.Server.Transport.Input));
        Assert.False((await pair.Server.Transport.Output.WriteAsync(s_hello)).IsCompleted);
        await pair.Server.Transport.Output.CompleteAsync();
        Assert.Equal("hello", await ConnectionPair.ReadToEnd(pair.Client.Transport.Input));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_time_out_is_no_reset()
    {
        TcpConnectionOptions impatient = new() { UserTimeout = Duration.FromSeconds(5) };
        await using ConnectionPair pair = await ConnectionPair.Open(impatient);
        pair.Net.Links[0].Partition();
        await pair.Server.Transport.Output.WriteAsync(s_hello);
        IOException failure = await Assert.ThrowsAsync<IOException>(async () => await pair.Server.Transport.Input.ReadAsync());
        Assert.Equal(SocketError.TimedOut, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);
        await pair.Server.ConnectionClosed.Fired();
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Dispose_does_not_wait_for_the_peer_and_loses_nothing()
    {
        await using ConnectionPair pair = await ConnectionPair.Open(new TcpConnectionOptions { SendBuffer = 4096, ReceiveBuffer = 4096 });
        pair.Server.Transport.Output.Write(new byte[300_000]);
        pair.Server.Transport.Output.GetMemory(20_000).Span[..20_000].Fill((byte)'x');
        pair.Server.Transport.Output.Advance(20_000);
        await pair.Server.DisposeAsync();
        await pair.Server.DisposeAsync();
        Assert.True(pair.Server.ConnectionClosed.IsCancellationRequested);
        string text = await ConnectionPair.ReadToEnd(pair.Client.Transport.Input);
        Assert.Equal(new string('\0', 300_000) + new string('x', 20_000), text);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Dispose_with_unread_text_resets_behind_the_FIN()
    {
        await using ConnectionPair pair = await ConnectionPair.Open();
        await pair.Client.Transport.Output.WriteAsync(s_hello);
        await pair.Net.RunUntilIdleAsync();
        await pair.Server.DisposeAsync();
        Assert.Equal("", await ConnectionPair.ReadToEnd(pair.Client.Transport.Input));
        await pair.Net.RunUntilIdleAsync();
        Assert.Equal(CloseReason.LocalReset, pair.Server.Features.Get<ISynfinConnectionFeature>()!.Connection.CloseReason);
        Assert.Equal(CloseReason.RemoteReset, pair.Client.Features.Get<ISynfinConnectionFeature>()!.Connection.CloseReason);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Dispose_waits_for_the_callbacks_of_ConnectionClosed()
    {
        await using ConnectionPair pair = await ConnectionPair.Open();
        using ManualResetEventSlim goOn = new();
        bool isOver = false;
        pair.Server.ConnectionClosed.Register(() =>
        {
            goOn.Wait();
            isOver = true;
        });
        ValueTask disposed = pair.Server.DisposeAsync();
        Assert.False(disposed.IsCompleted);
        goOn.Set();
        await disposed;
        Assert.True(isOver);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_callback_that_throws_harms_nobody_and_is_logged()
    {
        await using ConnectionPair pair = await ConnectionPair.Open();
        pair.Server.ConnectionClosed.Register(() => throw new InvalidOperationException("by intent"));
        pair.Client.Abort();
        await pair.Server.ConnectionClosed.Fired();
        await pair.Server.DisposeAsync();
        Assert.Contains("by intent", Assert.Single(pair.Logs.At(LogLevel.Error)), StringComparison.Ordinal);
    }

    private static async Task<FlushResult> FlushUntilItWaits(PipeWriter writer)
    {
        while (true)
        {
            writer.Write(new byte[100_000]);
            ValueTask<FlushResult> flush = writer.FlushAsync();
            if (!flush.IsCompleted) return await flush;
            if ((await flush).IsCompleted) throw new InvalidOperationException("the peer is gone");
        }
    }
}
