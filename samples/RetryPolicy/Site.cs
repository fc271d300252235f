using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Synfin.AspNetCore;
using Synfin.Sockets;

namespace RetryPolicy;

/// <summary>A web server with one page, which it does not finish the first time if it is told so.</summary>
internal static class Site
{
    public const string Page = "All of the page, to the last word.";

    public static async Task<WebApplication> Start(TcpStack stack, bool resetsFirst)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSynfin(stack);
        WebApplication app = builder.Build();
        app.Run(async context =>
        {
            if (!resetsFirst)
            {
                await context.Response.WriteAsync(Page);
                return;
            }
            resetsFirst = false;
            context.Response.ContentLength = Page.Length;
            await context.Response.WriteAsync(Page[..(Page.Length / 2)]);
            await context.Response.Body.FlushAsync();
            context.Abort(); // a reset on the wire
        });
        await app.StartAsync();
        return app;
    }
}
