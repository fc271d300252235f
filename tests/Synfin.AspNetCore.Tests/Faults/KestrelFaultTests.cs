using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Synfin.Simulation;
using Synfin.Timers;

namespace Synfin.AspNetCore.Tests.Faults;

/// <summary>What HttpClient makes of a Kestrel whose answer is cut.</summary>
public sealed class KestrelFaultTests
{
    private const int Body = 1000;

    [Theory]
    [InlineData("full", "")]
    [InlineData("partial-fin 300", "ResponseEnded")]
    [InlineData("partial-rst 300", "ConnectionReset")]
    [InlineData("truncate", "ResponseEnded")]
    [InlineData("nothing-rst", "ConnectionReset")]
    public async Task A_cut_answer_fails_as_over_a_real_network(string fault, string failure)
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts(1, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) });
        net["b"].AddFault(fault);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseSynfin(net["b"].Tcp);
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Any, 80));
        await using WebApplication app = builder.Build();
        app.Run(async context =>
        {
            context.Response.ContentLength = Body;
            context.Response.Headers.Connection = "close";
            await context.Response.Body.WriteAsync(new byte[Body]);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        await net.TestAsync(async () =>
        {
            using HttpClient client = net["a"].CreateHttpClient();
            Assert.Equal(failure, await Get(client));
        });
    }

    private static async Task<string> Get(HttpClient client)
    {
        try
        {
            byte[] body = await client.GetByteArrayAsync(new Uri("http://b/"));
            Assert.Equal(Body, body.Length);
            return "";
        }
        catch (HttpRequestException e)
        {
            for (Exception? cause = e; cause is not null; cause = cause.InnerException)
            {
                if (cause is SocketException socket) return socket.SocketErrorCode.ToString();
                if (cause is HttpIOException http) return http.HttpRequestError.ToString();
            }
            return e.HttpRequestError.ToString();
        }
    }
}
