using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Synfin.Simulation;
using Synfin.Sockets;

namespace Synfin.AspNetCore.Tests.Support;

/// <summary>Kestrel on host b of a hosted network, and clients on host a. At its end, no error is to have been logged.</summary>
internal sealed class Site : IAsyncDisposable
{
    /// <summary>The most real time that a test may take, in milliseconds.</summary>
    public const int Limit = 180_000;

    private readonly List<IDisposable> _clients = [];

    private Site(SimulatedNetwork net, WebApplication app, LogCollector logs)
    {
        Net = net;
        App = app;
        Logs = logs;
    }

    public SimulatedNetwork Net { get; }

    public WebApplication App { get; }

    public LogCollector Logs { get; }

    /// <summary>Whether the test means to provoke errors in the log.</summary>
    public bool MayLogErrors { get; set; }

    public SimulatedLink Link => Net.Links[0];

    public static Task<Site> Start(RequestDelegate handler, SimulatedLinkOptions? link = null) =>
        Start(app => app.Run(handler), null, link);

    public static async Task<Site> Start(
        Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null, SimulatedLinkOptions? link = null)
    {
        SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts(1, link);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        LogCollector logs = new();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Debug);
        builder.WebHost.UseSynfin(net["b"].Tcp);
        builder.Services.AddSingleton(net);
        configure?.Invoke(builder);
        WebApplication app = builder.Build();
        map(app);
        await app.StartAsync();
        return new Site(net, app, logs);
    }

    /// <summary>The network, while the host is being built.</summary>
    public static SimulatedNetwork Network(WebApplicationBuilder builder) =>
        (SimulatedNetwork)builder.Services.Single(service => service.ServiceType == typeof(SimulatedNetwork)).ImplementationInstance!;

    /// <summary>The network, in a request.</summary>
    public static SimulatedNetwork Network(HttpContext context) => context.RequestServices.GetRequiredService<SimulatedNetwork>();

    /// <summary>A client on host a.</summary>
    public HttpClient Client(Version? version = null, Action<SocketsHttpHandler>? configure = null)
    {
        SocketsHttpHandler handler = Net["a"].Tcp.CreateHttpHandler();
        configure?.Invoke(handler);
        HttpClient client = new(handler)
        {
            BaseAddress = new Uri("http://b/"),
            Timeout = TimeSpan.FromMilliseconds(Limit),
            DefaultRequestVersion = version ?? HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        _clients.Add(client);
        return client;
    }

    /// <summary>A connection from host a, to write HTTP by hand.</summary>
    public async Task<TcpStream> Connect(int port = 80)
    {
        TcpStream stream = new(await Net["a"].Tcp.ConnectAsync("b", port));
        _clients.Add(stream);
        return stream;
    }

    /// <summary>Sends text as it stands, line ends apart, and reads to the end of the stream.</summary>
    public async Task<string> Exchange(string request)
    {
        TcpStream stream = await Connect();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request.ReplaceLineEndings("\r\n")));
        using StreamReader reader = new(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync();
    }

    public static void AssertSame(byte[] expected, byte[] actual) =>
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"{actual.Length} octets are not the {expected.Length} that were sent");

    public void AssertNoErrors() => Assert.True(!Logs.At(LogLevel.Error).Any(), string.Join('\n', Logs.At(LogLevel.Error)));

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable client in _clients) client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        Net.Dispose();
        if (!MayLogErrors) AssertNoErrors();
    }
}
