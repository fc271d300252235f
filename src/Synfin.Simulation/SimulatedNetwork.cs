using Synfin.Runtime;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation;

/// <summary>
/// A network in memory, in virtual time: hosts with a real TCP, links with delay, rate and accidents, and faults placed exactly. In strict
/// mode it runs on the one thread that calls a Run method, and equal seeds give equal runs, to the octet. In hosted mode applications run
/// on the thread pool, HttpClient and Kestrel among them; see <see cref="SimulationMode"/>.
/// </summary>
/// <example>
/// <code>
/// var net = SimulatedNetwork.TwoHosts(seed: 1, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) });
/// net.AddRule("FIN from b");
/// net.Test(() =>
/// {
///     net["b"].Run(Serve);
///     net["a"].Run(Download);
///     net.RunUntilIdle();
/// });
/// </code>
/// </example>
public sealed partial class SimulatedNetwork : IDisposable
{
    private readonly List<SimulatedHost> _hosts = [];
    private readonly List<SimulatedNode> _nodes = [];
    private readonly List<SimulatedLink> _links = [];

    /// <summary>An empty network at the time zero.</summary>
    public SimulatedNetwork(SimulationOptions? options = null)
    {
        Options = options ?? new SimulationOptions();
        Gate = Options.Mode is SimulationMode.Hosted ? new SharedGate(SettleHosted) { CountsOwed = true } : new OwnerGate(Scheduler);
        Random = new DeterministicRandom(Options.Seed);
        TimeProvider = new VirtualTimeProvider(this);
        Ladder = Options.RecordLadder ? new() : null;
        _trail = new EventTrail(Options.TrailLength);
    }

    /// <summary>The options.</summary>
    public SimulationOptions Options { get; }

    /// <summary>The time, from zero.</summary>
    public Timestamp Now { get; private set; }

    /// <summary>The time for application code: what waits by it waits in virtual time.</summary>
    public VirtualTimeProvider TimeProvider { get; }

    /// <summary>Chance; <see cref="DeterministicRandom.Fork"/> it for an own use.</summary>
    public DeterministicRandom Random { get; }

    /// <summary>Who may call: see <see cref="SimulationMode"/>.</summary>
    public StackGate Gate { get; }

    /// <summary>Strict mode: runs the application code of all hosts, on the thread that runs the network.</summary>
    public OwnerScheduler Scheduler { get; } = new();

    /// <summary>The hosts with a TCP, in the order of adding.</summary>
    public IReadOnlyList<SimulatedHost> Hosts => _hosts;

    /// <summary>All nodes, in the order of adding.</summary>
    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    /// <summary>The links, in the order of connecting.</summary>
    public IReadOnlyList<SimulatedLink> Links => _links;

    /// <summary>The host of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public SimulatedHost this[string name] => FindNode(name) as SimulatedHost
        ?? throw new ArgumentException($"no host is called '{name}'; there are {string.Join(", ", _hosts)}", nameof(name));

    /// <summary>
    /// The usual network: hosts <c>a</c> (10.0.0.1, fd00::1) and <c>b</c> (10.0.0.2, fd00::2) and one link from a to b, with
    /// <see cref="SimulationOptions.ForTests"/>.
    /// </summary>
    public static SimulatedNetwork TwoHosts(ulong seed = 1, SimulatedLinkOptions? link = null) =>
        TwoHosts(SimulationOptions.ForTests with { Seed = seed }, link);

    /// <summary>The usual network: hosts <c>a</c> (10.0.0.1, fd00::1) and <c>b</c> (10.0.0.2, fd00::2) and one link from a to b.</summary>
    public static SimulatedNetwork TwoHosts(SimulationOptions options, SimulatedLinkOptions? link = null)
    {
        SimulatedNetwork net = new(options);
        net.Connect(net.AddHost("a"), net.AddHost("b"), link);
        return net;
    }

    /// <summary>Adds a host with a TCP.</summary>
    /// <param name="name">Its name, without white space.</param>
    /// <param name="options">Its stack's options; null for the simulation's.</param>
    /// <param name="addresses">Its addresses; none gives the nth node 10.0.0.n and fd00::n.</param>
    public SimulatedHost AddHost(string name, StackOptions? options = null, params ReadOnlySpan<InternetAddress> addresses)
    {
        SimulatedHost host = new(this, Named(name), options ?? Options.StackOptions, Addresses(addresses));
        _hosts.Add(host);
        return Add(host);
    }

