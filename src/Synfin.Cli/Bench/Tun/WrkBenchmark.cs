using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Synfin.AspNetCore;

namespace Synfin.Cli.Bench.Tun;

/// <summary>tun.http and yardstick.loopback.http: what Kestrel answers to wrk, over Synfin or over the kernel.</summary>
/// <param name="overTun">Whether over Synfin.</param>
internal sealed class WrkBenchmark(bool overTun) : IBenchmark
{
    private static readonly byte[] _body = "Hello, world!"u8.ToArray();

    /// <inheritdoc/>
    public string Name => overTun ? "tun.http" : "yardstick.loopback.http";

    /// <inheritdoc/>
    public string Unit => "1/s";

    /// <inheritdoc/>
    public string What => overTun
        ? "requests that Kestrel over Synfin on TUN answers to wrk, 64 connections kept alive, small GET"
        : "the same over the kernel's TCP on 127.0.0.1";

    /// <inheritdoc/>
    public string? Unavailable => Wrk.Unavailable;

    /// <inheritdoc/>
    public IReadOnlyList<string> ComparedTo => overTun ? ["yardstick.loopback.http"] : [];

    /// <inheritdoc/>
    public double Run(TimeSpan budget) => overTun ? OverTun(budget) : OverLoopback(budget);

    private static double OverTun(TimeSpan budget)
    {
        using var world = new TunWorld();
        return Serve(
            web => web.UseSynfin(world.Host.Sockets).UseUrls("http://*:80"),
            _ => Wrk.Run(world.Kernel.Start, $"http://{TunWorld.HostAddress}/", budget));
    }

    private static double OverLoopback(TimeSpan budget) => Serve(
        web => web.UseUrls("http://127.0.0.1:0"),
        url => Wrk.Run(program => Process.Start(program)!, url, budget));

    private static double Serve(Action<IWebHostBuilder> listen, Func<string, double> measure)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        listen(builder.WebHost);
        WebApplication server = builder.Build();
        server.Run(Answer);
        server.StartAsync().GetAwaiter().GetResult();
        try
        {
            return measure(server.Urls.First());
        }
        finally
        {
            server.StopAsync().GetAwaiter().GetResult();
            server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static Task Answer(HttpContext context)
    {
        context.Response.ContentLength = _body.Length;
        return context.Response.Body.WriteAsync(_body).AsTask();
    }
}
