using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Synfin.AspNetCore.Tests.Support;
using Synfin.Sockets;

namespace Synfin.AspNetCore.Tests;

/// <summary>Kestrel's limits. Those of time are in real time.</summary>
public sealed class KestrelLimitTests
{
    [Fact(Timeout = Site.Limit)]
    public async Task Connections_above_the_limit_are_closed_and_room_is_made_by_those_that_end()
    {
        await using Site site = await Start(limits => limits.MaxConcurrentConnections = 2);
        TcpStream first = await Get(site);
        TcpStream second = await Get(site);
        using TcpStream third = await site.Connect();
        Assert.Equal(0, await third.ReadAsync(new byte[100]));
        first.Dispose();
        await site.Net.RunUntilIdleAsync();
        using TcpStream fourth = await Get(site);
        second.Dispose();
    }

    [Theory(Timeout = Site.Limit)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_above_the_limit_gets_413(bool chunked)
    {
        await using Site site = await Start(limits => limits.MaxRequestBodySize = 10_000);
        site.MayLogErrors = true; // of the handler, which the refused body throws in
        using HttpRequestMessage request = new(HttpMethod.Post, "/") { Content = new ByteArrayContent(new byte[20_000]) };
        request.Headers.TransferEncodingChunked = chunked;
        using HttpResponseMessage response = await site.Client().SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Headers_above_the_limit_get_431()
    {
        await using Site site = await Start(limits => limits.MaxRequestHeadersTotalSize = 1_000);
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.Add("X-Long", new string('x', 2_000));
        using HttpResponseMessage response = await site.Client().SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Headers_that_do_not_come_get_408()
    {
        await using Site site = await Start(limits => limits.RequestHeadersTimeout = TimeSpan.FromMilliseconds(100));
        Assert.StartsWith("HTTP/1.1 408", await site.Exchange("GET / HTTP/1.1\n"), StringComparison.Ordinal);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task An_idle_connection_is_closed_after_the_keep_alive_time_out()
    {
        await using Site site = await Start(limits => limits.KeepAliveTimeout = TimeSpan.FromMilliseconds(100));
        TcpStream stream = await Get(site);
        Assert.Equal(0, await stream.ReadAsync(new byte[100]));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_body_that_comes_too_slowly_gets_408()
    {
        await using Site site = await Start(
            limits => limits.MinRequestBodyDataRate = new MinDataRate(100_000, TimeSpan.FromMilliseconds(1_100)));
        site.MayLogErrors = true; // of the handler, which the late body throws in
        string response = await site.Exchange("POST / HTTP/1.1\nHost: b\nContent-Length: 1000\n\nhalf");
        Assert.StartsWith("HTTP/1.1 408", response, StringComparison.Ordinal);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_client_that_reads_too_slowly_is_reset()
    {
        await using Site site = await Site.Start(
            app => app.Run(async context =>
            {
                byte[] text = new byte[1_000_000];
                while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(text);
            }),
            builder => builder.WebHost.ConfigureKestrel(
                kestrel => kestrel.Limits.MinResponseDataRate = new MinDataRate(100_000_000, TimeSpan.FromMilliseconds(1_100))));
        TcpStream stream = await site.Connect();
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: b\r\n\r\n"u8.ToArray());
        await stream.Connection.WhenEnded();
        Assert.Equal(CloseReason.RemoteReset, stream.Connection.CloseReason);
    }

    private static Task<Site> Start(Action<KestrelServerLimits> configure) => Site.Start(
        app => app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("done");
        }),
        builder => builder.WebHost.ConfigureKestrel(kestrel => configure(kestrel.Limits)));

    private static async Task<TcpStream> Get(Site site)
    {
        TcpStream stream = await site.Connect();
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: b\r\n\r\n"u8.ToArray());
        byte[] response = new byte[1_000];
        int count = 0;
        while (response.AsSpan(0, count).IndexOf("0\r\n\r\n"u8) < 0) count += await stream.ReadAtLeastAsync(response.AsMemory(count), 1);
        return stream;
    }
}
