using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Synfin.AspNetCore.Tests.Support;

namespace Synfin.AspNetCore.Tests;

/// <summary>HTTP/2 in clear text, by prior knowledge.</summary>
public sealed class Http2Tests
{
    /// <summary>As they are configured for gRPC without TLS.</summary>
    internal static Action<WebApplicationBuilder> Http2Only { get; } = builder => builder.WebHost.ConfigureKestrel(
        kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));

    [Fact(Timeout = Site.Limit)]
    public async Task A_hundred_streams_share_one_connection()
    {
        int waiting = 0;
        TaskCompletionSource all = Signal.New();
        await using Site site = await Site.Start(
            app => app.Run(async context =>
            {
                if (Interlocked.Increment(ref waiting) == 100) all.SetResult();
                await all.Task; // so that all hundred are under way at a time
                await context.Response.WriteAsync($"{context.Request.Protocol} {context.Connection.Id} {context.Request.Path}");
            }),
            Http2Only);
        HttpClient client = site.Client(HttpVersion.Version20);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.GetStringAsync($"/{i}")));
        Assert.All(answers, answer => Assert.StartsWith("HTTP/2 ", answer, StringComparison.Ordinal));
        Assert.Single(answers.Select(answer => answer.Split(' ')[1]).Distinct());
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"/{i}"), answers.Select(answer => answer.Split(' ')[2]));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Streams_carry_bodies_larger_than_all_windows()
    {
        await using Site site = await Site.Start(
            app => app.Run(async context =>
            {
                // HttpClient reads no response before its request has gone.
                byte[] body = new byte[1_000_000];
                await context.Request.Body.ReadExactlyAsync(body);
                await context.Response.Body.WriteAsync(body);
            }),
            Http2Only);
        HttpClient client = site.Client(HttpVersion.Version20);
        byte[] text = new byte[1_000_000];
        new Random(3).NextBytes(text);
        byte[][] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using HttpResponseMessage response = await client.PostAsync("/", new ByteArrayContent(text));
            return await response.Content.ReadAsByteArrayAsync();
        }));
        Assert.All(answers, answer => Assert.True(text.AsSpan().SequenceEqual(answer)));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Request_and_response_go_side_by_side_as_in_gRPC_and_trailers_end_them()
    {
        await using Site site = await Site.Start(
            app => app.Run(async context =>
            {
                byte[] message = new byte[4];
                await context.Response.StartAsync();
                await context.Response.Body.FlushAsync();
                while (await context.Request.Body.ReadAtLeastAsync(message, 4, throwOnEndOfStream: false) == 4)
                {
                    await context.Response.WriteAsync(Encoding.ASCII.GetString(message).ToUpperInvariant());
                    await context.Response.Body.FlushAsync();
                }
                context.Response.AppendTrailer("grpc-status", "0");
            }),
            Http2Only);
        DuplexContent content = new();
        using HttpRequestMessage request = new(HttpMethod.Post, "/")
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage response = await site.Client().SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Stream output = await content.Opened;
        Stream input = await response.Content.ReadAsStreamAsync();
        byte[] message = new byte[4];
        for (int i = 0; i < 100; i++)
        {
            await output.WriteAsync(Encoding.ASCII.GetBytes($"m{i:D3}"));
            await output.FlushAsync();
            await input.ReadExactlyAsync(message);
            Assert.Equal($"M{i:D3}", Encoding.ASCII.GetString(message));
        }
        content.Complete();
        Assert.Equal(0, await input.ReadAsync(message));
        Assert.Equal("0", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
    }

    /// <summary>A body that a test writes while it reads the response.</summary>
    private sealed class DuplexContent : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _completed = Signal.New();

        public Task<Stream> Opened => _opened.Task;

        public void Complete() => _completed.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            _opened.SetResult(stream);
            await _completed.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
