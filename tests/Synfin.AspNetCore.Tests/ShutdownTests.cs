using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Synfin.AspNetCore.Tests.Support;
using Synfin.Sockets;
using Synfin.Tcp;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.AspNetCore.Tests;

/// <summary>Kestrel stops.</summary>
public sealed class ShutdownTests
{
    [Fact(Timeout = Site.Limit)]
    public async Task A_request_in_flight_is_completed_and_nobody_new_is_let_in()
    {
        TaskCompletionSource arrived = Signal.New();
        TaskCompletionSource goOn = Signal.New();
        await using Site site = await Site.Start(async context =>
        {
            await context.Response.WriteAsync("first half, ");
            arrived.SetResult();
            await goOn.Task;
            await context.Response.WriteAsync("second half");
        });
        Task<string> request = site.Client().GetStringAsync("/");
        await arrived.Task;
        Task stopped = site.App.StopAsync();
        await site.App.Lifetime.ApplicationStopping.Fired();
        await RefusedSoon(site);
        Assert.False(stopped.IsCompleted, "the request is still under way");
        goOn.SetResult();
        Assert.Equal("first half, second half", await request);
        await stopped;
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Idle_connections_are_closed_with_a_FIN()
    {
        await using Site site = await Site.Start(context => context.Response.WriteAsync("x"));
        TcpStream idle = await site.Connect();
        TcpStream used = await site.Connect();
        await used.WriteAsync("GET / HTTP/1.1\r\nHost: b\r\n\r\n"u8.ToArray());
        Assert.True(await used.ReadAsync(new byte[1_000]) > 0);
        Task stopped = site.App.StopAsync();
        await ReadToEnd(idle);
        await ReadToEnd(used);
        await stopped;
        foreach (TcpStream stream in new[] { idle, used })
        {
            stream.Dispose();
            await stream.Connection.WhenEnded();
            Assert.Equal(CloseReason.RemoteClose, stream.Connection.CloseReason);
        }
    }

    [Fact(Timeout = Site.Limit)]
    public async Task When_the_time_is_up_requests_in_flight_are_reset()
    {
        TaskCompletionSource arrived = Signal.New();
        TaskCompletionSource over = Signal.New();
        await using Site site = await Site.Start(async context =>
        {
            arrived.SetResult();
            await context.RequestAborted.Fired();
            over.SetResult();
        });
        Task<HttpResponseMessage> request = site.Client().GetAsync("/");
        await arrived.Task;
        using CancellationTokenSource timeUp = new();
        Task stopped = site.App.StopAsync(timeUp.Token);
        await timeUp.CancelAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => request);
        await over.Task;
        try
        {
            await stopped;
        }
        catch (OperationCanceledException)
        {
            // The host may say that its time was up.
        }
        Assert.Equal(0, site.Net["b"].Stack.ConnectionCount);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task After_the_stop_the_port_is_free()
    {
        await using Site site = await Site.Start(context => context.Response.WriteAsync("x"));
        await site.Client().GetStringAsync("/");
        await site.App.StopAsync();
        using TcpListener listener = site.Net["b"].Tcp.Listen(80);
        Assert.Equal(80, listener.LocalPort);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Connections_come_and_go_without_a_trace()
    {
        await using Site site = await Site.Start(context => context.Response.WriteAsync("x"));
        for (int i = 0; i < 20; i++)
        {
            using HttpClient client = site.Client();
            await client.GetStringAsync("/");
        }
        await site.Net.RunUntilIdleAsync();
        Assert.Equal((0, 0), (site.Net["a"].Stack.ConnectionCount, site.Net["b"].Stack.ConnectionCount));
        Assert.Equal((0, 0), (site.Net["a"].Stack.PagesInUse, site.Net["b"].Stack.PagesInUse));
        Assert.Empty(site.Logs.At(LogLevel.Warning));
    }

    private static async Task ReadToEnd(TcpStream stream)
    {
        byte[] buffer = new byte[1_000];
        int count;
        do
        {
            count = await stream.ReadAsync(buffer);
        }
        while (count > 0);
    }

    /// <summary>The stopping host closes its listener soon, but not at once.</summary>
    private static async Task RefusedSoon(Site site)
    {
        while (true)
        {
            try
            {
                using TcpStream stream = await site.Connect();
            }
            catch (System.Net.Sockets.SocketException)
            {
                return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
