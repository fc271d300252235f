using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Synfin.Sockets;

namespace Synfin.AspNetCore;

/// <summary>Kestrel over Synfin.</summary>
public static class WebHostBuilderExtensions
{
    private const string DefaultUrl = "http://*:80";

    /// <summary>
    /// Has Kestrel listen on a stack instead of the kernel: every address that is an IP address and a port. Without configured addresses
    /// that is <c>http://*:80</c>. All else of Kestrel, TLS and HTTP/2 included, stays as it is.
    /// </summary>
    /// <param name="builder">The web host's builder; <c>builder.WebHost</c> of a WebApplicationBuilder.</param>
    /// <param name="stack">The stack, in hosted mode, such as a simulated host's <c>Tcp</c>.</param>
    /// <param name="configure">Changes the transport's options.</param>
    /// <exception cref="InvalidOperationException">The stack is in strict mode.</exception>
    public static IWebHostBuilder UseSynfin(this IWebHostBuilder builder, TcpStack stack, Action<SynfinTransportOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return builder.UseSynfin(new TcpStackGroup(stack), configure);
    }

    /// <summary>Has Kestrel listen on all the shards of a host instead of the kernel; else as for a stack.</summary>
    /// <param name="builder">The web host's builder; <c>builder.WebHost</c> of a WebApplicationBuilder.</param>
    /// <param name="stacks">The stacks, in hosted mode, such as a Linux host's <c>Sockets</c>.</param>
    /// <param name="configure">Changes the transport's options.</param>
    /// <exception cref="InvalidOperationException">The stacks are in strict mode.</exception>
    public static IWebHostBuilder UseSynfin(
        this IWebHostBuilder builder, TcpStackGroup stacks, Action<SynfinTransportOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(stacks);
        stacks.First.VerifyHosted("Kestrel runs on the thread pool");
        if (string.IsNullOrEmpty(builder.GetSetting(WebHostDefaults.ServerUrlsKey))) builder.UseUrls(DefaultUrl);
        return builder.ConfigureServices(services =>
        {
            if (configure is not null) services.Configure(configure);
            services.TryAddSingleton(stacks.First);
            services.TryAddSingleton(stacks);
            services.AddSingleton<IConnectionListenerFactory>(provider => new SynfinTransportFactory(
                stacks, provider.GetRequiredService<IOptions<SynfinTransportOptions>>(), provider.GetService<ILoggerFactory>()));
        });
    }
}
