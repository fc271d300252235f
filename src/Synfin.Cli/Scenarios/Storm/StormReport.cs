using System.Globalization;
using Synfin.Captures.Ladders;
using Synfin.Simulation;
using Synfin.Stack;

namespace Synfin.Cli.Scenarios.Storm;

/// <summary>A world and its run in words.</summary>
internal static class StormReport
{
    private const int LadderRows = 60;
    private const int LadderWidth = 120;

    private static readonly (string What, Func<StormWorld, StormWorld> Without)[] _simplifications =
    [
        ("crashes", w => w with { Crashes = [] }),
        ("partitions", w => w with { Partitions = [] }),
        ("middleboxes", w => w with { Middleboxes = [] }),
        ("switch", w => w with { NarrowMtu = null }),
        ("loss", w => w with { Link = w.Link with { Loss = 0 } }),
        ("duplication", w => w with { Link = w.Link with { Duplicate = 0 } }),
        ("reordering", w => w with { Link = w.Link with { Reorder = 0 } }),
        ("corruption", w => w with { Link = w.Link with { Corrupt = 0 } }),
        ("jitter", w => w with { Link = w.Link with { Jitter = Timers.Duration.Zero } }),
        ("rate", w => w with { Link = w.Link with { BitsPerSecond = null } }),
        ("offloads", w => w with { Link = w.Link with { Offloads = false } }),
        ("ISN", w => w with { Isn = null }),
        ("fickleness", w => With(w, s => s with { IsFickle = false })),
        ("pauses", w => With(w, s => s with { PauseChance = 0 })),
        ("aborts", w => With(w, s => s with { AbortAfter = null })),
        ("connections but the first", w => w with { Connections = [w.Connections[0]] }),
        ("a's profile", w => w with { A = w.A with { Profile = TcpProfile.Default } }),
        ("b's profile", w => w with { B = w.B with { Profile = TcpProfile.Default } }),
    ];

    /// <summary>What the world was, and what its applications saw.</summary>
    public static IEnumerable<string> Describe(StormRun run)
    {
        StormWorld world = run.World;
        SimulatedLinkOptions link = world.Link;
        yield return Text($"link: {Rate(link)}, {link.Delay} each way, jitter {link.Jitter}, queue {link.QueuePackets}, MTU {link.Mtu}")
            + (link.Offloads ? ", offloads" : "") + (world.NarrowMtu is { } mtu ? $", then {mtu}" : "") + (world.IsIpv6 ? ", IPv6" : "");
        yield return Text($"faults: loss {link.Loss:P1}, duplication {link.Duplicate:P1}, corruption {link.Corrupt:P1}, ")
            + Text($"reordering {link.Reorder:P1} by {link.ReorderDelay}");
        foreach (StormPartition p in world.Partitions)
            yield return $"partition: {p.Directions} after {p.From} " + (p.For is { } time ? $"for {time}" : "for ever");
        foreach (StormCrash c in world.Crashes)
            yield return $"crash: {c.Host} after {c.At}" + (c.RestartsAfter is { } time ? $", back {time} later" : "");
        foreach (StormMiddlebox b in world.Middleboxes) yield return $"middlebox: {b.Kind} {b.Directions} {b.Value}";
        if (world.Isn is { } isn) yield return $"ISN: {isn.Host}'s first near {isn.Value:N0}";
        yield return $"a: {Describe(world.A)}";
        yield return $"b: {Describe(world.B)}";
        yield return $"listeners: backlog {world.Backlog}, {Describe(world.Accepted)}";
        foreach (StormPair pair in run.Pairs)
        {
            StormConnection c = pair.Connection;
            string both = c.SimultaneousAfter is { } after ? $", by both, {after} apart" : "";
            string when = $"after {c.Start}" + (c.FollowsLast ? ", on the ports of the last" : "");
            yield return $"#{c.Number + 1}: opened by {(c.OpenedByB ? "b" : "a")} {when}{both}, {Describe(c.Options)}";
            yield return $"  {pair.Client} [{Describe(c.Client)}]";
            yield return $"  {pair.Server} [{Describe(c.Server)}]";
        }
        yield return Text($"{run.Quiet.Sent:N0} segments, trace {run.Network.TraceHash:x16}");
    }

