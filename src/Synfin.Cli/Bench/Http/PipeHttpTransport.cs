using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Synfin.Cli.Bench.Http;

/// <summary>Bare pipes.</summary>
internal sealed class PipeHttpTransport : HttpTransport
{
    private readonly PipeListener _listener = new();

    /// <inheritdoc/>
    public override void Listen(IWebHostBuilder webHost)
    {
        webHost.UseUrls("http://127.0.0.1:80");
        webHost.ConfigureServices(services => services.AddSingleton<IConnectionListenerFactory>(_listener));
    }

    /// <inheritdoc/>
    public override ValueTask<HttpExchange> ConnectAsync(WebApplication server) => new(new PipeExchange(_listener.Connect()));

    /// <inheritdoc/>
    public override void Dispose()
    {
        // Kestrel and its clients close what they have.
    }
}
