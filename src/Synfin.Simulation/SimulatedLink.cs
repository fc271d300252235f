using Synfin.Runtime;
using Synfin.Simulation.PathElements;
using Synfin.Timers;

namespace Synfin.Simulation;

/// <summary>A link between two nodes: one way forward, from <see cref="First"/> to <see cref="Second"/>, and one back.</summary>
public sealed class SimulatedLink
{
    private readonly SimulatedNetwork _network;
    private readonly LinkPath _forward;
    private readonly LinkPath _backward;

    internal SimulatedLink(SimulatedNetwork network, SimulatedNode first, SimulatedNode second, SimulatedLinkOptions options, string label)
    {
        _network = network;
        First = first;
        Second = second;
        Options = options;
        _forward = new LinkPath(network, first, second, options.Forward ?? options, label + ">");
        _backward = new LinkPath(network, second, first, options.Backward ?? options, label + "<");
        first.Attach(_forward);
        second.Attach(_backward);
    }

    /// <summary>The node named first when it was connected.</summary>
    public SimulatedNode First { get; }

    /// <summary>The other node.</summary>
    public SimulatedNode Second { get; }

    /// <summary>How packets are treated; <see cref="Reconfigure"/> changes it.</summary>
    public SimulatedLinkOptions Options { get; private set; }

    /// <summary>The directions in which nothing passes now.</summary>
    public LinkDirections Partitioned =>
        (_forward.IsPartitioned ? LinkDirections.Forward : LinkDirections.None)
        | (_backward.IsPartitioned ? LinkDirections.Backward : LinkDirections.None);

    /// <summary>What the way from <see cref="First"/> to <see cref="Second"/> did.</summary>
    public LinkStatistics Forward => _forward.Statistics;

    /// <summary>What the way from <see cref="Second"/> to <see cref="First"/> did.</summary>
    public LinkStatistics Backward => _backward.Statistics;

    /// <summary>Changes how packets are treated from now on; what is under way is not touched.</summary>
    /// <exception cref="ArgumentException">Offloads can only be chosen when connecting.</exception>
    public void Reconfigure(SimulatedLinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        SimulatedLinkOptions forward = options.Forward ?? options;
        SimulatedLinkOptions backward = options.Backward ?? options;
        if (forward.Offloads != _forward.Options.Offloads || backward.Offloads != _backward.Options.Offloads)
        {
            throw new ArgumentException("offloads can only be chosen when connecting", nameof(options));
        }
        using StackGate.Visit visit = _network.Enter(nameof(Reconfigure));
        Options = options;
        _forward.Options = forward;
        _backward.Options = backward;
        First.LinksChanged();
        Second.LinksChanged();
    }

    /// <summary>Sets the time on the way, in both directions, for what is sent from now on.</summary>
    public void SetDelay(Duration delay) => Change(options => options with { Delay = delay });

    /// <summary>Sets the rate in bits a second of IP octets, in both directions; null takes no time to send.</summary>
    public void SetRate(long? bitsPerSecond) => Change(options => options with { BitsPerSecond = bitsPerSecond });

    /// <summary>Sets the probability that a packet is lost, 0 to 1, in both directions.</summary>
    public void SetLoss(double probability) => Change(options => options with { Loss = probability });

    /// <summary>From now on all that comes to the link is lost; what is under way still arrives.</summary>
    public void Partition(LinkDirections directions = LinkDirections.Both) => SetPartitioned(directions, true);

    /// <summary>Ends a partition.</summary>
    public void Heal(LinkDirections directions = LinkDirections.Both) => SetPartitioned(directions, false);

    /// <summary>
    /// Puts a middlebox on the way, behind those that are there. It stands between the hosts' segments, to which rules apply, and the
    /// link with its delay and losses. One in both directions sees the packets of both.
    /// </summary>
    public void AddElement(IPathElement element, LinkDirections directions = LinkDirections.Both)
    {
        ArgumentNullException.ThrowIfNull(element);
        if (directions.HasFlag(LinkDirections.Forward)) _forward.AddElement(element);
        if (directions.HasFlag(LinkDirections.Backward)) _backward.AddElement(element);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{First.Name} - {Second.Name}";

    private void Change(Func<SimulatedLinkOptions, SimulatedLinkOptions> change) => Reconfigure(change(Options) with
    {
        Forward = Options.Forward is { } forward ? change(forward) : null,
        Backward = Options.Backward is { } backward ? change(backward) : null,
    });

    private void SetPartitioned(LinkDirections directions, bool isPartitioned)
    {
        using StackGate.Visit visit = _network.Enter(isPartitioned ? nameof(Partition) : nameof(Heal));
        if (directions.HasFlag(LinkDirections.Forward)) _forward.IsPartitioned = isPartitioned;
        if (directions.HasFlag(LinkDirections.Backward)) _backward.IsPartitioned = isPartitioned;
        string way = directions switch
        {
            LinkDirections.Forward => $" ({First.Name} to {Second.Name})",
            LinkDirections.Backward => $" ({Second.Name} to {First.Name})",
            _ => "",
        };
        _network.Note("", (isPartitioned ? "partition" : "healed") + way);
    }
}
