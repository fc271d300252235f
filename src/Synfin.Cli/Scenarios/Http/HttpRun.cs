using Microsoft.AspNetCore.Builder;
using Synfin.Captures.Ladders;
using Synfin.Simulation;
using Synfin.Simulation.Faults;
using Synfin.Timers;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>A real HttpClient asked a real Kestrel, on two simulated hosts: what happened.</summary>
internal sealed class HttpRun
{
    /// <summary>More rows of text than a ladder shows one by one.</summary>
    private const int LongestRun = 40;

    /// <summary>
    /// Longer than a process that has to share its processor is kept off it, so that virtual time does not pass while an application only
    /// waits for its turn.
    /// </summary>
    private static readonly TimeSpan _quietTime = TimeSpan.FromMilliseconds(2);

    /// <summary>Longer than .NET takes to compile what runs for the first time.</summary>
    private static readonly TimeSpan _maxQuietTime = TimeSpan.FromSeconds(5);

    private HttpRun(HttpPlan plan, SimulatedNetwork network)
    {
        Plan = plan;
        Network = network;
    }

    /// <summary>What was to be done.</summary>
    public HttpPlan Plan { get; }

    /// <summary>The network, at its end: it can still be asked what it recorded.</summary>
    public SimulatedNetwork Network { get; }

    /// <summary>What the application saw, a request each.</summary>
    public List<HttpOutcome> Outcomes { get; } = [];

    /// <summary>The connections that HttpClient made.</summary>
    public IReadOnlyList<HttpDial> Dials { get; private set; } = [];

    /// <summary>Plays it to its end: afterwards nothing is left on either host.</summary>
    /// <exception cref="RuleSyntaxException">A rule cannot be read.</exception>
    /// <exception cref="ArgumentException">A rule names a host that is not there.</exception>
    public static HttpRun Play(HttpPlan plan) => Task.Run(() => PlayAsync(plan)).GetAwaiter().GetResult();

    /// <summary>
    /// Plays it once beforehand, so that what is shown does not depend on what .NET does only once, such as to compile.
    /// </summary>
    public static HttpRun PlayWarm(HttpPlan plan)
    {
        using (HttpRun.Set(plan).Network)
        {
            // Wrong rules show before anything takes time.
        }
        Play(plan with { Requests = Math.Min(plan.Requests, 2), Lose = [] });
        return Play(plan);
    }

    /// <summary>The ladder, with what each SEND says in HTTP.</summary>
    public Ladder Ladder(bool absolute = false)
    {
        LadderOptions options = new()
        {
            Left = HttpPlan.Client,
            Right = HttpPlan.Server,
            Absolute = absolute,
            LongestRun = LongestRun,
        };
        Ladder whole = Network.Ladder!.Build(options with { FoldRuns = false });
        return new LadderNarrator(Plan, StreamText.Of(Network, whole)).Narrate(whole, Network.Ladder!.Build(options));
    }

    private static HttpRun Set(HttpPlan plan)
    {
        SimulatedNetwork network = new(new SimulationOptions
        {
            Seed = plan.Seed,
            Mode = SimulationMode.Hosted,
            QuietTime = _quietTime,
            MaxQuietTime = _maxQuietTime,
            RecordLadder = true,
            RecordPackets = true,
        });
        SimulatedHost client = network.AddHost(HttpPlan.Client), server = network.AddHost(HttpPlan.Server);
        network.Connect(client, server, new SimulatedLinkOptions { Delay = HttpPlan.Delay });
        foreach (string rule in plan.Lose) network.AddRule(rule);
        if (plan.Fault is { } fault) server.AddFault(fault);
        return new HttpRun(plan, network);
    }

    private static async Task<HttpRun> PlayAsync(HttpPlan plan)
    {
        HttpRun run = Set(plan);
        using SimulatedNetwork network = run.Network;
        await using WebApplication site = HttpSite.Build(network, plan);
        await site.StartAsync();
        using (HttpVisitor visitor = new(network, plan))
        {
            while (run.Outcomes.Count < plan.Requests) run.Outcomes.Add(await visitor.Get());
            run.Dials = visitor.Dials;
        }
        await network.RunUntilIdleAsync();
        network.Dispose();
        await site.StopAsync();
        return run;
    }
}
