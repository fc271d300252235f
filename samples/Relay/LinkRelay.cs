using Synfin.Linux;
using Synfin.Simulation;
using Synfin.Timers;

namespace Relay;

/// <summary>
/// A link between two TUN devices, which may be in different network namespaces: what one kernel sends into one device comes out of the
/// other, as late, as often and in such an order as the options say. It has a thread of its own.
/// </summary>
internal sealed class LinkRelay : IDisposable
{
    private readonly TunDevice _left;
    private readonly TunDevice _right;
    private readonly EpollWait _wait;
    private readonly RelayPath _toRight;
    private readonly RelayPath _toLeft;
    private readonly Thread _thread;
    private volatile bool _isEnding;

    /// <summary>Starts passing packets on. The devices, without offloads, are the relay's from now on.</summary>
    /// <param name="left">One end, which is up.</param>
    /// <param name="right">The other.</param>
    /// <param name="options">What happens on the way: <see cref="SimulatedLinkOptions.Corrupt"/> is not for a relay.</param>
    /// <param name="seed">Decides about accidents.</param>
    public LinkRelay(TunDevice left, TunDevice right, SimulatedLinkOptions options, ulong seed)
    {
        if (left.HasOffloads || right.HasOffloads) throw new ArgumentException("a relay passes packets on, not super-segments");
        if (options.Corrupt > 0) throw new ArgumentException("a relay flips no bits", nameof(options));
        _left = left;
        _right = right;
        TunQueue first = left.Queues[0], second = right.Queues[0];
        var random = new DeterministicRandom(seed);
        _toRight = new RelayPath(first, second, options.Forward ?? options, random.Fork("to the right"));
        _toLeft = new RelayPath(second, first, options.Backward ?? options, random.Fork("to the left"));
        _wait = new EpollWait([first, second]);
        _thread = new Thread(Run) { IsBackground = true, Name = $"{left.Name} - {right.Name}" };
        _thread.Start();
    }

    /// <summary>The way from the left to the right; its figures stand still once the relay is disposed of.</summary>
    public RelayPath ToRight => _toRight;

    /// <summary>The way from the right to the left.</summary>
    public RelayPath ToLeft => _toLeft;

    /// <summary>Why the relay ended by itself, or null: a device was removed.</summary>
    public TunException? Failure { get; private set; }

    /// <summary>Ends; what is under way is lost. The devices are closed.</summary>
    public void Dispose()
    {
        _isEnding = true;
        _wait.Wake();
        _thread.Join();
        _wait.Dispose();
        _left.Dispose();
        _right.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_isEnding)
            {
                Timestamp now = MonotonicClock.Now();
                _toRight.Take(now);
                _toLeft.Take(now);
                _toRight.Deliver(now);
                _toLeft.Deliver(now);
                bool isFull = _toRight.IsFull || _toLeft.IsFull;
                // What a full device did not take is due already: only room is worth waking up for.
                Timestamp next = isFull ? Timestamp.Never : Timestamp.Min(_toRight.Next, _toLeft.Next);
                _wait.Wait(now, next, isFull);
            }
        }
        catch (TunException failure)
        {
            Failure = failure;
        }
    }
}
