using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Synfin.Simulation;
using Synfin.Timers;

namespace Synfin.Determinism;

/// <summary>
/// A random world of random applications: hosts, links with accidents, crashes, and code that opens, writes, reads, cancels, aborts and
/// closes at random moments. Strict mode plays a seed the same way each time; hosted mode plays it with real threads and real races.
/// </summary>
public sealed partial class AppStorm
{
    private const int PatienceSeconds = 400;

    private static readonly TimeSpan _realLimit = TimeSpan.FromSeconds(30);

    private readonly ulong _seed;
    private readonly bool _isHosted;
    private readonly SimulatedNetwork _net;
    private readonly List<Task> _tasks = [];
    private readonly List<StormSide> _sides = [];
    private readonly ConcurrentQueue<string> _broken = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly Dictionary<string, int> _crashes = [];
    private int _names;

    private AppStorm(ulong seed, SimulationMode mode)
    {
        _seed = seed;
        _isHosted = mode is SimulationMode.Hosted;
        Random = new DeterministicRandom(seed).Fork("application storm");
        _net = MakeNetwork(Random.Fork("network"), mode);
    }

    internal DeterministicRandom Random { get; }

    /// <summary>Whether who was told may not have heard it yet: on the thread pool.</summary>
    public bool MayLag => _isHosted;

    /// <summary>Whether the network was disposed of.</summary>
    internal bool IsStopped => _stopped.IsCancellationRequested;

    /// <summary>Plays a world in strict mode.</summary>
    public static StormOutcome PlayStrict(ulong seed)
    {
        AppStorm storm = new(seed, SimulationMode.Strict);
        storm.Begin();
        try
        {
            storm._net.RunUntilIdle(Duration.FromSeconds(50_000));
        }
        catch (Exception failure)
        {
            storm.Break($"the run did not come to its end: {failure}");
        }
        return storm.End();
    }

    /// <summary>Plays a world in hosted mode.</summary>
    /// <param name="seed">The world.</param>
    /// <param name="isCut">Whether the network is disposed of in the middle of it.</param>
    public static async Task<StormOutcome> PlayHosted(ulong seed, bool isCut)
    {
        AppStorm storm = new(seed, SimulationMode.Hosted);
        using SimulatedNetwork net = storm._net;
        storm.Begin();
        try
        {
            if (isCut) await storm.Cut();
            else await net.RunUntilIdleAsync().WaitAsync(_realLimit);
            await Task.WhenAll(storm.Tasks()).WaitAsync(_realLimit);
            // A machine that is busy with others may look quiet too early; and a host may have come back meanwhile.
            if (!isCut) await net.RunUntilIdleAsync().WaitAsync(_realLimit);
            await Task.WhenAll(storm.Tasks()).WaitAsync(_realLimit);
        }
        catch (Exception failure)
        {
            storm.Break($"the run did not come to its end: {failure}\n{net.Describe()}");
        }
        return storm.End();
    }

    internal void Break(string what)
    {
        string mode = _isHosted ? "hosted" : "strict";
        _broken.Enqueue(string.Create(CultureInfo.InvariantCulture, $"seed {_seed} ({mode}), {_net.Now}: {what}"));
    }

    internal CancellationTokenSource Patience(int times = 1) => new(TimeSpan.FromSeconds(times * PatienceSeconds), _net.TimeProvider);

    internal int CrashesOf(SimulatedHost host)
    {
        lock (_crashes) return _crashes.GetValueOrDefault(host.Name);
    }

    /// <summary>Starts a part of an application: in hosted mode on another thread.</summary>
    internal Task Fork(Func<Task> body) => _isHosted ? Task.Run(body) : body();

