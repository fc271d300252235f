using System.Diagnostics;
using System.Globalization;
using Synfin.Telemetry;

namespace Synfin.Runtime.Tests.TelemetryTests;

/// <summary>Listens to one hub's activities and keeps those that ended.</summary>
internal sealed class ActivityReader : IDisposable
{
    private readonly ActivityListener _listener;

    public ActivityReader(TelemetryHub hub)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source == hub.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Ended.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public List<Activity> Ended { get; } = [];

    /// <summary>The one of a kind.</summary>
    public Activity this[ActivityKind kind] => Ended.Single(a => a.Kind == kind);

    /// <summary>Its events as "SYN transmit 5": name, direction, milliseconds after its start.</summary>
    public static string[] Events(Activity activity) =>
    [
        .. activity.Events.Select(e =>
        {
            string what = string.Join(' ', e.Tags.Select(t => t.Value).Prepend(e.Name));
            double after = (e.Timestamp.UtcDateTime - activity.StartTimeUtc).TotalMilliseconds;
            return string.Create(CultureInfo.InvariantCulture, $"{what} {after:0.###}");
        }),
    ];

    public void Dispose() => _listener.Dispose();
}
