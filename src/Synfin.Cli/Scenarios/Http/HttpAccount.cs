using Synfin.Captures.Ladders;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>A run of one request in a few sentences, all of whose figures were recorded.</summary>
internal static class HttpAccount
{
    /// <summary>The sentences, each with the name of what it is about.</summary>
    public static IReadOnlyList<(string Name, string Text)> Of(HttpRun run, Ladder ladder)
    {
        HttpFigures figures = HttpFigures.Of(run, ladder);
        HttpOutcome outcome = run.Outcomes[0];
        List<(string Name, string Text)> lines = [];
        lines.Add(("handshake", figures.Opening is { } opening
            ? $"{HttpWords.RoundTrips(opening)} ({HttpWords.Time(opening)}) before HttpClient could send"
            : $"none: {HttpWords.Count(figures.Syns, "SYN")}, and no connection"));
        if (figures.Securing is { } securing)
        {
            string tls = HttpWords.Name(run.Dials[0].Protocol);
            lines.Add(("TLS", $"{tls}: {HttpWords.RoundTrips(securing)} ({HttpWords.Time(securing)}) more"));
        }
        lines.Add(("exchange", Exchange(run, outcome)));
        foreach (LadderConnection connection in ladder.Connections)
        {
            if (Closing(run, connection) is { } closing) lines.Add(("close", closing));
        }
        long http = StreamText.Of(run.Network, ladder).Sum(s => (long)s.Octets.Length);
        string what = run.Plan.Tls ? "HTTP in TLS" : "HTTP";
        lines.Add((
            "octets",
            $"{http} of {what}, {figures.BodyOctets} of them the page; {HttpWords.Count(figures.Segments, "segment")} with "
            + $"{figures.HeaderOctets} of IP and TCP headers"));
        if (figures.Lost + figures.SentAgain > 0)
        {
            string lost = HttpWords.Count(figures.Lost, "segment");
            lines.Add(("losses", $"{lost} lost, {figures.SentAgain} sent again"));
        }
        return lines;
    }

    private static string Exchange(HttpRun run, HttpOutcome outcome)
    {
        string whole = HttpWords.Time(outcome.Time);
        if (outcome.Error is { } error)
        {
            string causes = HttpWords.Causes(error);
            return $"HttpClient threw {HttpWords.Describe(error)}{(causes.Length > 0 ? $" around {causes}" : "")} after {whole}";
        }
        HttpDial? dial = run.Dials.LastOrDefault(d => d.Established is not null);
        if ((dial?.Secured ?? dial?.Established) is not { } ready) return $"{outcome.Status}, {outcome.Octets} octets, {whole} in all";
        return $"{HttpWords.RoundTrips(outcome.End - ready)} ({HttpWords.Time(outcome.End - ready)}) from the request to the last octet "
            + $"of the answer; {whole} in all";
    }

    /// <summary>Who closed first and why, and what that costs it; null if nobody did.</summary>
    private static string? Closing(HttpRun run, LadderConnection connection)
    {
        LadderVerdict verdict = connection.Verdict;
        if (verdict.Kind is not LadderVerdictKind.OrderlyClose || verdict.Culprit is not { } first) return null;
        string why = first == HttpPlan.Server
            ? run.Outcomes[0].Closes ? "its response said 'Connection: close'" : "Kestrel ended the connection"
            : "disposing of HttpClient closed the connection that it kept";
        string wait = verdict.TimeWait is { } time ? $"; it paid with {HttpWords.Time(time)} in TIME-WAIT" : "";
        return $"{first} first: {why}{wait}";
    }
}
