using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Proof;

/// <summary>One end: a stack, its application, and what can be seen of both from outside.</summary>
internal sealed partial class End : ILink, IStackSignals
{
    private const int MostTurns = 16;
    private const int ReceiveBuffer = 4_096;

    private readonly World _world;
    private readonly byte[] _octets = new byte[16];
    private TcpListener? _listener;

    public End(World world, int index, NetworkStack stack, FourTuple tuple, AppProgram program)
    {
        _world = world;
        Index = index;
        Stack = stack;
        Tuple = tuple;
        Program = program;
        stack.AddAddress(tuple.LocalAddress);
    }

    /// <summary>0 for a, 1 for b.</summary>
    public int Index { get; }

    /// <summary>Its stack.</summary>
    public NetworkStack Stack { get; }

    /// <summary>The connection's name at this end, in all its incarnations.</summary>
    public FourTuple Tuple { get; }

    /// <summary>What its application does.</summary>
    public AppProgram Program { get; }

    /// <summary>The program's next step.</summary>
    public int Step { get; private set; }

    /// <summary>The application's connection.</summary>
    public TcpConnection? Connection { get; private set; }

    /// <summary>The incarnation of <see cref="Connection"/>.</summary>
    public Life? Current { get; private set; }

    /// <summary>All incarnations, the oldest first.</summary>
    public List<Life> Lives { get; } = [];

    /// <summary>The other end.</summary>
    public End Other => _world.Ends[1 - Index];

    /// <inheritdoc/>
    public int Mtu => 1_500;

    /// <inheritdoc/>
    public LinkOffloads Offloads => LinkOffloads.None;

    /// <inheritdoc/>
    public int MaxSuperSegment => 0;

    /// <summary>The earliest deadline, exactly: the wheel's own may lie before it.</summary>
    public Timestamp Deadline
    {
        get
        {
            Timestamp earliest = Timestamp.Min(EngineState.HalfOpen(Stack).NextDeadline, EngineState.TimeWait(Stack).NextDeadline);
            return EngineState.ConnectionOf(this) is { } connection
                ? Timestamp.Min(earliest, EngineState.Deadlines(connection).Earliest)
                : earliest;
        }
    }

    /// <summary>The incarnation with this initial sequence number.</summary>
    public Life? LifeOf(SequenceNumber iss) => Lives.Find(life => life.Iss == iss);

    /// <summary>The incarnation that began last before this number, as far as one can belong to it.</summary>
    public Life? LifeAt(SequenceNumber number) => Lives.FindLast(life => number - life.Iss is >= 0 and < 1 << 17);

    /// <summary>Starts over: nothing has happened yet.</summary>
    public void Begin()
    {
        Step = 0;
        Connection = null;
        Current = null;
        Lives.Clear();
        _listener = null;
        if (Program.Listens) Must(Stack.Listen(Tuple.LocalAddress, Tuple.LocalPort, 4, null, _world.Now, out _listener));
    }

    /// <summary>Ends what is left of a run, so that the stack can be used for another one.</summary>
    public void Finish(Timestamp later)
    {
        Connection?.Abort(_world.Now);
        _listener?.Close(_world.Now);
        Stack.AbortAll(_world.Now);
        Stack.OnTime(later);
        for (int turns = 0; Stack.HasOutput && turns < MostTurns; turns++) Stack.Output(this, later);
        Stack.DeliverSignals(this);
    }

    /// <summary>Whether nothing is left of any connection.</summary>
    public bool IsClosed => Stack.ConnectionCount == 0 && Stack.TimeWaitCount == 0 && Stack.SynQueueCount == 0;

    /// <summary>Whether the application can go on now.</summary>
    public bool MayCall
    {
        get
        {
            if (Step >= Program.Length) return false;
            if (Program[Step][0] is AppCall.Leave) return Connection is not null && (Current!.EndRead || _world.IsQuiet);
            if (Program[Step][0] is not AppCall.Open) return Connection is not null;
            return Connection is null || Connection.State is TcpState.Closed;
        }
    }

