using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Synfin.Samples.Telemetry;

/// <summary>Writes each series that is not zero as one line, in the order of the names.</summary>
internal sealed class MetricLines(TextWriter output) : BaseExporter<Metric>
{
    public override ExportResult Export(in Batch<Metric> batch)
    {
        List<string> lines = [];
        foreach (Metric metric in batch)
        {
            foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
            {
                string? value = ValueOf(metric, in point);
                if (value is null) continue;
                List<string> tags = [];
                foreach (KeyValuePair<string, object?> tag in point.Tags) tags.Add($"{tag.Key}={tag.Value}");
                tags.Sort(StringComparer.Ordinal);
                lines.Add($"{metric.Name}{{{string.Join(", ", tags)}}} {value} {metric.Unit}");
            }
        }
        lines.Sort(StringComparer.Ordinal);
        foreach (string line in lines) output.WriteLine(line);
        return ExportResult.Success;
    }

    private static string? ValueOf(Metric metric, in MetricPoint point)
    {
        if (metric.MetricType is MetricType.Histogram)
            return string.Create(CultureInfo.InvariantCulture, $"count {point.GetHistogramCount()} sum {point.GetHistogramSum():0.000}");
        long value = point.GetSumLong();
        return value == 0 ? null : value.ToString(CultureInfo.InvariantCulture);
    }
}
