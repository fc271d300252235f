using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Synfin.AspNetCore;
using Synfin.Sockets;
using Synfin.Stack;

namespace Synfin.Cli.Bench.Http;

/// <summary>Synfin between two hosts in memory.</summary>
internal sealed class MemoryHttpTransport : HttpTransport
{
    private static readonly TcpConnectionOptions _options = new() { NoDelay = true };

    private readonly MemoryNetwork _network = new();

    /// <inheritdoc/>
    public override void Listen(IWebHostBuilder webHost) => webHost.UseSynfin(_network.Server);

    /// <inheritdoc/>
    public override async ValueTask<HttpExchange> ConnectAsync(WebApplication server) =>
        new StreamExchange(new TcpStream(await _network.Client.ConnectAsync(_network.ServerAddresses[0], 80, options: _options)));

    /// <inheritdoc/>
    public override void Dispose() => _network.Dispose();
}
