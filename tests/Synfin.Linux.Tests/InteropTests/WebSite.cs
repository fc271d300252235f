using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Synfin.AspNetCore;
using Synfin.Sockets;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>
/// A web site of Kestrel, the same over Synfin and over the kernel: HTTP/1.1 on port 80, HTTP/2 by prior knowledge on 81, both with TLS on
/// 443.
/// </summary>
internal sealed class WebSite : IAsyncDisposable
{
    public const int Http2Port = 81;

    private static readonly X509Certificate2 _certificate = MakeCertificate();

    private readonly WebApplication _app;

    private WebSite(WebApplication app) => _app = app;

    public static Task<WebSite> StartAsync(TcpStackGroup sockets) => StartAsync(builder => builder.UseSynfin(sockets));

    /// <summary>The same site over the kernel's sockets.</summary>
    public static Task<WebSite> StartAsync(NetworkNamespace kernel) => StartAsync(builder => builder.UseSockets(
        options => options.CreateBoundListenSocket = end => kernel.Run(() => SocketTransportOptions.CreateDefaultBoundListenSocket(end))));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<WebSite> StartAsync(Action<IWebHostBuilder> transport)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        transport(builder.WebHost);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.IPv6Any, 80, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.IPv6Any, Http2Port, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.IPv6Any, 443, listen => listen.UseHttps(_certificate));
        });
        WebApplication app = builder.Build();
        app.MapGet("/octets/{length:int}", (int length) => Results.Bytes(Testbed.Octets(length), enableRangeProcessing: true));
        app.MapGet("/protocol", (HttpContext context) => context.Request.Protocol);
        app.MapPost("/hash", async (Stream body) => Results.Text(Convert.ToHexStringLower(await SHA256.HashDataAsync(body))));
        await app.StartAsync();
        return new WebSite(app);
    }

    private static X509Certificate2 MakeCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=synfin", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
