using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;

namespace Synfin.Samples.Telemetry;

/// <summary>Writes each activity as one line, and its events below it.</summary>
internal sealed class ActivityLines(TextWriter output) : BaseExporter<Activity>
{
    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (Activity activity in batch)
        {
            string status = $"{activity.Status} {activity.StatusDescription}".TrimEnd();
            string who = $"{activity.Kind} {activity.DisplayName}";
            output.Write(string.Create(CultureInfo.InvariantCulture, $"{activity.StartTimeUtc:HH:mm:ss.fff} {who} "));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{activity.Duration.TotalMilliseconds:0.###} ms {status}"));
            foreach (ActivityEvent told in activity.Events)
            {
                string tags = string.Concat(told.Tags.Select(tag => $" {tag.Value}"));
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {told.Timestamp:HH:mm:ss.fff} {told.Name}{tags}"));
            }
        }
        return ExportResult.Success;
    }
}
