using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Synfin.AspNetCore.Tests.Support;
using Synfin.Simulation;
using Synfin.Timers;

namespace Synfin.AspNetCore.Tests;

/// <summary>HTTP over a network that misbehaves.</summary>
public sealed class FaultTests
{
    [Fact(Timeout = Site.Limit)]
    public async Task Fifty_requests_succeed_where_one_packet_in_twenty_is_lost()
    {
        await using Site site = await Start(new() { Delay = Duration.FromMilliseconds(10), Loss = 0.05 });
        HttpClient client = site.Client();
        byte[] text = new byte[20_000];
        new Random(8).NextBytes(text);
        for (int i = 0; i < 50; i++) Assert.True(await Echoes(client, text), $"request {i}");
        Assert.True(site.Link.Forward.LostByChance + site.Link.Backward.LostByChance > 10, "packets were lost");
        Assert.True(site.Net.Now.Seconds > 50 * 0.02, "time went by");
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_partition_that_heals_costs_time_and_nothing_else()
    {
        await using Site site = await Start(new() { Delay = Duration.FromMilliseconds(10) });
        HttpClient client = site.Client();
        Assert.True(await Echoes(client, new byte[100]));
        Timestamp before = site.Net.Now;
        site.Link.Partition();
        site.Net.At(before + Duration.FromSeconds(20), () => site.Link.Heal());
        Assert.True(await Echoes(client, new byte[100_000]));
        Assert.True(site.Net.Now - before >= Duration.FromSeconds(20));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_lost_FIN_is_sent_again()
    {
        await using Site site = await Start(new() { Delay = Duration.FromMilliseconds(10) });
        site.Net.AddRule("first FIN from b");
        string response = await site.Exchange("GET / HTTP/1.0\n\n");
        Assert.StartsWith("HTTP/1.1 200 OK", response, StringComparison.Ordinal);
        Assert.Equal(1, site.Net.Rules[0].Applied);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Packets_that_arrive_twice_damaged_or_out_of_order_harm_no_HTTP_2()
    {
        SimulatedLinkOptions bad = new() { Delay = Duration.FromMilliseconds(5), Duplicate = 0.05, Reorder = 0.05, Corrupt = 0.03 };
        await using Site site = await Start(bad, Http2Tests.Http2Only);
        HttpClient client = site.Client(System.Net.HttpVersion.Version20);
        byte[] text = new byte[50_000];
        new Random(9).NextBytes(text);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Echoes(client, text))), Assert.True);
    }

    private static Task<Site> Start(SimulatedLinkOptions link, Action<WebApplicationBuilder>? configure = null) => Site.Start(
        app => app.Run(context => context.Request.Body.CopyToAsync(context.Response.Body)), configure, link);

    private static async Task<bool> Echoes(HttpClient client, byte[] text)
    {
        using HttpResponseMessage response = await client.PostAsync("/", new ByteArrayContent(text));
        byte[] back = await response.Content.ReadAsByteArrayAsync();
        return text.AsSpan().SequenceEqual(back);
    }
}
