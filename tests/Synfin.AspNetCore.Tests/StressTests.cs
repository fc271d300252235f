using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Synfin.Simulation;
using Synfin.Sockets;

namespace Synfin.AspNetCore.Tests;

/// <summary>1,000 requests at once, on a connection each or on 50: each gets its own answer, and nothing is left.</summary>
public sealed class StressTests
{
    private const int Requests = 1_000;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(Requests)]
    [InlineData(50)]
    public async Task A_thousand_requests_at_once_get_their_own_answers(int connections)
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        await using WebApplication app = await Start(net);
        using (HttpClient client = Client(net, connections))
        {
            Task<string>[] asking = [.. Enumerable.Range(0, Requests).Select(number => Ask(client, number, CancellationToken.None))];
            string[] answers = await Task.WhenAll(asking).WaitAsync(s_limit, TestContext.Current.CancellationToken);
            for (int number = 0; number < Requests; number++) Assert.Equal(Answer(number), answers[number]);
            Assert.InRange(net["b"].Stack.ConnectionCount, 1, connections);
        }
        await AssertNothingIsLeft(net, app);
    }

    [Fact]
    public async Task Requests_that_are_given_up_at_random_leave_nothing()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        await using WebApplication app = await Start(net);
        int answered = 0;
        using (HttpClient client = Client(net, 100))
        {
            await Task.WhenAll(Enumerable.Range(0, Requests).Select(async number =>
            {
                using CancellationTokenSource source = new();
                if (number % 2 == 1) ThreadPool.UnsafeQueueUserWorkItem(s => s.Cancel(), source, preferLocal: false);
                try
                {
                    Assert.Equal(Answer(number), await Ask(client, number, source.Token));
                    Interlocked.Increment(ref answered);
                }
                catch (OperationCanceledException) when (number % 2 == 1)
                {
                    // Given up.
                }
            })).WaitAsync(s_limit, TestContext.Current.CancellationToken);
        }
        Assert.InRange(answered, Requests / 2, Requests);
        await AssertNothingIsLeft(net, app);
    }

    private static async Task<WebApplication> Start(SimulatedNetwork net)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSynfin(net["b"].Tcp, options => options.Backlog = 2 * Requests);
        WebApplication app = builder.Build();
        app.MapGet("/{number:int}", async (int number, HttpContext context) =>
        {
            await Task.Yield();
            await context.Response.WriteAsync(Answer(number), context.RequestAborted);
        });
        await app.StartAsync();
        return app;
    }

    private static HttpClient Client(SimulatedNetwork net, int connections)
    {
        SocketsHttpHandler handler = net["a"].Tcp.CreateHttpHandler();
        handler.MaxConnectionsPerServer = connections;
        return new HttpClient(handler) { BaseAddress = new Uri("http://b/"), Timeout = s_limit };
    }

    private static async Task<string> Ask(HttpClient client, int number, CancellationToken ct)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri($"/{number}", UriKind.Relative), ct);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(ct);
    }

    private static string Answer(int number) => string.Concat(Enumerable.Repeat($"{number};", 100 + number));

    private static async Task AssertNothingIsLeft(SimulatedNetwork net, WebApplication app)
    {
        await app.StopAsync();
        await net.RunUntilIdleAsync().WaitAsync(s_limit, TestContext.Current.CancellationToken);
        foreach (SimulatedHost host in net.Hosts)
        {
            Assert.Equal((0, 0, 0), (host.Stack.ConnectionCount, host.Stack.TimeWaitCount, host.Stack.SynQueueCount));
            Assert.Equal((0, 0), (host.Stack.PagesInUse, host.Stack.OrphanCount));
        }
    }
}
