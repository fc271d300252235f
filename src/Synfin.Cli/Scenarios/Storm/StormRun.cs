using System.Net.Sockets;
using Synfin.Simulation;
using Synfin.Simulation.Faults;
using Synfin.Simulation.PathElements;
using Synfin.Sockets;
using Synfin.Timers;
using Synfin.Wire;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Cli.Scenarios.Storm;

/// <summary>A world as it was played.</summary>
internal sealed class StormRun
{
    /// <summary>How long an application puts up with a connection.</summary>
    public static readonly Duration Patience = Duration.FromSeconds(7_200);

    /// <summary>More than anybody writes into one stream.</summary>
    public const int MostOctets = 512 * 1_024;

    private const TcpOptionKinds AllOptions = TcpOptionKinds.MaximumSegmentSize | TcpOptionKinds.WindowScale
        | TcpOptionKinds.SackPermitted | TcpOptionKinds.Timestamps;

    private const ushort ServerPort = 80;
    private const ushort FirstPort = 40_000;
    private const ushort FirstOtherPort = 50_000;

    /// <summary>A client may be done before the listener has heard of it.</summary>
    private static readonly Duration _listensOn = Duration.FromSeconds(200);

    private readonly List<StormPair> _pairs = [];

    /// <summary>Who is to take the next connection from a port of a host.</summary>
    private readonly Dictionary<(string Host, ushort Port), StormApplication> _expected = [];

    private StormRun(StormWorld world, bool record, IEnumerable<SegmentRule> rules)
    {
        World = world;
        Network = Build(world, record);
        Quiet = new StormQuiet(world.Connections.Count);
        foreach (SegmentRule rule in rules) Network.AddRule(rule);
    }

    /// <summary>The world.</summary>
    public StormWorld World { get; }

    /// <summary>The network as it was left.</summary>
    public SimulatedNetwork Network { get; }

    /// <summary>What was sent while there was nothing to send.</summary>
    public StormQuiet Quiet { get; }

    /// <summary>Both applications of each connection.</summary>
    public IReadOnlyList<StormPair> Pairs => _pairs;

    /// <summary>When the world began.</summary>
    public Timestamp Start { get; private set; }

    /// <summary>What ended the run before its time; null if it ended by itself.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Plays a world to its end.</summary>
    /// <param name="world">Which.</param>
    /// <param name="record">Whether to record ladder and packets.</param>
    /// <param name="rules">Further faults.</param>
    public static StormRun Play(StormWorld world, bool record = false, IEnumerable<SegmentRule>? rules = null)
    {
        StormRun run = new(world, record, rules ?? []);
        try
        {
            run.Play();
        }
#pragma warning disable CA1031 // Whatever ends a run is a find.
        catch (Exception failure)
        {
            run.Failure = failure;
        }
#pragma warning restore CA1031
        return run;
    }

    private static SimulatedNetwork Build(StormWorld world, bool record)
    {
        SimulatedNetwork network = new(new SimulationOptions { Seed = world.Seed, RecordLadder = record, RecordPackets = record });
        SimulatedHost a = network.AddHost("a", world.A);
        SimulatedHost b = network.AddHost("b", world.B);
        if (world.NarrowMtu is { } narrow)
        {
            SimulatedSwitch middle = network.AddSwitch("s");
            network.Connect(a, middle, world.Link);
            network.Connect(middle, b, new SimulatedLinkOptions { Mtu = narrow });
        }
        else
        {
            network.Connect(a, b, world.Link);
        }
        foreach (StormMiddlebox box in world.Middleboxes)
        {
            // One each way: some hold a segment, and would mix up the two directions.
            if (box.Directions.HasFlag(LinkDirections.Forward)) network.Links[0].AddElement(Make(box), LinkDirections.Forward);
            if (box.Directions.HasFlag(LinkDirections.Backward)) network.Links[0].AddElement(Make(box), LinkDirections.Backward);
        }
        return network;
    }

