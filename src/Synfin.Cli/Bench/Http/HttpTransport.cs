using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Synfin.Cli.Bench.Http;

/// <summary>What Kestrel and its clients are connected by, in one run.</summary>
internal abstract class HttpTransport : IDisposable
{
    /// <summary>Has Kestrel listen there.</summary>
    public abstract void Listen(IWebHostBuilder webHost);

    /// <summary>Connects a client.</summary>
    public abstract ValueTask<HttpExchange> ConnectAsync(WebApplication server);

    /// <inheritdoc/>
    public abstract void Dispose();
}
