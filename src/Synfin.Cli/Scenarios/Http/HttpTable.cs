using System.Globalization;
using Synfin.Captures.Ladders;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>Columns of text, the first of which is set left and the others right.</summary>
internal sealed class HttpTable
{
    private const string Gap = "  ";
    private const int NarrowestCell = 20;
    private readonly List<string[]> _rows = [];

    /// <summary>What runs cost, a column each.</summary>
    public static HttpTable Of(IReadOnlyList<(HttpRun Run, HttpFigures Figures)> runs)
    {
        HttpTable table = new();
        HttpFigures[] all = [.. runs.Select(r => r.Figures)];
        table.Add(
            HttpWords.Count(runs[0].Run.Plan.Requests, "request") + (runs[0].Run.Plan.Tls ? " over TLS" : ""),
            runs.Select(r => r.Run.Plan.ModeName));
        table.Add("connections", all.Select(f => Whole(f.Connections)));
        table.Add("segments with SYN", all.Select(f => Whole(f.Syns)));
        table.Add("segments in all", all.Select(f => Whole(f.Segments)));
        if (all.Any(f => f.Lost > 0)) table.Add("segments lost", all.Select(f => Whole(f.Lost)));
        if (all.Any(f => f.SentAgain > 0)) table.Add("segments sent again", all.Select(f => Whole(f.SentAgain)));
        table.Add("octets on the wire", all.Select(f => Whole(f.Octets)));
        table.Add("of these IP and TCP headers", all.Select(f => Whole(f.HeaderOctets)));
        table.Add("round trips to open", all.Select(f => f.Opening is { } o ? HttpWords.Number(HttpFigures.RoundTrips(o)) : "-"));
        if (all.Any(f => f.Securing is not null))
            table.Add("round trips of TLS", all.Select(f => f.Securing is { } s ? HttpWords.Number(HttpFigures.RoundTrips(s)) : "-"));
        table.Add("virtual time", all.Select(f => HttpWords.Time(f.Time)));
        table.Add("requests a virtual second", all.Select(f => HttpWords.Number(f.Rate)));
        if (all.Any(f => f.Failed > 0)) table.Add("requests that failed", all.Select(f => Whole(f.Failed)));
        table.Add("TIME-WAITs left behind", all.Select(TimeWaits));
        return table;
    }

    /// <summary>Adds a row.</summary>
    public void Add(string name, IEnumerable<string> values) => _rows.Add([name, .. values]);

    /// <summary>The table in lines.</summary>
    public IEnumerable<string> Lines()
    {
        int[] widths = [.. Enumerable.Range(0, _rows[0].Length).Select(i => _rows.Max(row => row[i].Length))];
        foreach (string[] row in _rows)
        {
            yield return string.Join(Gap, row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])));
        }
    }

    /// <summary>Rows of cells with a head: the last column takes what is left of the width, and wraps; numbers stand right.</summary>
    public static void Write(IReadOnlyList<string[]> rows, int width, TextWriter output)
    {
        int last = rows[0].Length - 1;
        int[] widths = [.. Enumerable.Range(0, last).Select(i => rows.Max(row => row[i].Length))];
        int indent = widths.Sum() + last * Gap.Length;
        foreach (string[] row in rows)
        {
            IEnumerable<string> cells = row[..last].Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            string start = string.Concat(cells.Select(cell => cell + Gap));
            foreach (string line in WordWrap.Lines(row[last], Math.Max(width - indent, NarrowestCell)))
            {
                output.WriteLine(start + line);
                start = new string(' ', indent);
            }
        }
    }

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string TimeWaits(HttpFigures figures) => (figures.ClientTimeWaits, figures.ServerTimeWaits) switch
    {
        (0, 0) => "none",
        (var c, 0) => $"{c} at the {HttpPlan.Client}",
        (0, var s) => $"{s} at the {HttpPlan.Server}",
        var (c, s) => $"{c} + {s} at both",
    };
}
