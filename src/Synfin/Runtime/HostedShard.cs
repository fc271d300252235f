using Synfin.Ip;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Runtime;

/// <summary>
/// One engine on its interfaces in hosted mode. A thread of its own waits for frames and deadlines; whoever calls sends what the call
/// leaves to send, as a thread does that calls into a kernel. Nothing runs while nothing happens.
/// </summary>
public sealed class HostedShard : IDisposable
{
    /// <summary>The default of <see cref="MaxFramesPerTurn"/>.</summary>
    public const int DefaultMaxFramesPerTurn = 64;

    /// <summary>How many rounds of output a farewell may take.</summary>
    private const int FarewellRounds = 64;

    private readonly ShardInterface[] _interfaces;
    private readonly IWaitForWork _work;
    private readonly SharedGate _gate;
    private readonly VisitClock _clock;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PacketMailbox _mailbox = new();
    private long _sleepsUntil;
    private bool _awaitsRoom;
    private bool _isTurning;
    private volatile bool _stops;
    private Exception? _failure;

    /// <summary>A shard; <see cref="Start"/> brings it to life.</summary>
    /// <param name="engine">The stack; to be touched at the gate alone.</param>
    /// <param name="interfaces">At least one.</param>
    /// <param name="clock">The time, monotonic; read once a visit.</param>
    /// <param name="work">How the thread sleeps.</param>
    /// <param name="name">The thread's name.</param>
    public HostedShard(
        NetworkStack engine, IReadOnlyList<ShardInterface> interfaces, Func<Timestamp> clock, IWaitForWork work, string name)
    {
        Engine = engine;
        _interfaces = [.. interfaces];
        _work = work;
        _gate = new SharedGate(Settle);
        _clock = new VisitClock(_gate, clock);
        Link = new RoutedLink(engine.Routes, engine.Counters);
        foreach (ShardInterface one in interfaces) Link.Add(one.Interface);
        engine.Mtu = Link.Mtu;
        Tcp = new TcpStack(engine, _clock.Now, _gate) { OutputReady = _gate.AddWork };
        _thread = new Thread(Run) { IsBackground = true, Name = name };
    }

    /// <summary>The stack; to be touched at the gate alone.</summary>
    public NetworkStack Engine { get; }

    /// <summary>The interfaces; to be touched at the gate alone.</summary>
    public RoutedLink Link { get; }

    /// <summary>The sockets.</summary>
    public TcpStack Tcp { get; }

    /// <summary>
    /// Completes when the shard has ended: successfully if it was asked to, else with what went wrong, such as a lost device.
    /// </summary>
    public Task Ended => _ended.Task;

    /// <summary>The most frames taken from an interface in one visit to the gate, so that callers and deadlines get their turn.</summary>
    public int MaxFramesPerTurn { get; init; } = DefaultMaxFramesPerTurn;

    /// <summary>Packets from other shards that were lost because too many waited.</summary>
    public long MailboxLost => _mailbox.Lost;

    /// <summary>The group, if there are several shards, whose frames are IP packets: those at home elsewhere go there.</summary>
    internal ShardGroup? Group { get; set; }

    /// <summary>Where the shard stands in its group.</summary>
    internal int Index { get; set; }

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Runs something at the gate; what it leaves to send is sent when it returns.</summary>
    public void Do(Action<NetworkStack, Timestamp> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        using StackGate.Visit visit = _gate.Enter(nameof(Do));
        action(Engine, _clock.Now());
        _gate.AddWork();
    }

    /// <summary>
    /// Ends the shard: connections are reset, whoever waits is told, further opens fail. The links are left to their owner.
    /// </summary>
    public void Dispose()
    {
        if (_thread == Thread.CurrentThread) throw new InvalidOperationException("a shard cannot be ended on its own thread");
        if (_stops && _ended.Task.IsCompleted) return;
        _stops = true;
        _work.Wake();
        if ((_thread.ThreadState & ThreadState.Unstarted) == 0) _thread.Join();
        else End();
    }

    /// <summary>A packet that arrived at another shard. On any thread.</summary>
    internal void Post(ReadOnlySpan<byte> frame, int onInterface, ReceiveMetadata metadata)
    {
        if (_mailbox.TryPost(frame, onInterface, metadata)) _work.Wake();
    }

