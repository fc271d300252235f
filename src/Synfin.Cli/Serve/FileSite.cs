using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Synfin.AspNetCore;
using Synfin.Sockets;

namespace Synfin.Cli.Serve;

/// <summary>
/// Kestrel with a folder's files: ranges, validators (ETag, Last-Modified) and listings are ASP.NET Core's own. Files whose names begin
/// with a dot, and hidden ones, are not there.
/// </summary>
internal static class FileSite
{
    /// <summary>How long requests that run have to end.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Builds it; it listens once it is started.</summary>
    public static WebApplication Build(ServeOptions options, TcpStackGroup stacks, X509Certificate2? certificate, TextWriter log)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = _patience);
        builder.Services.AddDirectoryBrowser();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseSynfin(stacks).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // In clear text HTTP/2 would have to be known beforehand: curl and browsers do not try.
            kestrel.ListenAnyIP(options.Port, listen => listen.Protocols = HttpProtocols.Http1);
            if (certificate is null || options.TlsPort is not { } tlsPort) return;
            kestrel.ListenAnyIP(tlsPort, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(certificate);
            });
        });
        WebApplication site = builder.Build();
        if (options.Verbose) site.Use((context, next) => LogAsync(context, next, log));
        UseFiles(site, options);
        return site;
    }

    private static void UseFiles(WebApplication site, ServeOptions options)
    {
        var files = new PhysicalFileProvider(Path.GetFullPath(options.Folder));
        site.Lifetime.ApplicationStopped.Register(files.Dispose);
        site.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files, DefaultFileNames = ["index.html"] });
        if (options.Listing)
            site.UseDirectoryBrowser(new DirectoryBrowserOptions { FileProvider = files, Formatter = new FolderListing() });
        site.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            ServeUnknownFileTypes = true,
            DefaultContentType = "application/octet-stream",
        });
        site.Run(static context =>
        {
            bool readable = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
            context.Response.StatusCode = readable ? StatusCodes.Status404NotFound : StatusCodes.Status405MethodNotAllowed;
            if (!readable) context.Response.Headers.Allow = "GET, HEAD";
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(readable ? "There is no such file.\n" : "Files can be read here, with GET and HEAD.\n");
        });
    }

    /// <summary>A line a request, as other servers write them.</summary>
    private static async Task LogAsync(HttpContext context, RequestDelegate next, TextWriter log)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            HttpRequest request = context.Request;
            string who = new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort).ToString();
            double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            string what = $"{request.Method} {request.PathBase}{request.Path.ToUriComponent()} {request.Protocol}";
            int code = context.Response.StatusCode;
            string line = string.Create(CultureInfo.InvariantCulture, $"{who} {what}: {code}, {milliseconds:0.0} ms");
            await log.WriteLineAsync(line).ConfigureAwait(false);
        }
    }

    /// <summary>Leaves signals to the command.</summary>
    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
