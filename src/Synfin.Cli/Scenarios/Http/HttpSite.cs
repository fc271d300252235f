using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Synfin.AspNetCore;
using Synfin.Simulation;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>The server: Kestrel with one page, without configuration, logging or signals of the process.</summary>
internal static class HttpSite
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Builds it; it listens once it is started.</summary>
    public static WebApplication Build(SimulatedNetwork network, HttpPlan plan)
    {
        SimulatedHost host = network[HttpPlan.Server];
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = _patience);
        builder.WebHost.UseKestrelCore().UseSynfin(host.Tcp).ConfigureKestrel(kestrel => kestrel.ListenAnyIP(plan.Port, listen =>
        {
            listen.Protocols = plan.Mode is HttpMode.Http2 ? HttpProtocols.Http2 : HttpProtocols.Http1;
            if (!plan.Tls) return;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = DemoCertificate.Value;
                https.OnAuthenticate = static (_, tls) => tls.AllowTlsResume = false;
            });
        }));
        WebApplication site = builder.Build();
        site.Run(async context =>
        {
            // Kestrel would give the date of this machine, and the packets would differ from run to run.
            context.Response.Headers.Date = network.TimeProvider.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
            if (plan.AnnouncesLength) context.Response.ContentLength = plan.Body.Length;
            await context.Response.WriteAsync(plan.Body);
        });
        return site;
    }

    /// <summary>Leaves Ctrl-C to the program.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
