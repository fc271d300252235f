using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Runtime;

/// <summary>
/// One stack with one link, on one thread: the turn. The order of its steps is the design: time is read once; what came in is acted on
/// before what is due; the application is told and runs before the output, so that what it writes carries the ACK of what it read.
/// </summary>
public sealed class Shard
{
    /// <summary>The default of <see cref="MaxFramesPerTurn"/>.</summary>
    public const int DefaultMaxFramesPerTurn = 256;

    private readonly IPacketSource _source;
    private readonly ILink _link;
    private readonly Func<Timestamp> _clock;
    private bool _moreFrames;

    /// <summary>A shard; its <see cref="Sockets"/> tell the time of the current turn.</summary>
    /// <param name="engine">The stack.</param>
    /// <param name="source">Where packets come from.</param>
    /// <param name="link">Where packets go.</param>
    /// <param name="clock">The time, monotonic; read once a turn.</param>
    /// <param name="scheduler">Runs the application.</param>
    public Shard(NetworkStack engine, IPacketSource source, ILink link, Func<Timestamp> clock, OwnerScheduler scheduler)
    {
        Engine = engine;
        Scheduler = scheduler;
        _source = source;
        _link = link;
        _clock = clock;
        Now = clock();
        Sockets = new TcpStack(engine, () => Now, scheduler);
    }

    /// <summary>The stack.</summary>
    public NetworkStack Engine { get; }

    /// <summary>What applications use.</summary>
    public TcpStack Sockets { get; }

    /// <summary>Runs the application.</summary>
    public OwnerScheduler Scheduler { get; }

    /// <summary>The time of the current turn, or of the last one.</summary>
    public Timestamp Now { get; private set; }

    /// <summary>
    /// The most packets taken from the source in a turn, so that a flood cannot starve timers and the application; at least 1.
    /// </summary>
    public int MaxFramesPerTurn { get; init; } = DefaultMaxFramesPerTurn;

    /// <summary>Whether the last turn left output because the link was full.</summary>
    public bool LinkFull { get; private set; }

    /// <summary>
    /// When the next turn has something to do, packets that arrive apart: now, a deadline, or <see cref="Timestamp.Never"/>.
    /// </summary>
    public Timestamp NextWake
    {
        get
        {
            bool now = _moreFrames || Scheduler.HasWork || (Engine.HasOutput && !LinkFull);
            return now ? Now : Engine.NextDeadline;
        }
    }

    /// <summary>Does all there is to do now, within bounds.</summary>
    public void Turn()
    {
        Scheduler.VerifyOwner(nameof(Turn));
        Now = _clock();
        Ingress();
        Engine.OnTime(Now);
        Sockets.DeliverSignals();
        Scheduler.RunReady();
        LinkFull = !Engine.Output(_link, Now);
        // What the application's own calls brought about, such as the end of a connection that it aborted.
        Sockets.DeliverSignals();
    }

    /// <summary>
    /// Turns and sleeps on the calling thread, which becomes the owner, until cancelled. Connections are left as they are.
    /// </summary>
    public void Run(IWaitForWork work, CancellationToken cancellationToken)
    {
        Action? formerWake = Scheduler.Wake;
        Scheduler.Wake = work.Wake;
        using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(static w => ((IWaitForWork)w!).Wake(), work);
        try
        {
            Scheduler.Run(() =>
            {
                while (!cancellationToken.IsCancellationRequested)
                {
                    Turn();
                    Timestamp next = NextWake;
                    if (next > Now) work.Wait(next, LinkFull);
                }
            });
        }
        finally
        {
            Scheduler.Wake = formerWake;
        }
    }

    private void Ingress()
    {
        int frames = 0;
        while (frames < MaxFramesPerTurn && _source.TryRead(out ReadOnlySpan<byte> packet, out ReceiveMetadata metadata))
        {
            Engine.Input(packet, metadata, Now);
            frames++;
        }
        _moreFrames = frames == MaxFramesPerTurn;
    }
}
