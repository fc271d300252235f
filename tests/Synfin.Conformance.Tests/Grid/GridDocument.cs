using System.Globalization;
using System.Text;
using Synfin.Conformance.Tests.Transcription;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>docs/grid.md: what the grid has, and every deviation with its reason and its cells.</summary>
internal static class GridDocument
{
    public const string Name = "docs/grid.md";

    public static string Path => System.IO.Path.Combine(Root(), "docs", "grid.md");

    public static string Text(Func<string, GridOfProfile> of)
    {
        var text = new StringBuilder();
        text.Append(Intro());
        Counts(text, of);
        Shape(text);
        Ways(text);
        List(text, of);
        return text.ToString();
    }

    private static string Intro() => """
        # The grid: every event in every state, against RFC 9293 3.10

        `tests/Synfin.Conformance.Tests` has RFC 9293 3.10 as a program (`Transcription/`): plain C# over an abstract TCB, in the
        RFC's order, each sentence above the line that does it; what RFC 5961, 7323, 1337 and 6191 put in a sentence's place is marked.
        It was written apart from the engine and uses nothing of it. The grid (`Grid/`) brings a fresh engine to a state by real segments
        and calls, lets one event happen, and compares all that can be seen with what the program says: the state, each segment sent
        (flags, numbers, text, window), SND.UNA, SND.NXT, SND.WND, SND.WL1, SND.WL2, MAX.SND.WND, RCV.NXT, RCV.WND, TS.Recent, the
        queues, the text that can be read, octet by octet, what the user is told, and whether 2 MSL started. Both ISNs lie just before
        the wrap of the sequence space.

        Where the two differ, the list below says so, or the test fails; an entry that no cell needs fails it too. This page is made of
        that list: `SYNFIN_UPDATE_DOCS=1 dotnet test tests/Synfin.Conformance.Tests`.

        Not in the grid: when a delayed ACK goes out (all acknowledge at once here, and one acknowledgment an event, MUST-58), Nagle,
        congestion control, SACK, a second event within the limit of answers (RFC 5961 7; the first is always answered), and the values
        of our timestamps. After a SYN in TIME-WAIT that turns out to be an old duplicate the state is LISTEN, not TIME-WAIT again
        (3.6.1, MAY-2 (2)): that takes two events, so the grid does not show it. A half-open connection of a listener and TIME-WAIT have
        no full TCB: there only state, segments and timer are compared, and what the next event makes of them.


        """;

    private static void Counts(StringBuilder text, Func<string, GridOfProfile> of)
    {
        text.Append("## Cells\n\n| profile | segments | user calls | timeouts | all | that deviate |\n|---|---:|---:|---:|---:|---:|\n");
        foreach (string profile in GridOfProfile.Names)
        {
            GridOfProfile grid = of(profile);
            text.Append(Invariant($"| {profile} | {grid.Segments:N0} | {grid.Calls:N0} | {grid.Timeouts:N0} | "));
            text.Append(Invariant($"{grid.Cells:N0} | {grid.Deviating:N0} |\n"));
        }
    }

    private static void Shape(StringBuilder text)
    {
        text.Append("\n## Dimensions\n\n| what | classes |\n|---|---|\n");
        void Row(string what, params ReadOnlySpan<string> classes) =>
            text.Append(Invariant($"| {what} | {string.Join("; ", classes)} |\n"));
        Row("flags", "all 64 sets of URG, ACK, PSH, RST, SYN, FIN");
        Row("SEG.SEQ", "100,000 before the window", "the peer's SYN again", "an old duplicate", "ending at RCV.NXT", "RCV.NXT - 1",
            "over the left edge", "RCV.NXT", "behind a gap", "ending with the window", "the window's last octet", "at its edge",
            "over the right edge by one, and by half", "100,000 beyond");
        Row("SEG.ACK", "older than SND.UNA - MAX.SND.WND", "just that", "SND.UNA - 100", "SND.UNA - 1", "SND.UNA", "SND.UNA + 1",
            "SND.NXT - 1", "SND.NXT", "SND.NXT + 1", "SND.NXT + 100,000", "without ACK none");
        Row("text", "none", "1", "100 octets", "2 more than the window takes (over both of its edges with the right number)");
        Row("SEG.WND, SEG.UP", "a window that was not seen before", "5 with URG");
        Row("TSval, where timestamps are used", "as the last", "newer", "older", "none");
        Row("user calls", "OPEN passive and active", "SEND and RECEIVE of 1, 10 and 1,024 octets", "CLOSE of the sending half and of both",
            "ABORT", "STATUS");
        Row("timeouts", "user timeout", "retransmission", "TIME-WAIT");
        text.Append("\nA call that there is nothing to make on (SEND on a listener, a call on a half-open connection that nobody was ");
        text.Append("given) is no cell.\n\n");
    }

    private static void Ways(StringBuilder text)
    {
        text.Append("## States, and what is queued in them\n\n");
        foreach (IGrouping<ConnectionState, Setting> state in Settings.All.GroupBy(s => s.State).OrderBy(g => g.Key))
            text.Append(Invariant($"* {string.Join("; ", state.Select(s => s.Name))}\n"));
        text.Append('\n');
    }

    private static void List(StringBuilder text, Func<string, GridOfProfile> of)
    {
        text.Append(Invariant($"## Deviations\n\nThe {Deviations.All.Count} of them, and the cells that need each.\n"));
        foreach (Deviation deviation in Deviations.All)
        {
            IEnumerable<string> cells = GridOfProfile.Names.Where(deviation.IsIn)
                .Select(profile => Invariant($"{profile} {of(profile).Used(deviation.Id):N0}"));
            text.Append(Invariant($"\n### {char.ToUpperInvariant(deviation.Id[0])}{deviation.Id[1..]}\n"));
            text.Append(Invariant($"* RFC: {deviation.Rfc}\n* Synfin: {deviation.Synfin}\n* Why: {deviation.Why}\n"));
            text.Append(Invariant($"* Cells: {string.Join(", ", cells)}.\n"));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Synfin.slnx"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Synfin.slnx");
    }
}
