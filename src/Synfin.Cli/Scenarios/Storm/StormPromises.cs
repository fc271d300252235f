using Synfin.Simulation;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.Cli.Scenarios.Storm;

/// <summary>What must hold in every world, whatever goes wrong there.</summary>
internal static class StormPromises
{
    /// <summary>Segments that no world needs: these for a connection, and one for so many octets.</summary>
    private const int MostSegments = 60_000;
    private const int LeastOctetsInSegment = 4;

    /// <summary>The promises that a run broke; none if all is well.</summary>
    public static IReadOnlyList<string> BrokenBy(StormRun run)
    {
        List<string> broken = [];
        if (run.Failure is { } failure)
        {
            broken.Add($"the run did not come to its end: {failure.Message}\n{failure.StackTrace}");
            return broken;
        }
        bool isGentle = IsGentle(run);
        foreach (StormPair pair in run.Pairs)
        {
            CheckStream(pair.Client, pair.Server, broken);
            CheckStream(pair.Server, pair.Client, broken);
            CheckBoth(pair, broken);
            if (isGentle && !SharesPorts(run.World, pair.Connection)) CheckCivil(pair, broken);
        }
        foreach (SimulatedHost host in run.Network.Hosts) CheckLeftovers(host, broken);
        CheckSegments(run, broken);
        return broken;
    }

    private static void CheckStream(StormApplication reader, StormApplication writer, List<string> broken)
    {
        if (reader.Complaint is { } complaint) broken.Add($"{reader.Name}: {complaint}");
        if (reader.Connection is not null && !reader.HasEnded) broken.Add($"{reader.Name}'s task has not ended");
        if (reader.Read > writer.Offered) broken.Add($"{reader.Name} read {reader.Read} octets, but only {writer.Offered} were written");
        if (reader.SawEnd && reader.Read < writer.Written)
            broken.Add($"{reader.Name} saw the end after {reader.Read} octets, but {writer.Written} were written before it");
    }

    private static void CheckBoth(StormPair pair, List<string> broken)
    {
        if (!IsInOrder(pair.Client) || !IsInOrder(pair.Server)) return;
        CheckWhole(pair.Client, pair.Server, broken);
        CheckWhole(pair.Server, pair.Client, broken);
    }

    private static void CheckWhole(StormApplication reader, StormApplication writer, List<string> broken)
    {
        if (reader.Read < writer.Written && !reader.HasAborted)
            broken.Add($"both ends closed in order, but {reader.Name} read {reader.Read} of {writer.Written} octets");
    }

    private static bool IsInOrder(StormApplication application) => application.Connection?.CloseReason
        is CloseReason.LocalClose or CloseReason.RemoteClose or CloseReason.SimultaneousClose;

    /// <summary>On a network that only dawdles, connections of applications that only talk and close are whole.</summary>
    private static void CheckCivil(StormPair pair, List<string> broken)
    {
        if (!pair.Client.Plan.IsCivil || !pair.Server.Plan.IsCivil) return;
        if (pair.Connection.SimultaneousAfter is { } after && after != Duration.Zero) return; // may be refused
        foreach (StormApplication application in (StormApplication[])[pair.Client, pair.Server])
        {
            if (!IsInOrder(application)) broken.Add($"nothing ended it, but {application.Name} did not end in order");
            if (!application.SawEnd) broken.Add($"nothing ended it, but {application.Name} did not read the end");
            if (application.Written != application.Plan.Amount) broken.Add($"nothing ended it, but {application.Name} could not write all");
        }
    }

    /// <summary>
    /// Whether another connection has the same ports: it may find them in use, or end this one where it waits for the last ACK only, as a
    /// SYN out of TIME-WAIT may (RFC 6191).
    /// </summary>
    private static bool SharesPorts(StormWorld world, StormConnection connection) =>
        connection.FollowsLast || world.Connections.Any(c => c.Number == connection.Number + 1 && c.FollowsLast);

    /// <summary>Whether nothing in this world may end a connection.</summary>
    public static bool IsGentle(StormRun run)
    {
        StormWorld world = run.World;
        if (world.Link.Loss + world.Link.Corrupt > 0.05 || world.Crashes.Count > 0) return false;
        if (world.A.MaxPages < 1_000 || world.B.MaxPages < 1_000) return false;
        if (!IsPatient(world.Accepted) || !world.Connections.All(c => IsPatient(c.Options))) return false;
        if (world.Middleboxes.Any(b => b.Kind <= StormMiddleboxKind.StripAll && b.Directions != LinkDirections.Both)) return false;
        Duration partitioned = Duration.Zero;
        foreach (StormPartition partition in world.Partitions) partitioned += partition.For ?? Duration.FromSeconds(1_000);
        if (partitioned > Duration.FromSeconds(2)) return false;
        foreach (SimulatedHost host in run.Network.Hosts)
        {
            // A cookie whose ACK is lost leaves a client that waits for the server to speak first. Who is forgotten in TIME-WAIT cannot
            // acknowledge a FIN that comes again.
            if (host.Stack.Counters.SynCookiesSent > 0 || host.Stack.Counters.TimeWaitRecycled > 0) return false;
        }
        return true;
    }

    private static bool IsPatient(TcpConnectionOptions options) =>
        !options.KeepAlive && options.UserTimeout == Duration.Zero && options.Linger is null;

    private static void CheckLeftovers(SimulatedHost host, List<string> broken)
    {
        if (!host.IsUp) return;
        NetworkStack stack = host.Stack;
        (string What, int Count)[] leftovers =
        [
            ("connections", stack.ConnectionCount),
            ("half-open entries", stack.SynQueueCount),
            ("TIME-WAIT entries", stack.TimeWaitCount),
            ("pages", stack.PagesInUse),
            ("orphans", stack.OrphanCount),
        ];
        foreach ((string what, int count) in leftovers)
        {
            if (count != 0) broken.Add($"{host.Name} is left with {count} {what}");
        }
        if (stack.HasOutput || stack.NextDeadline.IsSet) broken.Add($"{host.Name} still has something to do");
    }

    private static void CheckSegments(StormRun run, List<string> broken)
    {
        if (run.Quiet.IsTooLoud) broken.Add($"{run.Quiet.Loudest} segments in a second in which there was nothing to say");
        long octets = run.Pairs.Sum(p => (long)p.Client.Offered + p.Server.Offered);
        long most = MostSegments * (long)run.Pairs.Count + octets / LeastOctetsInSegment;
        if (run.Quiet.Sent > most) broken.Add($"{run.Quiet.Sent} segments for {octets} octets");
    }
}
