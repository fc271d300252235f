using System.Globalization;
using System.Text;
using Synfin.Captures.Ladders;
using Synfin.Cli.Scenarios;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Cli.Tests.Scenarios;

/// <summary>A ladder in lines that a test can state:
/// <code>
/// 1. CLOSED | LISTEN                                          the states of both ends
/// 2. a>b SYN seq=0 | SYN-SENT | SYN-RECEIVED                  a segment, and the states after it
/// 3. a>b FIN,ACK seq=5 ack=11 lost | FIN-WAIT-1 | ESTABLISHED
/// 4. a>b PSH,ACK seq=5 ack=11 len=4 again 3 | ...             text only; SYN and FIN are not counted
/// 5. b>a ACK seq=1 ack=5 leaves | ...                         and a later row "6. b>a ... arrives", after a second "arrives sent 5"
/// a OPEN, b RECEIVE 4, a [RTO 1.0 s]                          calls and timers
/// b: a note, : a note about the network, 10 segments 4000&lt;>0  notes, folded runs
/// ... 2.0 s ...                                               nothing happens
/// </code>
/// A connection that is not the only one puts its number before: <c>#2 3. a>b ...</c>.
/// </summary>
internal static class Rows
{
    private static readonly (TcpFlags Flag, string Name)[] _controls =
    [
        (TcpFlags.Syn, "SYN"), (TcpFlags.Fin, "FIN"), (TcpFlags.Rst, "RST"), (TcpFlags.Psh, "PSH"), (TcpFlags.Urg, "URG"),
        (TcpFlags.Ack, "ACK"),
    ];

    /// <summary>Plays a scenario of the catalogue.</summary>
    public static Stage Play(string scenario, params string[] lose) =>
        ((Scenario)ScenarioCatalog.All.First(s => s.Name == scenario)).Perform(new DemoOptions { Scenario = scenario, Lose = lose });

    /// <summary>All rows of a ladder, each with its time in seconds before it.</summary>
    public static string[] Timed(Ladder ladder) => [.. ladder.Rows.Select(row => Time(ladder, row.Time) + Line(ladder, row))];

    /// <summary>All rows.</summary>
    public static string[] Of(Stage stage) => Lines(stage, static _ => true, timed: false);

    /// <summary>All rows, each with its time in seconds before it: <c>0.010 3. a>b ...</c>.</summary>
    public static string[] Timed(Stage stage) => Lines(stage, static _ => true, timed: true);

    /// <summary>Segments, changes of state and timers, but no calls and notes.</summary>
    public static string[] Segments(Stage stage) =>
        Lines(stage, static row => row.Kind is not (LadderRowKind.Call or LadderRowKind.Note or LadderRowKind.Gap), timed: false);

    /// <summary>The closing lines below the ladder, one a connection, and the scenario's own remarks.</summary>
    public static string[] Closing(Stage stage) =>
        [.. Ladder(stage).Connections.Select(c => c.Verdict.Sentence), .. stage.Remarks];

    /// <summary>Whether both hosts have forgotten everything.</summary>
    public static bool IsClean(Stage stage) => Connections(stage.A) + Connections(stage.B) == 0;

    /// <summary>The ladder as <c>demo</c> draws it.</summary>
    public static Ladder Ladder(Stage stage) => stage.Network.Ladder!.Build(stage.LadderOptions);

    private static int Connections(Simulation.SimulatedHost host) => host.Stack.ConnectionCount + host.Stack.TimeWaitCount;

    private static string[] Lines(Stage stage, Func<LadderRow, bool> wanted, bool timed)
    {
        Ladder ladder = Ladder(stage);
        return [.. ladder.Rows.Where(wanted).Select(row => (timed ? Time(ladder, row.Time) : "") + Line(ladder, row))];
    }

    private static string Time(Ladder ladder, Timestamp time) =>
        (time - ladder.Start).Seconds.ToString("0.000 ", CultureInfo.InvariantCulture);

    private static string Line(Ladder ladder, LadderRow row)
    {
        string connection = ladder.Connections.Count > 1 && row.Connection > 0 ? $"#{row.Connection} " : "";
        string number = row.Number > 0 ? $"{row.Number}. " : "";
        return connection + number + row.Kind switch
        {
            LadderRowKind.States => $"{row.Left} | {row.Right}",
            LadderRowKind.Segment => $"{Segment(ladder, row)} | {row.Left} | {row.Right}",
            LadderRowKind.Icmp => $"{Way(ladder, row)} {row.Text}{Passage(row.Passage)}",
            LadderRowKind.Run => $"{row.Run!.Segments} segments {row.Run.OctetsToRight}<>{row.Run.OctetsToLeft} | {row.Left} | {row.Right}",
            LadderRowKind.Timer => $"{Host(ladder, row.Side)} [{row.Text}]",
            LadderRowKind.Note => $"{Host(ladder, row.Side)}: {row.Text}",
            LadderRowKind.Gap => string.Create(CultureInfo.InvariantCulture, $"... {row.Waited!.Value.Seconds:0.0##} s ..."),
            LadderRowKind.Call => $"{Host(ladder, row.Side)} {row.Text}",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static string Segment(Ladder ladder, LadderRow row)
    {
        LadderArrow arrow = row.Arrow!;
        CultureInfo c = CultureInfo.InvariantCulture;
        var text = new StringBuilder(Way(ladder, row));
        text.Append(' ').AppendJoin(',', _controls.Where(p => arrow.Segment.Has(p.Flag)).Select(p => p.Name));
        text.Append(c, $" seq={arrow.Seq}");
        if (arrow.Ack is { } ack) text.Append(c, $" ack={ack}");
        if (arrow.Segment.TextLength > 0) text.Append(c, $" len={arrow.Segment.TextLength}");
        if (arrow.Segment.Has(TcpFlags.Urg)) text.Append(c, $" up={arrow.Segment.Up}");
        if ((arrow.Marks & (LadderMarks.ZeroWindow | LadderMarks.WindowUpdate)) != 0) text.Append(c, $" wnd={arrow.Window}");
        foreach ((long left, long right) in arrow.Sack) text.Append(c, $" sack={left}-{right}");
        if (arrow.AgainOf > 0) text.Append(c, $" again {arrow.AgainOf}");
        LadderMarks marks = arrow.Marks & ~LadderMarks.ZeroWindow;
        if (marks != LadderMarks.None) text.Append(' ').Append(marks);
        if (arrow.Dropped != DropReason.None) text.Append(" dropped ").Append(arrow.Dropped);
        text.Append(Passage(arrow.Passage));
        if (arrow.SentInRow > 0) text.Append(c, $" sent {arrow.SentInRow}");
        return text.ToString();
    }

    private static string Passage(LadderPassage passage) => passage switch
    {
        LadderPassage.Whole => "",
        LadderPassage.Departs => " leaves",
        LadderPassage.Arrives => " arrives",
        LadderPassage.Lost => " lost",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Way(Ladder ladder, LadderRow row) => row.Side == LadderSide.Left
        ? $"{ladder.Left}>{ladder.Right}"
        : $"{ladder.Right}>{ladder.Left}";

    private static string Host(Ladder ladder, LadderSide side) => side switch
    {
        LadderSide.None => "",
        LadderSide.Left => ladder.Left,
        LadderSide.Right => ladder.Right,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
