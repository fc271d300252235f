using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Synfin.AspNetCore.Tests.Support;
using Synfin.Buffers;
using Synfin.Simulation;
using Synfin.Stack;

namespace Synfin.AspNetCore.Tests;

/// <summary>
/// A gibibyte each way, hashed at both ends, with a reader that pauses: what the network holds stays within the buffers of one connection.
/// </summary>
public sealed class BackPressureTests(ITestOutputHelper output)
{
    private const long Gibibyte = 1L << 30;
    private const int PauseEvery = 64 << 20;

    private static readonly SimulatedLinkOptions s_wide = new() { Mtu = 65_535, Offloads = true };

    /// <summary>A send and a receive buffer each way, and what a writer may commit beyond its buffer: one flush of 64 KiB.</summary>
    private static readonly int s_mostPages = (2 * (new TcpConnectionOptions().SendBuffer + new TcpConnectionOptions().ReceiveBuffer)
        + (2 * 65_536)) / PagePool.PageSize + 16;

    [Fact(Timeout = Site.Limit)]
    public async Task A_gibibyte_is_downloaded()
    {
        byte[]? sent = null;
        await using Site site = await Site.Start(
            async context => sent = await Produce(context.Response.Body, context.RequestAborted), s_wide);
        Stopwatch watch = Stopwatch.StartNew();
        await using Stream body = await site.Client().GetStreamAsync("/");
        byte[] received = await Consume(body, site.Net);
        Report(watch, "download");
        Assert.Equal(sent, received);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_gibibyte_is_uploaded()
    {
        byte[]? received = null;
        await using Site site = await Site.Start(
            app => app.Run(async context => received = await Consume(context.Request.Body, Site.Network(context))),
            builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null),
            s_wide);
        UploadContent content = new();
        Stopwatch watch = Stopwatch.StartNew();
        using HttpResponseMessage response = await site.Client().PostAsync("/", content);
        response.EnsureSuccessStatusCode();
        Report(watch, "upload");
        Assert.Equal(content.Hash, received);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_reader_that_stands_still_stops_the_writer()
    {
        long written = 0;
        await using Site site = await Site.Start(async context =>
        {
            byte[] text = new byte[65_536];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(text);
                Interlocked.Add(ref written, text.Length);
            }
        });
        using (HttpResponseMessage response = await site.Client().GetAsync("/", HttpCompletionOption.ResponseHeadersRead))
        {
            long before = -1;
            while (before != Interlocked.Read(ref written))
            {
                before = Interlocked.Read(ref written);
                await Task.Delay(TimeSpan.FromSeconds(10), site.Net.TimeProvider);
            }
            // Both buffers, Kestrel's own 64 KiB, and what HttpClient has read ahead.
            Assert.InRange(before, 1_000_000, 4 << 20);
            AssertBounded(site.Net);
            Stream body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[8 << 20]);
            Assert.True(Interlocked.Read(ref written) > before, "reading lets the writer go on");
        }
    }

    /// <summary>Writes a gibibyte and hashes it.</summary>
    private static async Task<byte[]> Produce(Stream body, CancellationToken ct)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        byte[] text = new byte[1 << 20];
        new Random(7).NextBytes(text);
        for (long left = Gibibyte; left > 0; left -= text.Length)
        {
            BitConverter.TryWriteBytes(text, left); // no two blocks are alike
            hash.AppendData(text);
            await body.WriteAsync(text, ct);
        }
        return hash.GetHashAndReset();
    }

    /// <summary>Reads to the end, hashes it, and pauses now and then until all buffers are full.</summary>
    private static async Task<byte[]> Consume(Stream body, SimulatedNetwork net)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        byte[] buffer = new byte[256 << 10];
        long total = 0;
        int count;
        for (long pauseAt = PauseEvery; (count = await body.ReadAsync(buffer)) > 0;)
        {
            hash.AppendData(buffer, 0, count);
            total += count;
            if (total < pauseAt) continue;
            pauseAt += PauseEvery;
            AssertBounded(net);
            await Task.Delay(TimeSpan.FromSeconds(1), net.TimeProvider);
            AssertBounded(net);
        }
        Assert.Equal(Gibibyte, total);
        return hash.GetHashAndReset();
    }

    private static void AssertBounded(SimulatedNetwork net)
    {
        int pages = net["a"].Stack.PagesInUse + net["b"].Stack.PagesInUse;
        Assert.True(pages <= s_mostPages, $"{pages} pages are in use; {s_mostPages} is the most that one connection may hold");
    }

    private void Report(Stopwatch watch, string what) =>
        output.WriteLine($"{what}: {Gibibyte / 1e6 / watch.Elapsed.TotalSeconds:F0} MB/s ({watch.Elapsed.TotalSeconds:F1} s)");

    private sealed class UploadContent : HttpContent
    {
        public byte[]? Hash { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            Hash = await Produce(stream, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = Gibibyte;
            return true;
        }
    }
}
