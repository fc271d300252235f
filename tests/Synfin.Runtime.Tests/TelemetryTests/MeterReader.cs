using System.Diagnostics.Metrics;
using System.Globalization;
using Synfin.Telemetry;

namespace Synfin.Runtime.Tests.TelemetryTests;

/// <summary>Listens to one hub's instruments and keeps what they say as lines, tags in the order of their names.</summary>
internal sealed class MeterReader : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _observed = [];

    /// <summary>Listens.</summary>
    /// <param name="hub">Whose instruments.</param>
    /// <param name="durations">Whether to listen to the histograms too.</param>
    public MeterReader(TelemetryHub hub, bool durations)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == hub.Meter && (durations || instrument.IsObservable)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _observed[Line(instrument, tags)] = value);
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            Durations.Add(string.Create(CultureInfo.InvariantCulture, $"{Line(instrument, tags)} {value:0.000000}")));
        _listener.Start();
    }

    /// <summary>The recordings, one a line: name, tags, seconds.</summary>
    public List<string> Durations { get; } = [];

    /// <summary>What an observable instrument says now; the tag's value alone names the series.</summary>
    public long this[string series]
    {
        get
        {
            _listener.RecordObservableInstruments();
            return _observed[series];
        }
    }

    /// <summary>The states with somebody in them, as "established 2".</summary>
    public string[] States()
    {
        _listener.RecordObservableInstruments();
        const string Prefix = "connections tcp.state=";
        return
        [
            .. _observed.Where(o => o.Key.StartsWith(Prefix, StringComparison.Ordinal) && o.Value != 0)
                .Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Key[Prefix.Length..]} {o.Value}"))
                .Order(StringComparer.Ordinal),
        ];
    }

    public void Dispose() => _listener.Dispose();

    private static string Line(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string name = instrument.Name.Replace("synfin.tcp.", "", StringComparison.Ordinal);
        IEnumerable<string> texts = tags.ToArray().OrderBy(t => t.Key, StringComparer.Ordinal)
            .Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key}={t.Value}"));
        return string.Join(' ', texts.Prepend(name));
    }
}
