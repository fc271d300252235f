using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Synfin.Cli.Bench.Http;

/// <summary>Kernel sockets on 127.0.0.1.</summary>
internal sealed class LoopbackHttpTransport : HttpTransport
{
    /// <inheritdoc/>
    public override void Listen(IWebHostBuilder webHost) => webHost.UseUrls("http://127.0.0.1:0");

    /// <inheritdoc/>
    public override async ValueTask<HttpExchange> ConnectAsync(WebApplication server)
    {
        Uri address = new(server.Urls.First());
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        return new StreamExchange(new NetworkStream(socket, ownsSocket: true));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // Kestrel and its clients close what they have.
    }
}
