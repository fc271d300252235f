using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Synfin.Cli.Bench.Http;

/// <summary>
/// http.kestrel.*: how many requests a second Kestrel answers over one kind of connection, asked by <see cref="Clients"/> clients in the
/// same process, each of which keeps its connection alive and has one request on its way.
/// </summary>
/// <param name="transport">"memory", "loopback" or "pipe".</param>
/// <param name="what">What is measured.</param>
/// <param name="createTransport">Makes the transport of a run.</param>
internal sealed class HttpBenchmark(string transport, string what, Func<HttpTransport> createTransport) : IBenchmark
{
    private const int Clients = 64;

    private static readonly byte[] _body = "Hello, world!"u8.ToArray();

    /// <inheritdoc/>
    public string Name => $"http.kestrel.{transport}";

    /// <inheritdoc/>
    public string Unit => "1/s";

    /// <inheritdoc/>
    public string What => what;

    /// <inheritdoc/>
    public IReadOnlyList<string> ComparedTo { get; init; } = [];

    /// <inheritdoc/>
    public double Run(TimeSpan budget) => RunAsync(budget).GetAwaiter().GetResult();

    private async Task<double> RunAsync(TimeSpan budget)
    {
        using HttpTransport wire = createTransport();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        wire.Listen(builder.WebHost);
        WebApplication server = builder.Build();
        await using (server)
        {
            server.Run(Answer);
            await server.StartAsync();
            HttpExchange[] clients = new HttpExchange[Clients];
            for (int i = 0; i < Clients; i++) clients[i] = await wire.ConnectAsync(server);
            double rate = await Measure(clients, budget);
            foreach (HttpExchange client in clients) client.Dispose();
            await server.StopAsync();
            return rate;
        }
    }

    private static async Task<double> Measure(HttpExchange[] clients, TimeSpan budget)
    {
        foreach (HttpExchange client in clients) await client.Exchange(_body.Length);
        long start = Stopwatch.GetTimestamp();
        long[] counts = await Task.WhenAll(clients.Select(client => Task.Run(() => Ask(client, start, budget))));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<long> Ask(HttpExchange client, long start, TimeSpan budget)
    {
        long count = 0;
        while (Stopwatch.GetElapsedTime(start) < budget)
        {
            await client.Exchange(_body.Length);
            count++;
        }
        return count;
    }

    private static Task Answer(HttpContext context)
    {
        context.Response.ContentLength = _body.Length;
        return context.Response.Body.WriteAsync(_body).AsTask();
    }
}