    /// <summary>Adds a host without a TCP: a test writes its packets and reads what it gets.</summary>
    /// <param name="name">Its name, without white space.</param>
    /// <param name="addresses">Its addresses; none gives the nth node 10.0.0.n and fd00::n.</param>
    public RawHost AddRawHost(string name, params ReadOnlySpan<InternetAddress> addresses) =>
        Add(new RawHost(this, Named(name), Addresses(addresses)));

    /// <summary>Adds a switch, for <see cref="Connect"/>.</summary>
    public SimulatedSwitch AddSwitch(string name) => Add(new SimulatedSwitch(this, Named(name), _nodes.Count + 1));

    /// <summary>Links two nodes: two hosts, or a host and a switch, or two switches.</summary>
    /// <param name="first">The end that "forward" comes from.</param>
    /// <param name="second">The end that "forward" goes to.</param>
    /// <param name="options">How packets are treated; null for a perfect link.</param>
    /// <exception cref="ArgumentException">
    /// A node of another network, a loop of switches, or a switch whose links do not agree on offloads.
    /// </exception>
    public SimulatedLink Connect(SimulatedNode first, SimulatedNode second, SimulatedLinkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        using StackGate.Visit visit = Enter(nameof(Connect));
        options ??= new SimulatedLinkOptions();
        options.Validate();
        if (first.Network != this || second.Network != this) throw new ArgumentException("both ends must be nodes of this network");
        if (first == second) throw new ArgumentException("a link has two ends", nameof(second));
        bool offloads = (options.Forward ?? options).Offloads;
        if ((options.Backward ?? options).Offloads != offloads) throw new ArgumentException("both directions must have offloads, or none");
        VerifyOffloads(first, offloads);
        VerifyOffloads(second, offloads);
        if (first is SimulatedSwitch && second is SimulatedSwitch && IsConnected(first, second, from: null))
        {
            throw new ArgumentException($"switches {first} and {second} are connected already, and a loop has no right way");
        }
        SimulatedLink link = new(this, first, second, options, $"{first.Name}-{second.Name}#{_links.Count}");
        _links.Add(link);
        foreach (SimulatedNode node in _nodes) node.ForgetRoutes();
        first.LinksChanged();
        second.LinksChanged();
        return link;
    }

    /// <summary>The node of that name, or null.</summary>
    public SimulatedNode? FindNode(string name) => _nodes.Find(node => node.Name == name);

    /// <summary>The host that has an address, or null.</summary>
    public SimulatedEndpoint? FindHost(InternetAddress address)
    {
        foreach (SimulatedNode node in _nodes)
        {
            if (node is SimulatedEndpoint endpoint && endpoint.Owns(address)) return endpoint;
        }
        return null;
    }

    private static void VerifyOffloads(SimulatedNode node, bool offloads)
    {
        if (node.Paths.Count == 0 || node.Paths[0].Options.Offloads == offloads) return;
        throw new ArgumentException($"all links of {node.Name} must have offloads, or none: nothing there cuts super-segments");
    }

    private static bool IsConnected(SimulatedNode node, SimulatedNode to, SimulatedNode? from)
    {
        foreach (LinkPath path in node.Paths)
        {
            if (path.To == to) return true;
            if (path.To is SimulatedSwitch && path.To != from && IsConnected(path.To, to, node)) return true;
        }
        return false;
    }

    private T Add<T>(T node)
        where T : SimulatedNode
    {
        using StackGate.Visit visit = Enter("adding a node");
        _nodes.Add(node);
        if (node is SimulatedEndpoint endpoint)
        {
            foreach (InternetAddress address in endpoint.Addresses) Ladder?.AddHost(endpoint.Name, address);
        }
        return node;
    }

    private string Named(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        bool hasWhiteSpace = name.AsSpan().ContainsAny(" \t\r\n");
        if (hasWhiteSpace) throw new ArgumentException($"'{name}' holds white space, so that no rule could name it", nameof(name));
        if (FindNode(name) is not null) throw new ArgumentException($"there is a node called '{name}' already", nameof(name));
        return name;
    }

    private InternetAddress[] Addresses(ReadOnlySpan<InternetAddress> given)
    {
        InternetAddress[] addresses = given.IsEmpty ? DefaultAddresses(_nodes.Count + 1) : given.ToArray();
        foreach (InternetAddress address in addresses)
        {
            if (FindHost(address) is { } owner) throw new ArgumentException($"{address} is {owner.Name}'s already");
        }
        return addresses;
    }

    private static InternetAddress[] DefaultAddresses(int number) =>
        [InternetAddress.FromIpv4(0x0A00_0000 | (uint)number), new InternetAddress(0xFD00_0000_0000_0000, (ulong)number)];
}