    /// <summary>What a failing test says: the broken promises, the world, the end of the ladder, the command that plays it again.</summary>
    public static string Explain(StormWorld world)
    {
        StormRun run = StormRun.Play(world, record: true);
        List<string> lines = [$"world {world.Seed} breaks:", .. StormPromises.BrokenBy(run), "", .. Describe(run), ""];
        lines.AddRange(LastRows(run));
        lines.Add("");
        lines.Add($"It breaks without {Needless(world)}.");
        lines.Add($"dotnet run --project src/Synfin.Cli -- demo storm --seed {world.Seed}");
        return string.Join('\n', lines);
    }

    /// <summary>The ladder of a run.</summary>
    public static Ladder Ladder(StormRun run, bool absolute) =>
        run.Network.Ladder!.Build(new LadderOptions { Left = "a", Right = "b", Absolute = absolute });

    private static IEnumerable<string> LastRows(StormRun run)
    {
        string[] rows = TextLadderRenderer.Render(Ladder(run, absolute: false), LadderWidth).Split('\n');
        return rows.Length <= LadderRows ? rows : rows[..1].Append("...").Concat(rows[^LadderRows..]);
    }

    /// <summary>What can be taken from the world, one thing after the other, and it still breaks a promise.</summary>
    private static string Needless(StormWorld world)
    {
        List<string> needless = [];
        foreach ((string what, Func<StormWorld, StormWorld> without) in _simplifications)
        {
            StormWorld simpler = without(world);
            if (StormPromises.BrokenBy(StormRun.Play(simpler)).Count == 0) continue;
            world = simpler;
            needless.Add(what);
        }
        return needless.Count == 0 ? "nothing less" : string.Join(", ", needless);
    }

    private static StormWorld With(StormWorld world, Func<StormSide, StormSide> change) => world with
    {
        Connections = [.. world.Connections.Select(c => c with { Client = change(c.Client), Server = change(c.Server) })],
    };

    private static string Rate(SimulatedLinkOptions link) => link.BitsPerSecond is { } rate ? Text($"{rate:N0} bit/s") : "any rate";

    private static string Describe(StackOptions stack)
    {
        TcpProfile profile = stack.Profile;
        string limits = Text($"{stack.MaxPages} pages, {stack.MaxOutOfOrderRanges} out-of-order and {stack.MaxSackRanges} SACK ranges");
        string without = (profile.Sack ? "" : ", no SACK") + (profile.Timestamps ? "" : ", no timestamps")
            + (profile.WindowScaling ? "" : ", no scaling");
        return $"profile {profile.Name}{without}, {limits}, {stack.MaxTimeWait} TIME-WAIT";
    }

    private static string Describe(TcpConnectionOptions options) =>
        Text($"buffers {options.ReceiveBuffer:N0} in, {options.SendBuffer:N0} out")
        + (options.NoDelay ? ", no delay" : "") + (options.Cork ? ", cork" : "") + (options.QuickAck ? ", quick ACK" : "")
        + (options.MaximumSegmentSize > 0 ? $", MSS {options.MaximumSegmentSize}" : "")
        + (options.KeepAlive ? $", keep-alive {options.KeepAliveTime} + {options.KeepAliveProbes} x {options.KeepAliveInterval}" : "")
        + (options.UserTimeout > Timers.Duration.Zero ? $", user timeout {options.UserTimeout}" : "")
        + (options.Linger is { } linger ? $", linger {linger}" : "");

    private static string Describe(StormSide side) => $"{side.Ending}"
        + (side.AbortAfter is { } time ? $", aborts after {time}" : "")
        + Text($", writes {side.LongestWrite:N0}, reads {side.LongestRead:N0}")
        + (side.PauseChance > 0 ? $", pauses {side.LongestPause}" : "") + (side.IsFickle ? ", fickle" : "");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
