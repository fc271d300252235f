using Synfin.Simulation.Packets;
using Synfin.Simulation.PathElements;

namespace Synfin.Simulation;

/// <summary>One direction of a link: middleboxes, then the wire.</summary>
internal sealed class LinkPath
{
    private readonly SimulatedNetwork _network;
    private readonly List<PathStage> _stages = [];

    private readonly WireModel _wire;

    public LinkPath(SimulatedNetwork network, SimulatedNode from, SimulatedNode to, SimulatedLinkOptions options, string label)
    {
        _network = network;
        From = from;
        To = to;
        _wire = new WireModel(options, network.Random.Fork("link " + label));
    }

    public SimulatedNode From { get; }

    public SimulatedNode To { get; }

    public SimulatedLinkOptions Options
    {
        get => _wire.Options;
        set => _wire.Options = value;
    }

    public bool IsPartitioned { get; set; }

    public LinkStatistics Statistics => _wire.Statistics;

    public void AddElement(IPathElement element) => _stages.Add(new PathStage(_network, this, element, _stages.Count + 1));

    /// <summary>Takes a packet from a node.</summary>
    public void Enter(SimulatedPacket packet)
    {
        Statistics.Entered++;
        EnterStage(packet, 0);
    }

    /// <summary>Goes on at a middlebox, or behind the last of them on the wire.</summary>
    public void EnterStage(SimulatedPacket packet, int stage)
    {
        if (stage < _stages.Count) _stages[stage].Process(packet);
        else Carry(packet);
    }

    /// <summary>A packet has come to the end of the wire.</summary>
    public void Arrive(SimulatedPacket packet)
    {
        Statistics.Delivered++;
        Statistics.OctetsDelivered += packet.Octets.Length;
        To.Receive(packet);
    }

    private void Carry(SimulatedPacket packet)
    {
        if (IsPartitioned)
        {
            Statistics.LostInPartition++;
            _network.Lose(packet, "partition");
            return;
        }
        if (packet.Octets.Length > Options.Mtu && packet.WireSegments == 1)
        {
            Statistics.TooLarge++;
            _network.Lose(packet, "larger than the MTU");
            if (!Options.BlackHole && From is SimulatedSwitch router) router.AnswerTooBig(packet, Options.Mtu);
            return;
        }
        WirePassage passage = _wire.Send(packet.Octets.Length, _network.Now);
        if (passage.LostBecause is { } reason)
        {
            _network.Lose(packet, reason);
            return;
        }
        if (passage.IsCorrupt) packet = Corruption.FlipBit(packet, _wire.Corruption);
        _network.Schedule(new ArrivalEvent(this, packet), passage.Arrival);
        if (passage.ArrivesTwice) _network.Schedule(new ArrivalEvent(this, packet), passage.Arrival);
    }
}
