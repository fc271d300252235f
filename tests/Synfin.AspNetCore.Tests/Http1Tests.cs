using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Synfin.AspNetCore.Tests.Support;
using Synfin.Sockets;

namespace Synfin.AspNetCore.Tests;

/// <summary>HTTP/1.0 and HTTP/1.1, by hand where HttpClient would hide what is on the wire.</summary>
public sealed class Http1Tests
{
    [Fact(Timeout = Site.Limit)]
    public async Task Http_1_0_closes_after_the_response()
    {
        await using Site site = await Site.Start(context => context.Response.WriteAsync($"{context.Request.Protocol}"));
        string response = await site.Exchange("GET / HTTP/1.0\n\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", response, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nHTTP/1.0", response, StringComparison.Ordinal);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task HttpClient_speaks_1_0_and_1_1()
    {
        await using Site site = await Site.Start(context => context.Response.WriteAsync(context.Request.Protocol));
        Assert.Equal("HTTP/1.0", await site.Client(HttpVersion.Version10).GetStringAsync("/"));
        Assert.Equal("HTTP/1.1", await site.Client().GetStringAsync("/"));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Pipelined_requests_are_answered_in_their_order()
    {
        await using Site site = await Site.Start(context => context.Response.WriteAsync($"<{context.Request.Path}>"));
        StringBuilder requests = new();
        for (int i = 0; i < 200; i++) requests.Append($"GET /{i} HTTP/1.1\nHost: b\n{(i == 199 ? "Connection: close\n" : "")}\n");
        string responses = await site.Exchange(requests.ToString());
        int at = 0;
        for (int i = 0; i < 200; i++)
        {
            at = responses.IndexOf($"</{i}>", at, StringComparison.Ordinal);
            Assert.True(at >= 0, $"no response to request {i}, or not in its place");
        }
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_connection_is_kept_alive()
    {
        await using Site site = await Site.Start(context => context.Response.WriteAsync(context.Connection.Id));
        HttpClient client = site.Client();
        string first = await client.GetStringAsync("/");
        for (int i = 0; i < 20; i++) Assert.Equal(first, await client.GetStringAsync("/"));
        Assert.NotEqual(first, await site.Client().GetStringAsync("/"));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Bodies_go_chunked_both_ways()
    {
        await using Site site = await Site.Start(async context =>
        {
            Assert.Equal("chunked", context.Request.Headers.TransferEncoding);
            await context.Request.Body.CopyToAsync(context.Response.Body);
        });
        byte[] text = new byte[3_000_000];
        new Random(1).NextBytes(text);
        using HttpRequestMessage request = new(HttpMethod.Post, "/") { Content = new ByteArrayContent(text) };
        request.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage response = await site.Client().SendAsync(request);
        Assert.True(response.Headers.TransferEncodingChunked);
        Site.AssertSame(text, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Expect_100_continue_is_answered_when_the_body_is_read()
    {
        await using Site site = await Site.Start(async context =>
        {
            using StreamReader body = new(context.Request.Body);
            await context.Response.WriteAsync(await body.ReadToEndAsync());
        });
        TcpStream stream = await site.Connect();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 5\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n"));
        byte[] go = new byte["HTTP/1.1 100 Continue\r\n\r\n".Length];
        await stream.ReadExactlyAsync(go);
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", Encoding.ASCII.GetString(go));
        await stream.WriteAsync("hello"u8.ToArray());
        using StreamReader reader = new(stream);
        Assert.Contains("hello", await reader.ReadToEndAsync(), StringComparison.Ordinal);

        using HttpRequestMessage request = new(HttpMethod.Post, "/") { Content = new StringContent("again") };
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage response = await site.Client().SendAsync(request);
        Assert.Equal("again", await response.Content.ReadAsStringAsync());
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Trailers_of_a_request_arrive()
    {
        await using Site site = await Site.Start(async context =>
        {
            using StreamReader body = new(context.Request.Body);
            string text = await body.ReadToEndAsync();
            await context.Response.WriteAsync($"{text} {context.Request.GetTrailer("checksum")}");
        });
        string response = await site.Exchange("""
            POST / HTTP/1.1
            Host: b
            Connection: close
            Transfer-Encoding: chunked

            4
            text
            0
            checksum: 42


            """);
        Assert.Contains("text 42", response, StringComparison.Ordinal);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task What_is_no_HTTP_gets_400_and_the_end()
    {
        await using Site site = await Site.Start(_ => Task.CompletedTask);
        Assert.StartsWith("HTTP/1.1 400 Bad Request", await site.Exchange("nonsense\n\n"), StringComparison.Ordinal);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Fifty_connections_at_a_time_are_served()
    {
        await using Site site = await Site.Start(async context =>
        {
            byte[] text = new byte[50_000];
            await context.Request.Body.ReadExactlyAsync(text);
            await context.Response.Body.WriteAsync(text);
        });
        HttpClient client = site.Client(configure: handler => handler.MaxConnectionsPerServer = 50);
        byte[] text = new byte[50_000];
        new Random(2).NextBytes(text);
        byte[][] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            using HttpResponseMessage response = await client.PostAsync("/", new ByteArrayContent(text));
            return await response.Content.ReadAsByteArrayAsync();
        }));
        Assert.All(answers, answer => Assert.True(text.AsSpan().SequenceEqual(answer)));
    }
}
