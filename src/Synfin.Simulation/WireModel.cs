using Synfin.Timers;

namespace Synfin.Simulation;

/// <summary>
/// One direction of a link, without the packets: the queue, the time on the wire, and its accidents. The same in virtual and in real time:
/// whoever calls says what time it is, carries the packets, and delivers them when it is time.
/// </summary>
public sealed class WireModel
{
    // When the packets that wait or are being sent will have left.
    private readonly Queue<Timestamp> _leaving = new();

    // One stream each, so that switching one accident on leaves the others where they were.
    private readonly DeterministicRandom _loss;
    private readonly DeterministicRandom _duplicate;
    private readonly DeterministicRandom _reorder;
    private readonly DeterministicRandom _jitter;
    private SimulatedLinkOptions _options;
    private Timestamp _lastLeft;
    private Timestamp _lastArrival;

    /// <summary>A wire that nothing has passed yet.</summary>
    /// <param name="options">How packets are treated; the MTU and what is for one direction or for hosts is not looked at.</param>
    /// <param name="random">Decides about accidents; only forks of it are used.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the message names the option.</exception>
    public WireModel(SimulatedLinkOptions options, DeterministicRandom random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Validate();
        _options = options;
        _loss = random.Fork("loss");
        _duplicate = random.Fork("duplicate");
        _reorder = random.Fork("reorder");
        Corruption = random.Fork("corrupt");
        _jitter = random.Fork("jitter");
    }

    /// <summary>How packets are treated from now on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the message names the option.</exception>
    public SimulatedLinkOptions Options
    {
        get => _options;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.Validate();
            _options = value;
        }
    }

    /// <summary>What the wire did. What enters and what is delivered is for the caller to count.</summary>
    public LinkStatistics Statistics { get; } = new();

    /// <summary>Chooses the bits that are flipped.</summary>
    internal DeterministicRandom Corruption { get; }

    /// <summary>Puts a packet on the wire.</summary>
    /// <param name="octets">Its length, from the IP header.</param>
    /// <param name="now">The time, not before that of the last packet.</param>
    /// <returns>Whether and when it arrives.</returns>
    public WirePassage Send(int octets, Timestamp now)
    {
        if (!TryQueue(octets, now, out Timestamp left))
        {
            Statistics.LostInQueue++;
            return new WirePassage { LostBecause = "queue full" };
        }
        if (_options.Loss > 0 && _loss.Chance(_options.Loss))
        {
            Statistics.LostByChance++;
            return new WirePassage { LostBecause = "lost" };
        }
        bool corrupt = _options.Corrupt > 0 && Corruption.Chance(_options.Corrupt);
        if (corrupt) Statistics.Corrupted++;
        Timestamp arrival = ArrivalOf(left);
        bool twice = _options.Duplicate > 0 && _duplicate.Chance(_options.Duplicate);
        if (twice) Statistics.Duplicated++;
        return new WirePassage { Arrival = arrival, ArrivesTwice = twice, IsCorrupt = corrupt };
    }

    /// <summary>Waits its turn on the wire.</summary>
    private bool TryQueue(int octets, Timestamp now, out Timestamp left)
    {
        left = now;
        if (_options.BitsPerSecond is not { } rate) return true;
        while (_leaving.TryPeek(out Timestamp first) && first <= now) _leaving.Dequeue();

        // One is being sent, the others wait.
        if (_leaving.Count > _options.QueuePackets) return false;
        long nanoseconds = (octets * 8_000_000_000L + rate - 1) / rate;
        left = Timestamp.Max(now, _lastLeft) + new Duration(nanoseconds);
        _lastLeft = left;
        _leaving.Enqueue(left);
        return true;
    }

    private Timestamp ArrivalOf(Timestamp left)
    {
        Timestamp arrival = left + _options.Delay;
        if (_options.Jitter > Duration.Zero) arrival += new Duration(_jitter.Next(_options.Jitter.Nanoseconds + 1));
        if (_options.Reorder > 0 && _reorder.Chance(_options.Reorder))
        {
            Statistics.Reordered++;
            return arrival + _options.ReorderDelay;
        }
        arrival = Timestamp.Max(arrival, _lastArrival);
        _lastArrival = arrival;
        return arrival;
    }
}
