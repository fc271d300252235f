using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Synfin.AspNetCore.Tests.Support;

namespace Synfin.AspNetCore.Tests;

/// <summary>Kestrel's own metrics of its connections.</summary>
public sealed class MetricsTests
{
    [Fact(Timeout = Site.Limit)]
    public async Task Active_connections_rise_and_fall_and_durations_have_their_tags()
    {
        using Readings readings = new();
        await using (Site site = await Site.Start(context => context.Response.WriteAsync("x")))
        {
            using (HttpClient client = site.Client())
            {
                await client.GetStringAsync("/");
                Assert.Equal(1, readings.Sum("kestrel.active_connections"));
            }
            await site.Net.RunUntilIdleAsync();
            await site.App.StopAsync();
        }
        Assert.Equal(0, readings.Sum("kestrel.active_connections"));
        Dictionary<string, object?> tags = Assert.Single(readings.Tags("kestrel.connection.duration"));
        Assert.Equal(("ipv4", "tcp"), (tags["network.type"], tags["network.transport"]));
        Assert.Equal(("10.0.0.2", 80), (tags["server.address"], tags["server.port"]));
        Assert.False(tags.ContainsKey("error.type"));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_reset_is_an_error_in_the_duration()
    {
        using Readings readings = new();
        await using (Site site = await Site.Start(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        }))
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => site.Client().GetAsync("http://[fd00::2]/"));
            await site.Net.RunUntilIdleAsync();
        }
        Dictionary<string, object?> tags = Assert.Single(readings.Tags("kestrel.connection.duration"));
        Assert.Equal(("ipv6", "aborted_by_app"), (tags["network.type"], tags["error.type"]));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Tags_can_be_added_by_a_handler()
    {
        using Readings readings = new();
        await using (Site site = await Site.Start(context =>
        {
            context.Features.Get<Microsoft.AspNetCore.Connections.Features.IConnectionMetricsTagsFeature>()!.Tags.Add(new("mine", 1));
            return Task.CompletedTask;
        }))
        {
            await site.Client().GetAsync("/");
        }
        Assert.Equal(1, Assert.Single(readings.Tags("kestrel.connection.duration"))["mine"]);
    }

    private sealed class Readings : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<(string Name, double Value, Dictionary<string, object?> Tags)> _all = [];

        public Readings()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Microsoft.AspNetCore.Server.Kestrel") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();
        }

        public double Sum(string name)
        {
            lock (_all) return _all.Where(reading => reading.Name == name).Sum(reading => reading.Value);
        }

        public List<Dictionary<string, object?>> Tags(string name)
        {
            lock (_all) return [.. _all.Where(reading => reading.Name == name).Select(reading => reading.Tags)];
        }

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Dictionary<string, object?> copy = new(tags.ToArray());
            lock (_all) _all.Add((instrument.Name, value, copy));
        }
    }
}
