using Synfin.Captures.Ladders;
using Synfin.Simulation;
using Synfin.Simulation.Faults;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Cli.Scenarios;

/// <summary>Where a scenario plays: host a on the left, host b on the right, a link between them, and virtual time.</summary>
internal sealed class Stage
{
    /// <summary>The port that b listens on.</summary>
    public const ushort Port = 80;

    /// <summary>The link of most scenarios: 10 ms each way.</summary>
    public static readonly SimulatedLinkOptions TenMilliseconds = new() { Delay = Duration.FromMilliseconds(10) };

    /// <summary>Sets the stage; <paramref name="lose"/> are the rules of <c>--lose</c>.</summary>
    public Stage(ulong seed, SimulatedLinkOptions link, StackOptions stack, IEnumerable<SegmentRule> lose)
    {
        Network = SimulatedNetwork.TwoHosts(
            new SimulationOptions { Seed = seed, RecordLadder = true, RecordPackets = true, StackOptions = stack }, link);
        foreach (SegmentRule rule in lose) Network.AddRule(rule);
    }

    /// <summary>The network.</summary>
    public SimulatedNetwork Network { get; }

    /// <summary>The host on the left.</summary>
    public SimulatedHost A => Network["a"];

    /// <summary>The host on the right.</summary>
    public SimulatedHost B => Network["b"];

    /// <summary>The link between them.</summary>
    public SimulatedLink Link => Network.Links[0];

    /// <summary>What the ladder does not fold.</summary>
    public LadderOptions LadderOptions { get; set; } = new() { Left = "a", Right = "b" };

    /// <summary>A line of the scenario's own below the ladder, such as a hash that was compared.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>Time passes.</summary>
    public void RunFor(double seconds) => Network.RunFor(Duration.FromSeconds(seconds));

    /// <summary>Runs until nothing is left to do, TIME-WAIT included.</summary>
    public void RunUntilIdle() => Network.RunUntilIdle();

    /// <summary>Virtual time passes in the application.</summary>
    public Task Delay(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Network.TimeProvider);

    /// <summary>The application takes a moment, so that an ACK that is due leaves alone and does not ride on what it does next.</summary>
    public Task Think() => Delay(0.015);

    /// <summary>Something that the ladder should say at a host; an empty name is the network.</summary>
    public void Note(string host, string text) => Network.Note(host, text);

    /// <summary>
    /// Starts a host's application. What a connection that fails tells it becomes a remark, also where <c>--lose</c> made it fail; what
    /// dies with the host tells nobody.
    /// </summary>
    public Task Run(SimulatedHost host, Func<Task> body) => host.Run(async () =>
    {
        int restarts = host.Restarts;
        try
        {
            await body();
        }
        catch (Exception e) when (ApplicationErrors.IsOne(e))
        {
            if (host.IsUp && host.Restarts == restarts) Remarks.Add($"{host}'s application is told: {ApplicationErrors.Describe(e)}");
        }
    });

    /// <summary>b listens, accepts one connection and hands it to <paramref name="serve"/>.</summary>
    public Task Serve(Func<TcpConnection, Task> serve, TcpConnectionOptions? options = null) => Run(B, async () =>
    {
        using TcpListener listener = B.Tcp.Listen(null, Port, options: options);
        TcpConnection connection = await listener.AcceptAsync();
        await serve(connection);
    });

    /// <summary>a connects to b and hands the connection to <paramref name="use"/>.</summary>
    public Task Connect(Func<TcpConnection, Task> use, TcpConnectionOptions? options = null, ushort localPort = 0) => Run(A, async () =>
    {
        TcpConnection connection = await A.Tcp.ConnectAsync(B.Address, Port, localPort: localPort, options: options);
        await use(connection);
    });

    /// <summary>Reads to the end of the stream and returns how many octets there were.</summary>
    public static async Task<int> ReadToEnd(TcpConnection connection)
    {
        byte[] buffer = new byte[65_536];
        int total = 0, count;
        while ((count = await connection.ReadAsync(buffer)) > 0) total += count;
        return total;
    }
}
