using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Synfin.AspNetCore.Tests.Support;
using Synfin.Sockets;
using Synfin.Tcp;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.AspNetCore.Tests;

/// <summary>Requests that end before their time, from either side. A transport of plain pipes hangs in several of these.</summary>
public sealed class AbortTests
{
    [Fact(Timeout = Site.Limit)]
    public async Task Abort_in_mid_response_resets_an_HTTP_1_1_client()
    {
        await using Site site = await Site.Start(async context =>
        {
            context.Response.ContentLength = 1_000;
            await context.Response.WriteAsync("half");
            context.Abort();
        });
        using HttpResponseMessage response = await site.Client().GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        Exception e = await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());
        Assert.Equal(SocketError.ConnectionReset, Innermost<SocketException>(e).SocketErrorCode);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Abort_before_the_response_resets_an_HTTP_1_1_client()
    {
        await using Site site = await Site.Start(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        HttpRequestException e = await Assert.ThrowsAsync<HttpRequestException>(() => site.Client().GetAsync("/"));
        Assert.Equal(SocketError.ConnectionReset, Innermost<SocketException>(e).SocketErrorCode);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Abort_while_a_write_waits_for_the_client_ends_the_write()
    {
        TaskCompletionSource over = Signal.New();
        await using Site site = await Site.Start(async context =>
        {
            byte[] text = new byte[1_000_000];
            Task writes = Task.Run(async () =>
            {
                while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(text);
            });
            TcpConnection connection = context.Features.Get<ISynfinConnectionFeature>()!.Connection;
            while (connection.Status().SendQueue < connection.Options.SendBuffer) await Task.Yield();
            context.Abort();
            await writes;
            over.SetResult();
        });
        using HttpResponseMessage response = await site.Client().GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        await over.Task;
        Stream body = await response.Content.ReadAsStreamAsync();
        Exception e = await Assert.ThrowsAnyAsync<Exception>(() => body.CopyToAsync(Stream.Null));
        Assert.Equal(SocketError.ConnectionReset, Innermost<SocketException>(e).SocketErrorCode);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Abort_of_an_HTTP_2_stream_leaves_the_connection_and_its_other_streams_alone()
    {
        TaskCompletionSource goOn = Signal.New();
        await using Site site = await Site.Start(
            app =>
            {
                app.MapGet("/abort", async context =>
                {
                    await context.Response.WriteAsync("half");
                    await context.Response.Body.FlushAsync();
                    context.Abort();
                });
                app.MapGet("/stay", async context =>
                {
                    await context.Response.WriteAsync(context.Connection.Id);
                    await goOn.Task;
                });
            },
            Http2Tests.Http2Only);
        HttpClient client = site.Client(HttpVersion.Version20);
        using HttpResponseMessage other = await client.GetAsync("/stay", HttpCompletionOption.ResponseHeadersRead);
        using HttpResponseMessage aborted = await client.GetAsync("/abort", HttpCompletionOption.ResponseHeadersRead);
        Exception e = await Assert.ThrowsAnyAsync<Exception>(() => aborted.Content.ReadAsStringAsync());
        Assert.Equal(0x2, Innermost<HttpProtocolException>(e).ErrorCode); // INTERNAL_ERROR, by RST_STREAM
        goOn.SetResult();
        string id = await other.Content.ReadAsStringAsync();
        Assert.Equal(id, await client.GetStringAsync("/stay"));
    }

    [Theory(Timeout = Site.Limit)]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_client_that_cancels_its_request_fires_RequestAborted(string version)
    {
        TaskCompletionSource arrived = Signal.New();
        TaskCompletionSource aborted = Signal.New();
        await using Site site = await Site.Start(
            app => app.Run(async context =>
            {
                arrived.SetResult();
                await context.RequestAborted.Fired();
                aborted.SetResult();
            }),
            version == "2.0" ? Http2Tests.Http2Only : null);
        using CancellationTokenSource cancel = new();
        Task request = site.Client(Version.Parse(version)).GetAsync("/", cancel.Token);
        await arrived.Task;
        await cancel.CancelAsync();
        await aborted.Task;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_client_that_resets_in_mid_body_fails_the_read_of_the_body()
    {
        TaskCompletionSource arrived = Signal.New();
        TaskCompletionSource<(Exception Failure, CloseReason Reason)> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Site site = await Site.Start(async context =>
        {
            byte[] text = new byte[1_000];
            await context.Request.Body.ReadExactlyAsync(text.AsMemory(0, 4));
            arrived.SetResult();
            Exception e = await Assert.ThrowsAnyAsync<Exception>(async () => await context.Request.Body.ReadExactlyAsync(text));
            seen.SetResult((e, context.Features.Get<ISynfinConnectionFeature>()!.Connection.CloseReason));
        });
        TcpStream stream = await site.Connect();
        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 1000\r\n\r\nhalf"u8.ToArray());
        await arrived.Task;
        stream.Connection.Abort();
        (Exception failure, CloseReason reason) = await seen.Task;
        Assert.IsAssignableFrom<IOException>(failure);
        Assert.Equal(CloseReason.RemoteReset, reason);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_client_that_ends_in_mid_body_makes_a_bad_request()
    {
        TaskCompletionSource<Exception> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Site site = await Site.Start(async context => seen.SetResult(
            await Assert.ThrowsAnyAsync<Exception>(() => context.Request.Body.CopyToAsync(Stream.Null))));
        TcpStream stream = await site.Connect();
        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 1000\r\n\r\nhalf"u8.ToArray());
        await stream.CompleteWritesAsync();
        Assert.IsType<BadHttpRequestException>(await seen.Task, exactMatch: false);
    }

    [Theory(Timeout = Site.Limit)]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_client_that_drops_the_response_early_ends_the_endless_writer(string version)
    {
        TaskCompletionSource over = Signal.New();
        await using Site site = await Site.Start(
            app => app.Run(async context =>
            {
                byte[] text = new byte[100_000];
                while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(text);
                over.SetResult();
            }),
            version == "2.0" ? Http2Tests.Http2Only : null);
        using (HttpResponseMessage response = await site.Client(Version.Parse(version)).GetAsync(
            "/", HttpCompletionOption.ResponseHeadersRead))
        {
            Stream body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[300_000]);
        }
        await over.Task;
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_host_that_crashes_is_noticed_by_the_next_response()
    {
        TaskCompletionSource<CloseReason> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource arrived = Signal.New();
        TaskCompletionSource crashed = Signal.New();
        await using Site site = await Site.Start(async context =>
        {
            arrived.SetResult();
            await crashed.Task;
            await context.Response.WriteAsync("anybody there?");
            await context.RequestAborted.Fired();
            seen.SetResult(context.Features.Get<ISynfinConnectionFeature>()!.Connection.CloseReason);
        });
        Task<string> request = site.Client().GetStringAsync("/");
        await arrived.Task;
        site.Net["a"].Crash();
        await Assert.ThrowsAsync<HttpRequestException>(() => request);
        site.Net["a"].Restart();
        crashed.SetResult();
        Assert.Equal(CloseReason.RemoteReset, await seen.Task);
    }

    private static T Innermost<T>(Exception e)
        where T : Exception
    {
        for (Exception? at = e; at is not null; at = at.InnerException)
        {
            if (at is T found) return found;
        }
        throw new InvalidOperationException($"no {typeof(T).Name} in it", e);
    }
}