    /// <summary>The application's next call.</summary>
    public void Call(int alternative)
    {
        AppCall call = Program[Step][alternative];
        Step++;
        if (call is AppCall.Open)
        {
            Must(Stack.Connect(
                Tuple.RemoteAddress, Tuple.RemotePort, Tuple.LocalAddress, Tuple.LocalPort, null, _world.Now, out TcpConnection? opened));
            Connection = opened;
            Current = Begin(opened!.Snd.Iss);
        }
        else
        {
            Do(call);
        }
    }

    private void Do(AppCall call)
    {
        TcpConnection connection = Connection!;
        Life life = Current!;
        TcpState before = connection.State;
        switch (call)
        {
            case AppCall.Send:
                _octets[0] = Octet(life, life.Written);
                if (connection.Send(_octets.AsSpan(0, 1), _world.Now, out int sent) is TcpError.None) life.Written += sent;
                break;
            case AppCall.Shutdown:
                life.ClosedSecond |= life.EndRead;
                if (connection.Shutdown(_world.Now) is TcpError.None) life.FinQueued = true;
                break;
            case AppCall.Close or AppCall.Leave:
                life.Left = true;
                life.ClosedSecond |= life.EndRead && !life.FinQueued;
                life.FinQueued = true;
                bool early = before is TcpState.SynSent or TcpState.SynReceived;
                bool missing = call is AppCall.Leave || life.Read < Other.Program.Octets;
                if (early || (!life.EndRead && missing)) Disturb(life);
                connection.Close(_world.Now);
                break;
            case AppCall.Abort:
                life.Left = true;
                Disturb(life);
                connection.Abort(_world.Now);
                break;
            case AppCall.Open:
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>What the stack has to do at this time, until it has nothing more; then what follows from it is looked at.</summary>
    public void Turn()
    {
        for (int turns = 0; turns < MostTurns; turns++)
        {
            Stack.Output(this, _world.Now);
            Accept();
            Read();
            if (Stack.HasOutput) continue;
            Stack.DeliverSignals(this);
            Look();
            return;
        }
        _world.Report(Properties.Invariants, $"{Name} does not stop sending");
    }

    private void Accept()
    {
        while (_listener is not null && _listener.Accept(_world.Now, out TcpConnection? accepted) is TcpError.None)
        {
            Connection = accepted;
            Current = LifeOf(accepted!.Snd.Iss) ?? Begin(accepted.Snd.Iss);
            Step = 0;
        }
    }

    private void Read()
    {
        if (Connection is not { } connection || Current is not { Left: false, EndRead: false } life) return;
        if (connection.State is TcpState.Closed && connection.Readable == 0 && !connection.EndOfStream) return; // reset: that was told
        while (connection.Receive(_octets, _world.Now, out int octets) is TcpError.None)
        {
            if (octets == 0)
            {
                life.EndRead = true;
                CheckEnd(life);
                return;
            }
            CheckOctets(life, _octets.AsSpan(0, octets));
            life.Read += octets;
        }
    }

    /// <summary>The octets of each incarnation are its own.</summary>
    private byte Octet(Life life, int position) => (byte)((Index + 1) << 6 | life.Number << 3 & 0x38 | position & 7);

    private Life Begin(SequenceNumber iss)
    {
        Life life = new(iss, Lives.Count);
        Lives.Add(life);
        return life;
    }

    /// <summary>A new incarnation is nobody's fault: only those that have begun are disturbed.</summary>
    private void Disturb(Life life)
    {
        life.Disturbed = true;
        if (life.Irs is { } irs && Other.LifeOf(irs) is { } peer) peer.Disturbed = true;
        foreach (Life other in Other.Lives.Where(other => other.Irs == life.Iss)) other.Disturbed = true;
    }

    /// <inheritdoc/>
    bool ILink.Transmit(in OutboundPacket packet)
    {
        byte[] octets = new byte[packet.Length];
        packet.CopyTo(octets);
        NoteSent(octets);
        _world.Sent(this, octets);
        return true;
    }

    /// <inheritdoc/>
    void IStackSignals.ConnectionSignalled(TcpConnection connection, TcpSignals signals)
    {
    }

    /// <inheritdoc/>
    void IStackSignals.ListenerSignalled(TcpListener listener)
    {
    }

    private static void Must(TcpError error)
    {
        if (error is not TcpError.None) throw new InvalidOperationException($"the call failed: {error}");
    }
}
