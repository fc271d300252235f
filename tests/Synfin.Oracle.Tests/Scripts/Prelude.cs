namespace Synfin.Oracle.Tests.Scripts;

/// <summary>A way into a state, and which options its handshake agrees on.</summary>
internal sealed record Prelude(string Name, bool Listens, IReadOnlyList<Step> Steps, bool Timestamps)
{
    /// <summary>Every state by every way in that takes no time, with all options in use, or with none.</summary>
    public static IReadOnlyList<Prelude> All { get; } =
    [
        .. Make("none", "mss 1460", ""),
        .. Make("all", "mss 1460 ws 2 sackOK ts 0", " ts 0"),
    ];

    /// <summary>The script that goes on from here.</summary>
    public Script Then(string name, IEnumerable<Step> steps) => new($"{Name}: {name}", Listens, [.. Steps, .. steps]);

    private static IEnumerable<Prelude> Make(string options, string syn, string each)
    {
        string[] passive = [$"> S seq irs+0 {syn}", $"> . seq rcv+0 ack snd+0{each}"];
        string[] active = ["connect", $"> S. seq irs+0 ack snd+0 {syn}"];
        string ack = $"> . seq rcv+0 ack snd+0{each}";
        string fin = $"> F. seq rcv+0 ack snd+0{each}";
        string finCrossing = $"> F. seq rcv+0 ack snd-1{each}";
        yield return From("SYN-RECEIVED", true, [passive[0]]);
        yield return From("SYN-RECEIVED crossing", false, ["connect", $"> S seq irs+0 {syn}"]);
        if (each.Length == 0)
        {
            yield return From("CLOSED", false, []);
            yield return From("LISTEN", true, []);
            yield return From("SYN-SENT", false, ["connect"]);
        }
        yield return From("ESTABLISHED active", false, active);
        yield return From("ESTABLISHED text in flight", true, [.. passive, "send 3000"]);
        yield return From("ESTABLISHED unread text", true, [.. passive, $"> P. seq rcv+0 ack snd+0 len 100{each}"]);
        yield return From("ESTABLISHED gap", true, [.. passive, $"> P. seq rcv+100 ack snd+0 len 100{each}"]);
        yield return From("ESTABLISHED window closed", true, [.. passive, $"> . seq rcv+0 ack snd+0 win 0{each}", "send 100"]);
        foreach (string leave in new[] { "shutdown", "close" })
        {
            yield return From($"FIN-WAIT-1 {leave}", true, [.. passive, leave]);
            yield return From($"FIN-WAIT-2 {leave}", true, [.. passive, leave, ack]);
            yield return From($"CLOSING {leave}", true, [.. passive, leave, finCrossing]);
            yield return From($"LAST-ACK {leave}", true, [.. passive, fin, leave]);
            yield return From($"TIME-WAIT {leave}", true, [.. passive, leave, ack, fin]);
        }
        yield return From("ESTABLISHED", true, passive);
        yield return From("CLOSE-WAIT", true, [.. passive, fin]);
        yield return From("TIME-WAIT active", false, [.. active, "close", ack, fin]);
        yield return From("CLOSED after a reset", true, [.. passive, $"> R seq rcv+0{each}"]);

        Prelude From(string state, bool listens, string[] steps) =>
            new($"{state}, options {options}", listens, [.. steps.Select(StepParser.Parse)], each.Length > 0);
    }
}
