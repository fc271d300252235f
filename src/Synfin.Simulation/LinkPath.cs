using Synfin.Simulation.Packets;
using Synfin.Simulation.PathElements;
using Synfin.Timers;

namespace Synfin.Simulation;

/// <summary>One direction of a link: middleboxes, then the queue, the wire's time and its accidents.</summary>
internal sealed class LinkPath
{
    private readonly SimulatedNetwork _network;
    private readonly List<PathStage> _stages = [];

    // When the packets that wait or are being sent will have left.
    private readonly Queue<Timestamp> _leaving = new();

    // One stream each, so that switching one accident on leaves the others where they were.
    private readonly DeterministicRandom _loss;
    private readonly DeterministicRandom _duplicate;
    private readonly DeterministicRandom _reorder;
    private readonly DeterministicRandom _corrupt;
    private readonly DeterministicRandom _jitter;
    private Timestamp _lastLeft;
    private Timestamp _lastArrival;

    public LinkPath(SimulatedNetwork network, SimulatedNode from, SimulatedNode to, SimulatedLinkOptions options, string label)
    {
        _network = network;
        From = from;
        To = to;
        Options = options;
        DeterministicRandom random = network.Random.Fork("link " + label);
        _loss = random.Fork("loss");
        _duplicate = random.Fork("duplicate");
        _reorder = random.Fork("reorder");
        _corrupt = random.Fork("corrupt");
        _jitter = random.Fork("jitter");
    }

    public SimulatedNode From { get; }

    public SimulatedNode To { get; }

    public SimulatedLinkOptions Options { get; set; }

    public bool IsPartitioned { get; set; }

    public LinkStatistics Statistics { get; } = new();

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
        if (!TryQueue(packet.Octets.Length, out Timestamp left))
        {
            Statistics.LostInQueue++;
            _network.Lose(packet, "queue full");
            return;
        }
        if (Options.Loss > 0 && _loss.Chance(Options.Loss))
        {
            Statistics.LostByChance++;
            _network.Lose(packet, "lost");
            return;
        }
        if (Options.Corrupt > 0 && _corrupt.Chance(Options.Corrupt))
        {
            Statistics.Corrupted++;
            packet = Corruption.FlipBit(packet, _corrupt);
        }
        Timestamp arrival = ArrivalOf(left);
        _network.Schedule(new ArrivalEvent(this, packet), arrival);
        if (Options.Duplicate > 0 && _duplicate.Chance(Options.Duplicate))
        {
            Statistics.Duplicated++;
            _network.Schedule(new ArrivalEvent(this, packet), arrival);
        }
    }

    /// <summary>Waits its turn on the wire.</summary>
    private bool TryQueue(int octets, out Timestamp left)
    {
        left = _network.Now;
        if (Options.BitsPerSecond is not { } rate) return true;
        while (_leaving.TryPeek(out Timestamp first) && first <= _network.Now) _leaving.Dequeue();

        // One is being sent, the others wait.
        if (_leaving.Count > Options.QueuePackets) return false;
        long nanoseconds = (octets * 8_000_000_000L + rate - 1) / rate;
        left = Timestamp.Max(_network.Now, _lastLeft) + new Duration(nanoseconds);
        _lastLeft = left;
        _leaving.Enqueue(left);
        return true;
    }

    private Timestamp ArrivalOf(Timestamp left)
    {
        Timestamp arrival = left + Options.Delay;
        if (Options.Jitter > Duration.Zero) arrival += new Duration(_jitter.Next(Options.Jitter.Nanoseconds + 1));
        if (Options.Reorder > 0 && _reorder.Chance(Options.Reorder))
        {
            Statistics.Reordered++;
            return arrival + Options.ReorderDelay;
        }
        arrival = Timestamp.Max(arrival, _lastArrival);
        _lastArrival = arrival;
        return arrival;
    }
}