    private void Run()
    {
        try
        {
            while (!_stops && Volatile.Read(ref _failure) is null)
            {
                bool more;
                using (_gate.EnterUnnoticed()) more = Turn();
                // What others leave from here on with an earlier deadline wakes the wait, or ends the next one at once.
                if (!more && !_stops) _work.Wait(new Timestamp(Volatile.Read(ref _sleepsUntil)), Volatile.Read(ref _awaitsRoom));
            }
        }
        catch (Exception failure)
        {
            _failure = failure;
        }
        End();
    }

    /// <returns>Whether more can be done at once.</returns>
    private bool Turn()
    {
        _isTurning = true;
        Timestamp now = _clock.Now();
        bool more = Ingress(now);
        Engine.OnTime(now);
        Link.OnTime(now);
        Settle();
        _isTurning = false;
        return more;
    }

    private bool Ingress(Timestamp now)
    {
        bool more = false;
        for (int i = 0; i < _interfaces.Length; i++)
        {
            (IPacketSource source, IIpInterface below) = _interfaces[i];
            int frames = 0;
            while (frames < MaxFramesPerTurn && source.TryRead(out ReadOnlySpan<byte> frame, out ReceiveMetadata metadata))
            {
                frames++;
                if (Group is null || !Group.Forward(frame, i, metadata, this)) below.Input(frame, metadata, Engine, now);
            }
            more |= frames == MaxFramesPerTurn;
        }
        int taken = 0;
        while (taken < MaxFramesPerTurn && _mailbox.TryTake(out ReadOnlySpan<byte> frame, out int at, out ReceiveMetadata about))
        {
            taken++;
            _interfaces[at].Interface.Input(frame, about, Engine, now);
        }
        return more || !_mailbox.IsEmpty;
    }

    /// <summary>
    /// At the gate, on any thread: sends and tells what there is, and sees to it that the thread wakes in time for the rest.
    /// </summary>
    private void Settle()
    {
        if (_failure is not null) return;
        Timestamp now = _clock.Now();
        bool hasRoom = true;
        try
        {
            if (Engine.HasSignals) Tcp.DeliverSignalsAtGate();
            while (hasRoom && (Engine.HasOutput || Link.HasOutput))
            {
                Link.OnTime(now);
                hasRoom = Engine.Output(Link, now) & Link.Output(now);
                if (Engine.HasSignals) Tcp.DeliverSignalsAtGate();
            }
        }
        catch (IOException failure)
        {
            // The caller's call did what it could; the thread ends the shard.
            _failure = failure;
            _work.Wake();
            return;
        }
        PlanSleep(hasRoom);
    }

    private void PlanSleep(bool hasRoom)
    {
        long next = Timestamp.Min(Engine.NextDeadline, Link.NextDeadline).Nanoseconds;
        if (_isTurning)
        {
            Volatile.Write(ref _sleepsUntil, next);
            Volatile.Write(ref _awaitsRoom, !hasRoom);
            return;
        }
        bool earlier = next < _sleepsUntil;
        if (!earlier && (hasRoom || _awaitsRoom)) return;
        if (earlier) Volatile.Write(ref _sleepsUntil, next);
        if (!hasRoom) Volatile.Write(ref _awaitsRoom, true);
        _work.Wake();
    }

    /// <summary>Resets what is open, as far as the link still takes it, and tells everybody.</summary>
    private void End()
    {
        using (_gate.Enter(nameof(End)))
        {
            Timestamp now = _clock.Now();
            Tcp.OutputReady = null;
            Engine.AbortAll(now);
            Tcp.Abandon();
            _isTurning = true;
            for (int i = 0; i < FarewellRounds && Engine.HasOutput && _failure is null; i++) Settle();
            Tcp.DeliverSignalsAtGate();
        }
        if (_failure is { } failure) _ended.TrySetException(failure);
        else _ended.TrySetResult();
        // Seen, even if nobody asks: an unobserved exception is for mistakes.
        _ = _ended.Task.Exception;
    }
}
