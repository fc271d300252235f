using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Synfin.AspNetCore.Tests.Support;
using Synfin.Sockets;
using Synfin.Tcp;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.AspNetCore.Tests;

/// <summary>Where Kestrel listens and what it knows of its connections.</summary>
public sealed class KestrelTests
{
    [Fact(Timeout = Site.Limit)]
    public async Task Without_addresses_it_listens_on_port_80_of_all()
    {
        await using Site site = await Site.Start(context => context.Response.WriteAsync($"{context.Connection.RemoteIpAddress}"));
        Assert.Equal(["http://[::]:80"], site.App.Urls);
        Assert.Equal("10.0.0.1", await site.Client().GetStringAsync("http://10.0.0.2/"));
        Assert.Equal("fd00::1", await site.Client().GetStringAsync("http://[fd00::2]/"));
        Assert.DoesNotContain(site.Logs.At(LogLevel.Warning), line => line.Contains("Overriding", StringComparison.Ordinal));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Two_addresses_are_two_listeners_and_port_0_is_chosen()
    {
        await using Site site = await Site.Start(
            app => app.Run(context => context.Response.WriteAsync($"{context.Connection.LocalPort}")),
            builder => builder.WebHost.UseUrls("http://10.0.0.2:8001", "http://[fd00::2]:8002", "http://10.0.0.2:0"));
        Assert.Equal("8001", await site.Client().GetStringAsync("http://10.0.0.2:8001/"));
        Assert.Equal("8002", await site.Client().GetStringAsync("http://[fd00::2]:8002/"));
        Uri chosen = new(site.App.Urls.Last());
        Assert.NotEqual(0, chosen.Port);
        Assert.Equal($"{chosen.Port}", await site.Client().GetStringAsync(chosen));
        await Assert.ThrowsAsync<HttpRequestException>(() => site.Client().GetStringAsync("http://[fd00::2]:8001/"));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Listen_in_code_works_too()
    {
        await using Site site = await Site.Start(
            app => app.Run(context => context.Response.WriteAsync("here")),
            builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse("10.0.0.2"), 8080)));
        Assert.Equal("here", await site.Client().GetStringAsync("http://b:8080/"));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_port_in_use_fails_the_start()
    {
        await using Site site = await Site.Start(_ => Task.CompletedTask);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSynfin(site.Net["b"].Tcp);
        await using WebApplication second = builder.Build();
        IOException e = await Assert.ThrowsAsync<IOException>(() => second.StartAsync());
        Assert.IsType<AddressInUseException>(e.InnerException);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Options_reach_the_connections()
    {
        await using Site site = await Site.Start(
            app => app.Run((HttpContext context) =>
            {
                TcpConnection connection = context.Features.Get<ISynfinConnectionFeature>()!.Connection;
                return context.Response.WriteAsync($"{connection.Options.ReceiveBuffer} {connection.Options.NoDelay}");
            }),
            builder => builder.WebHost.UseSynfin(
                Site.Network(builder)["b"].Tcp, options => options.ConnectionOptions = new() { ReceiveBuffer = 12_345 }));
        Assert.Equal("12345 False", await site.Client().GetStringAsync("/"));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_handler_reaches_state_and_close_reason()
    {
        TaskCompletionSource<TcpConnection> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Site site = await Site.Start(async context =>
        {
            TcpConnection connection = context.Features.Get<ISynfinConnectionFeature>()!.Connection;
            await context.Response.WriteAsync($"{connection.State} {connection.CloseReason}");
            seen.SetResult(connection);
        });
        using (HttpClient client = site.Client()) Assert.Equal("Established None", await client.GetStringAsync("/"));
        TcpConnection connection = await seen.Task;
        await connection.WhenEnded();
        Assert.Equal(CloseReason.RemoteClose, connection.CloseReason);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_connection_handler_goes_on_writing_after_the_client_has_half_closed()
    {
        await using Site site = await Site.Start(
            _ => { },
            builder => builder.WebHost.ConfigureKestrel(
                kestrel => kestrel.Listen(IPAddress.Any, 7, listen => listen.Run(EchoInReverse))));
        TcpStream stream = await site.Connect(7);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("never odd"));
        await stream.CompleteWritesAsync();
        using StreamReader reader = new(stream);
        Assert.Equal("ddo reven", await reader.ReadToEndAsync());
    }

    private static async Task EchoInReverse(ConnectionContext connection)
    {
        ReadResult all;
        while (!(all = await connection.Transport.Input.ReadAsync()).IsCompleted)
            connection.Transport.Input.AdvanceTo(all.Buffer.Start, all.Buffer.End);
        byte[] text = all.Buffer.ToArray();
        connection.Transport.Input.AdvanceTo(all.Buffer.End);
        Array.Reverse(text);
        await connection.Transport.Output.WriteAsync(text);
    }
}
