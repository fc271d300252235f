using Synfin.Runtime;
using Synfin.Simulation.Faults;
using Synfin.Simulation.Packets;
using Synfin.Timers;

namespace Synfin.Simulation;

public sealed partial class SimulatedNetwork
{
    private readonly List<SegmentRule> _rules = [];
    private readonly FlowTracker _flows = new();
    private DeterministicRandom? _ruleRandom;

    /// <summary>The faults, in the order of adding.</summary>
    public IReadOnlyList<SegmentRule> Rules => _rules;

    /// <summary>Packets that hosts sent and nothing was connected to take.</summary>
    public long Unconnected { get; private set; }

    /// <summary>Adds a fault such as <c>second FIN from b</c>; see <see cref="RuleGrammar.Help"/>.</summary>
    /// <exception cref="RuleSyntaxException">The text cannot be read.</exception>
    /// <exception cref="ArgumentException">It names a host that is not there.</exception>
    public SegmentRule AddRule(string rule) => AddRule(SegmentRule.Parse(rule));

    /// <summary>Adds a fault.</summary>
    /// <exception cref="ArgumentException">It names a host that is not there.</exception>
    public SegmentRule AddRule(SegmentRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        using StackGate.Visit visit = Enter(nameof(AddRule));
        VerifyHost(rule.Match.From, rule);
        VerifyHost(rule.Match.To, rule);
        _rules.Add(rule);
        return rule;
    }

    /// <summary>Takes a fault away.</summary>
    /// <returns>Whether it was there.</returns>
    public bool RemoveRule(SegmentRule rule)
    {
        using StackGate.Visit visit = Enter(nameof(RemoveRule));
        return _rules.Remove(rule);
    }

    /// <summary>Makes a packet arrive that no host of the network sent. No link and no rule touches it.</summary>
    /// <param name="fromName">Who is said to have sent it, for the ladder.</param>
    /// <param name="toHost">The host that it arrives at.</param>
    /// <param name="ipPacket">The packet; see <see cref="RawSegment"/>. Copied.</param>
    /// <param name="at">When; null for now.</param>
    public void Inject(string fromName, SimulatedEndpoint toHost, ReadOnlySpan<byte> ipPacket, Timestamp? at = null)
    {
        ArgumentNullException.ThrowIfNull(toHost);
        using StackGate.Visit visit = Enter(nameof(Inject));
        SimulatedPacket packet = new(fromName, toHost.Address, ipPacket.ToArray(), wireSegments: 1);
        Schedule(new PlannedEvent($"{fromName} ~> {toHost.Name}: {PacketText.Describe(ipPacket)}", Arrive), at ?? Now);

        void Arrive()
        {
            RecordSent(packet);
            toHost.Receive(packet);
        }
    }

    /// <summary>Plans something, such as a partition, for a point in time. It runs between packets, not as application code.</summary>
    public void At(Timestamp time, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        using StackGate.Visit visit = Enter(nameof(At));
        Schedule(new PlannedEvent("planned action", action), time);
    }

    /// <summary>A host puts a packet on the wire: rules judge it, then it goes its way.</summary>
    internal void Emit(SimulatedPacket packet, LinkPath? path)
    {
        RecordSent(packet);
        if (path is null)
        {
            Unconnected++;
            Lose(packet, "not connected");
            return;
        }
        SegmentRule? rule = Judge(packet);
        Verdict verdict = rule?.Verdict ?? Verdict.Pass;
        switch (verdict.Kind)
        {
            case VerdictKind.Pass:
                path.Enter(packet);
                break;
            case VerdictKind.Drop:
                Lose(packet, "lost");
                break;
            case VerdictKind.Corrupt:
                path.Enter(Corruption.FlipBit(packet, _ruleRandom ??= Random.Fork("rules")));
                break;
            case VerdictKind.Delay:
                EnterLater(packet, path, verdict.Delay);
                break;
            case VerdictKind.Duplicate:
                path.Enter(packet);
                for (int copy = 1; copy <= verdict.Copies; copy++)
                {
                    if (verdict.Delay == Duration.Zero) path.Enter(packet);
                    else EnterLater(packet, path, verdict.Delay * copy);
                }
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void EnterLater(SimulatedPacket packet, LinkPath path, Duration delay) =>
        Schedule(new PlannedEvent("a held packet goes on", () => path.Enter(packet)), Now + delay);

    /// <summary>Every rule sees every packet, so that what one counts does not depend on another.</summary>
    private SegmentRule? Judge(SimulatedPacket packet)
    {
        if (!PacketView.TryParse(packet.Octets.Span, out PacketView view)) return null;
        FlowFacts facts = _flows.Observe(in view);
        if (_rules.Count == 0) return null;
        string to = FindHost(view.Destination)?.Name ?? view.Destination.ToString() ?? "";
        SegmentInfo segment = new(packet.Sender, to, Now, in view, in facts);
        SegmentRule? decided = null;
        foreach (SegmentRule rule in _rules)
        {
            if (rule.Judge(in segment)) decided ??= rule;
        }
        return decided;
    }

    private void VerifyHost(string? name, SegmentRule rule)
    {
        if (name is null || FindNode(name) is not null) return;
        string there = string.Join(", ", _nodes);
        throw new ArgumentException($"the rule '{rule}' names the host '{name}', but there are only: {there}");
    }
}