    private static IPathElement Make(StormMiddlebox box) => box.Kind switch
    {
        StormMiddleboxKind.StripTimestamps => new OptionStripper(TcpOptionKinds.Timestamps, onlySyn: true),
        StormMiddleboxKind.StripSack => new OptionStripper(TcpOptionKinds.SackPermitted, onlySyn: true),
        StormMiddleboxKind.StripWindowScale => new OptionStripper(TcpOptionKinds.WindowScale, onlySyn: true),
        StormMiddleboxKind.StripAll => new OptionStripper(AllOptions, onlySyn: true),
        StormMiddleboxKind.ClampMss => new MssClamp((ushort)box.Value),
        StormMiddleboxKind.ThinAcks => new AckThinner(box.Value),
        StormMiddleboxKind.Split => new SegmentSplitter(),
        StormMiddleboxKind.Join => new SegmentJoiner(),
        StormMiddleboxKind.DuplicateSynAck => new SynAckDuplicator(Duration.FromMilliseconds(box.Value)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The ports of a connection at a and at b.</summary>
    private static (ushort A, ushort B) Ports(StormWorld world, StormConnection connection)
    {
        int number = connection.Number;
        while (world.Connections[number].FollowsLast) number--;
        ushort client = (ushort)(FirstPort + number);
        if (connection.SimultaneousAfter is not null) return (client, (ushort)(FirstOtherPort + number));
        return connection.OpenedByB ? (ServerPort, client) : (client, ServerPort);
    }

    /// <summary>
    /// The ISN moves with time (RFC 6528): asks another network with the same secrets what it is at zero, and begins when it is where the
    /// world wants it.
    /// </summary>
    private static Duration StartOf(StormWorld world)
    {
        const long Tick = 4_000, Period = Tick << 32;
        if (world.Isn is not { } isn) return Duration.Zero;
        StormConnection first = world.Connections[0];
        (ushort a, ushort b) = Ports(world, first);
        SimulatedNetwork other = Build(world, record: false);
        (ushort own, ushort peer) = isn.Host == "a" ? (a, b) : (b, a);
        SimulatedHost host = other[isn.Host];
        InternetAddress remote = AddressOf(other[isn.Host == "a" ? "b" : "a"], world);
        SequenceNumber atZero = host.Tcp.BeginConnect(remote, peer, null, own).Status().Iss;
        long time = unchecked(isn.Value - atZero.Value) * Tick;
        bool answers = isn.Host == (first.OpenedByB ? "a" : "b");
        if (answers && first.SimultaneousAfter is { } after) time -= after.Nanoseconds;
        else if (answers) time -= world.Link.Delay.Nanoseconds;
        return new Duration(time < 0 ? time + Period : time);
    }

    private static InternetAddress AddressOf(SimulatedHost host, StormWorld world) => world.IsIpv6 ? host.AddressV6 : host.AddressV4;

    private void Play()
    {
        Network.RunFor(StartOf(World));
        Start = Network.Now;
        Network["a"].Observer = Quiet;
        Network["b"].Observer = Quiet;
        PlanFaults();
        using CancellationTokenSource listening = new();
        List<Task> clients = [];
        foreach (StormConnection connection in World.Connections) AddPair(connection);
        foreach (SimulatedHost host in Network.Hosts) host.Run(() => Accept(host, listening.Token));
        foreach (StormPair pair in _pairs) Open(pair, clients);
        Network.Start(async () =>
        {
            await Task.WhenAll(clients);
            await Task.Delay(_listensOn.ToTimeSpan(), Network.TimeProvider);
            listening.Cancel();
        });

        // Each may lose patience after the other; what then follows are the last retransmissions and 2MSL.
        Network.RunUntilIdle(Patience * (World.Connections.Count + 1));
    }

    private void PlanFaults()
    {
        foreach (StormPartition partition in World.Partitions)
        {
            Network.At(Network.Now + partition.From, () => Network.Links[0].Partition(partition.Directions));
            if (partition.For is { } time)
                Network.At(Network.Now + partition.From + time, () => Network.Links[0].Heal(partition.Directions));
        }
        foreach (StormCrash crash in World.Crashes)
        {
            SimulatedHost host = Network[crash.Host];
            Network.At(Network.Now + crash.At, host.Crash);
            if (crash.RestartsAfter is { } time) Network.At(Network.Now + crash.At + time, host.Restart);
        }
    }

    private void AddPair(StormConnection connection)
    {
        string name = $"#{connection.Number + 1}";
        (string client, string server) = connection.OpenedByB ? ("b", "a") : ("a", "b");
        int stream = connection.Number * 2;
        _pairs.Add(new StormPair(
            connection,
            new StormApplication(Network, connection.Client, $"{client}{name}", stream, stream + 1),
            new StormApplication(Network, connection.Server, $"{server}{name}", stream + 1, stream)));
    }

    private void Open(StormPair pair, List<Task> clients)
    {
        StormConnection connection = pair.Connection;
        (SimulatedHost client, SimulatedHost server) = connection.OpenedByB ? (Network["b"], Network["a"]) : (Network["a"], Network["b"]);
        (ushort a, ushort b) = Ports(World, connection);
        (ushort clientPort, ushort serverPort) = connection.OpenedByB ? (b, a) : (a, b);
        Task before = connection.FollowsLast ? clients[^1] : Task.CompletedTask;
        Start(pair.Client, client, clientPort, server, serverPort, connection.Start);
        if (connection.SimultaneousAfter is { } after) Start(pair.Server, server, serverPort, client, clientPort, connection.Start + after);

        void Start(StormApplication application, SimulatedHost host, ushort port, SimulatedHost peer, ushort peerPort, Duration delay) =>
            clients.Add(host.Run(async () =>
            {
                await before;
                await Task.Delay(delay.ToTimeSpan(), Network.TimeProvider);
                if (peerPort == ServerPort) _expected[(peer.Name, port)] = pair.Server;
                await application.Open(async ct => host.IsUp
                    ? await host.Tcp.ConnectAsync(AddressOf(peer, World), peerPort, null, port, connection.Options, ct)
                    : throw new SocketException((int)SocketError.NetworkDown));
            }));
    }

    /// <summary>Both hosts accept what comes, until there is nobody left to come.</summary>
    private async Task Accept(SimulatedHost host, CancellationToken ct)
    {
        List<Task> serving = [];
        using (TcpListener listener = host.Tcp.Listen(null, ServerPort, World.Backlog, World.Accepted))
        {
            try
            {
                while (true)
                {
                    TcpConnection connection = await listener.AcceptAsync(ct);
                    // An old duplicate can open a connection that its client knows nothing of; nobody is there to use it.
                    bool known = _expected.Remove((host.Name, connection.Tuple.RemotePort), out StormApplication? application);
                    if (known) serving.Add(application!.Use(connection));
                    else connection.Abort();
                }
            }
            catch (OperationCanceledException)
            {
                // Nobody will come any more.
            }
        }
        await Task.WhenAll(serving);
    }
}

/// <summary>Both applications of a connection.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Client">Who opens it.</param>
/// <param name="Server">Who accepts it.</param>
internal sealed record StormPair(StormConnection Connection, StormApplication Client, StormApplication Server);