    /// <summary>Something that is cancelled soon, in virtual time or, in hosted mode, in a moment of real time by another thread.</summary>
    internal CancellationTokenSource CancelSoon(DeterministicRandom random)
    {
        if (!_isHosted || random.Chance(0.2))
            return new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(random.Chance(0.5) ? 30 : 500)), _net.TimeProvider);
        CancellationTokenSource source = new();
        int spins = (int)random.Next(random.Chance(0.5) ? 200 : 20_000);
        ThreadPool.UnsafeQueueUserWorkItem(
            static s =>
            {
                Thread.SpinWait(s.spins);
                try
                {
                    s.source.Cancel();
                }
                catch (ObjectDisposedException)
                {
                    // The call was faster.
                }
            },
            (source, spins),
            preferLocal: false);
        return source;
    }

    /// <summary>Lets some time pass, or only others come first.</summary>
    /// <returns>Whether to go on.</returns>
    internal async Task<bool> Pause(DeterministicRandom random, int milliseconds, CancellationToken ct)
    {
        try
        {
            if (random.Chance(_isHosted ? 0.8 : 0.3))
            {
                for (long i = random.Next(5); i > 0; i--) await Task.Yield();
                if (_isHosted) Thread.SpinWait((int)random.Next(10_000));
                return !ct.IsCancellationRequested && !IsStopped;
            }
            using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(ct, _stopped.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(milliseconds)), _net.TimeProvider, both.Token);
            return true;
        }
        catch (Exception stop) when (stop is OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    private Task[] Tasks()
    {
        lock (_tasks) return [.. _tasks];
    }

    private async Task Cut()
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan time = TimeSpan.FromMicroseconds(Random.Fork("cut").Next(30_000));
        while (Stopwatch.GetElapsedTime(start) < time) await Task.Yield();
        _stopped.Cancel();
        _net.Dispose();
    }

    private StormOutcome End()
    {
        Task[] tasks = Tasks();
        int unfinished = tasks.Count(task => !task.IsCompleted);
        if (unfinished > 0) Break($"{unfinished} tasks have not ended\n{_net.Describe()}");
        foreach (Task task in tasks.Where(task => task.IsFaulted)) Break($"a task failed: {task.Exception}");
        TraceHash hash = new();
        hash.Add(_net.TraceHash);
        StormSide[] sides;
        lock (_sides) sides = [.. _sides];
        string[] summary = [.. sides.Select(side => side.ToString())];
        foreach (string text in summary) hash.Add(text);
        if (unfinished == 0) CheckPairs(sides);
        if (!IsStopped) CheckLeftovers();
        return new StormOutcome(_seed, hash.Value, [.. _broken], sides.Length, sides.Sum(side => side.Read), summary);
    }

    private void CheckPairs(StormSide[] sides)
    {
        foreach (IGrouping<string, StormSide> pair in sides.GroupBy(KeyOf))
        {
            // Ports that were used twice cannot be told apart from here.
            if (pair.Count() != 2) continue;
            CheckDirection(pair.First(), pair.Last());
            CheckDirection(pair.Last(), pair.First());
        }
    }

    private void CheckDirection(StormSide reader, StormSide writer)
    {
        if (reader.Read > writer.Offered) Break($"more was read than written: {reader} | {writer}");
        if (reader.SawEnd && !writer.EndsStream) Break($"an end that nobody made: {reader} | {writer}");
        if (reader.SawEnd && reader.Read < writer.Accepted) Break($"the end came too early: {reader} | {writer}");
        if (reader.WasEndedByPeer && reader.Seen < writer.Drained) Break($"acknowledged octets were lost: {reader} | {writer}");
    }

    private static string KeyOf(StormSide side)
    {
        string local = $"{side.Tuple.LocalAddress} {side.Tuple.LocalPort}";
        string remote = $"{side.Tuple.RemoteAddress} {side.Tuple.RemotePort}";
        return string.CompareOrdinal(local, remote) < 0 ? $"{local} {remote}" : $"{remote} {local}";
    }

    private void CheckLeftovers()
    {
        foreach (SimulatedHost host in _net.Hosts)
        {
            if (!host.IsUp) continue;
            (string What, int Count)[] leftovers =
            [
                ("connections", host.Stack.ConnectionCount),
                ("half-open entries", host.Stack.SynQueueCount),
                ("TIME-WAIT entries", host.Stack.TimeWaitCount),
                ("pages", host.Stack.PagesInUse),
                ("orphans", host.Stack.OrphanCount),
            ];
            foreach ((string what, int count) in leftovers)
            {
                if (count != 0) Break($"{host.Name} is left with {count} {what}");
            }
        }
    }
}
