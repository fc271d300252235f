using Synfin.Captures.Ladders;
using Synfin.Tcp;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>Has each SEND of a ladder say what it carries: a line of HTTP/1, records of TLS, frames of HTTP/2.</summary>
internal sealed class LadderNarrator(HttpPlan plan, IReadOnlyList<StreamText> streams)
{
    private readonly Dictionary<(int Connection, LadderSide Side), int> _sent = [];
    private readonly Dictionary<(int Connection, LadderSide Side), IReadOnlyList<StreamPart>> _parts = [];

    /// <summary>Writes into <paramref name="shown"/>, which may be folded, what the SENDs of <paramref name="whole"/> say.</summary>
    public Ladder Narrate(Ladder whole, Ladder shown)
    {
        Queue<(LadderRow Row, string Words)> told = new(whole.Rows.Where(IsSend).Select(row => (row, Words(row))));
        return new Ladder
        {
            Left = shown.Left,
            Right = shown.Right,
            Start = shown.Start,
            Absolute = shown.Absolute,
            Connections = shown.Connections,
            Rows = [.. shown.Rows.Select(row => IsSend(row) ? Tell(row, told) : row)],
            Missing = shown.Missing,
        };
    }

    private static bool IsSend(LadderRow row) => row is { Kind: LadderRowKind.Call, Call: UserCall.Send, Octets: > 0 };

    /// <summary>The shown rows are some of the whole ladder's, in its order.</summary>
    private static LadderRow Tell(LadderRow row, Queue<(LadderRow Row, string Words)> told)
    {
        while (told.TryDequeue(out (LadderRow Row, string Words) next))
        {
            bool same = next.Row.Time == row.Time && next.Row.Side == row.Side && next.Row.Connection == row.Connection
                && next.Row.Octets == row.Octets;
            if (same) return next.Words.Length > 0 ? row with { Text = $"{row.Text}: {next.Words}" } : row;
        }
        return row;
    }

    private string Words(LadderRow row)
    {
        (int, LadderSide) key = (row.Connection, row.Side);
        int start = _sent.GetValueOrDefault(key);
        _sent[key] = start + row.Octets;
        if (!_parts.TryGetValue(key, out IReadOnlyList<StreamPart>? parts))
        {
            StreamText? stream = streams.FirstOrDefault(s => s.Connection == row.Connection && s.Side == row.Side);
            _parts[key] = parts = stream is null ? [] : StreamPart.Find(plan, stream);
        }
        return StreamPart.Describe(parts.Where(part => part.Start >= start && part.Start < start + row.Octets));
    }
}
