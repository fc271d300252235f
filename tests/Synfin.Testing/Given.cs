using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Testing;

/// <summary>
/// One engine and a peer whose segments the test writes by hand, so that a test reads like a time line:
/// <c>Given.Established().Receives("F. seq 1 ack 1").Sends(". ack 2").Then(TcpState.CloseWait)</c>.
/// Numbers are relative: <c>seq</c> and <c>ack</c> of either side count from that side's SYN, which is 0. See <see cref="SegmentScript"/>.
/// </summary>
public sealed partial class Given : ILink, IStackSignals
{
    /// <summary>Our address.</summary>
    public static readonly InternetAddress Us = InternetAddress.FromIpv4(192, 168, 0, 1);

    /// <summary>The peer's address.</summary>
    public static readonly InternetAddress Peer = InternetAddress.FromIpv4(192, 0, 2, 1);

    /// <summary>Our address where IPv6 is asked for.</summary>
    public static readonly InternetAddress UsIpv6 = new(0x20010db8_00000000, 1);

    /// <summary>The peer's address where IPv6 is asked for.</summary>
    public static readonly InternetAddress PeerIpv6 = new(0x20010db8_00010000, 1);

    /// <summary>Nothing that a test waits for takes so many turns, or packets.</summary>
    private const int MaxTurns = 50_000;

    private static readonly StackSecret Secret = new(11, 12);

    private readonly Queue<byte[]> _sent = new();
    private readonly Dictionary<ushort, SequenceNumber> _ourIsns = [];

    private Given(StackOptions? options, uint peerIsn, ushort ourPort, ushort peerPort, bool ipv6, ITcpObserver? observer)
    {
        LocalAddress = ipv6 ? UsIpv6 : Us;
        PeerAddress = ipv6 ? PeerIpv6 : Peer;
        OurPort = ourPort;
        PeerPort = peerPort;
        if (Isns is { } isns)
        {
            peerIsn = isns.Peer;
            FourTuple tuple = Tuple;
            uint ticks = isns.Ours - InitialSequenceNumber.Choose(in Secret, in tuple, Timestamp.Zero).Value;
            Now = new Timestamp(ticks * InitialSequenceNumber.ClockPeriod);
        }
        Stack = new NetworkStack(options ?? new StackOptions(), Secret, Now, observer);
        Stack.AddAddress(LocalAddress);
        PeerIsn = new SequenceNumber(peerIsn);
    }

    /// <summary>
    /// If set, where the sequence numbers of this thread's time lines begin: the peer's and, by the time at which they start, ours. So any
    /// time line can be run across a wrap of the sequence space.
    /// </summary>
    [field: ThreadStatic]
    public static (uint Peer, uint Ours)? Isns { get; set; }

    /// <summary>The engine under test.</summary>
    public NetworkStack Stack { get; }

    /// <summary>The time.</summary>
    public Timestamp Now { get; private set; }

    /// <summary>The connection under test.</summary>
    public TcpConnection Connection { get; private set; } = null!;

    /// <summary>The listener, if there is one.</summary>
    public TcpListener? Listener { get; private set; }

    /// <summary>The peer's initial sequence number.</summary>
    public SequenceNumber PeerIsn { get; }

    /// <summary>Our initial sequence number towards <see cref="PeerPort"/>, once a SYN of ours was seen.</summary>
    public SequenceNumber OurIsn => _ourIsns.GetValueOrDefault(PeerPort);

    /// <summary>Our address.</summary>
    public InternetAddress LocalAddress { get; }

    /// <summary>The peer's address; a test may let several peers speak.</summary>
    public InternetAddress PeerAddress { get; set; }

    /// <summary>Our port.</summary>
    public ushort OurPort { get; private set; }

    /// <summary>The peer's port.</summary>
    public ushort PeerPort { get; set; }

    /// <summary>What was signalled since the last look.</summary>
    public TcpSignals Signals { get; private set; }

    /// <summary>The last segment that <see cref="Sends"/> looked at.</summary>
    public byte[] LastSent { get; private set; } = [];

    /// <summary>Packets sent that no <see cref="Sends"/> has looked at yet.</summary>
    public int Unseen => _sent.Count;

    /// <inheritdoc/>
    public int Mtu { get; set; } = 1500;

    /// <inheritdoc/>
    public LinkOffloads Offloads { get; set; }

    /// <inheritdoc/>
    public int MaxSuperSegment { get; set; } = 65_000;

    /// <summary>Whether the link takes packets.</summary>
    public bool LinkFull { get; set; }

    /// <summary>A host on which nothing listens.</summary>
    public static Given Closed(StackOptions? options = null, uint peerIsn = 1000) => new(options, peerIsn, 8080, 40_000, false, null);

    /// <summary>A listener on port 8080.</summary>
    public static Given Listening(
        StackOptions? options = null,
        TcpConnectionOptions? connection = null,
        int backlog = 16,
        uint peerIsn = 1000,
        bool ipv6 = false,
        ITcpObserver? observer = null)
    {
        var given = new Given(options, peerIsn, 8080, 40_000, ipv6, observer);
        Check(given.Stack.Listen(given.LocalAddress, given.OurPort, backlog, connection, given.Now, out TcpListener? listener));
        given.Listener = listener;
        return given;
    }

    /// <summary>An OPEN to the peer's port 80: our SYN has gone out and is not looked at yet.</summary>
    public static Given SynSent(
        StackOptions? options = null,
        TcpConnectionOptions? connection = null,
        uint peerIsn = 1000,
        bool ipv6 = false,
        ITcpObserver? observer = null)
    {
        var given = new Given(options, peerIsn, EphemeralPort(options, ipv6), 80, ipv6, observer);
        Check(given.Stack.Connect(given.PeerAddress, given.PeerPort, null, 0, connection, given.Now, out TcpConnection? opened));
        given.Connection = opened!;
        given.OurPort = opened!.Tuple.LocalPort;
        return given.Turn();
    }

    /// <summary>
    /// An accepted connection in ESTABLISHED, opened by the peer with <paramref name="peerOptions"/> on its SYN (none but MSS 1460 by
    /// default: no scaling, no timestamps, no SACK, so that windows and segments are what they seem).
    /// </summary>
    public static Given Established(
        StackOptions? options = null,
        TcpConnectionOptions? connection = null,
        string peerOptions = "mss 1460",
        int window = 65_535,
        uint peerIsn = 1000,
        bool ipv6 = false,
        ITcpObserver? observer = null)
    {
        Given given = Listening(options, connection, peerIsn: peerIsn, ipv6: ipv6, observer: observer)
            .Receives($"S seq 0 win {window} <{peerOptions}>").Sends("S. seq 0 ack 1");
        string timestamps = peerOptions.Contains("TS", StringComparison.Ordinal) ? " <TS val 1 ecr last>" : "";
        return given.Receives($". seq 1 ack 1 win {window}{timestamps}").Accepts().Then(TcpState.Established).SendsNothing();
    }

    /// <summary>From here on the peer's segments come from another port of its.</summary>
    public Given From(ushort port)
    {
        PeerPort = port;
        return this;
    }

    /// <summary>A segment of the peer arrives, and a turn is run.</summary>
    public Given Receives(string segment)
    {
        Stack.Input(SegmentScript.Build(segment, this), default, Now);
        return Turn();
    }

    /// <summary>Several segments arrive in one turn.</summary>
    public Given ReceivesTogether(params string[] segments)
    {
        foreach (string segment in segments) Stack.Input(SegmentScript.Build(segment, this), default, Now);
        return Turn();
    }

    /// <summary>Octets arrive as they are.</summary>
    public Given ReceivesPacket(ReadOnlySpan<byte> packet)
    {
        Stack.Input(packet, default, Now);
        return Turn();
    }

    /// <summary>The next packet that was sent is this one, in every field that is given.</summary>
    public Given Sends(string segment)
    {
        if (!_sent.TryDequeue(out byte[]? packet))
            throw new InvalidOperationException($"expected \"{segment}\" at {Now}, but nothing was sent");
        LastSent = packet;
        LastShape = _shapes.Dequeue();
        SegmentScript.Check(segment, packet, this);
        return this;
    }

    /// <summary>The next packet that was sent, as it is.</summary>
    public byte[] TakeSent()
    {
        LastShape = _shapes.Dequeue();
        return LastSent = _sent.Dequeue();
    }

    /// <summary>The next packet that was sent; <see cref="Sends"/> will look at it.</summary>
    public byte[] Peek() => _sent.Peek();

    /// <summary>Nothing more was sent.</summary>
    public Given SendsNothing()
    {
        if (_sent.Count > 0)
            throw new InvalidOperationException($"expected nothing at {Now}, but {SegmentScript.Describe(_sent.Peek(), this)} was sent");
        return this;
    }

    /// <summary>Forgets what was sent.</summary>
    public Given Ignoring()
    {
        _sent.Clear();
        _shapes.Clear();
        return this;
    }

    /// <summary>Time passes; deadlines in between are acted on, each at its time.</summary>
    public Given After(double milliseconds)
    {
        Timestamp end = Now + new Duration((long)Math.Round(milliseconds * 1e6));
        for (int turns = 0; Stack.NextDeadline is { } next && next <= end; turns++)
        {
            if (turns == MaxTurns) throw new InvalidOperationException($"at {Now} the stack still does not come to rest");
            Now = Timestamp.Max(Now, next);
            Turn();
        }
        Now = end;
        return Turn();
    }

    /// <summary>The application writes so many octets: a stream whose octet i is (byte)i.</summary>
    public Given Writes(int octets)
    {
        byte[] data = new byte[octets];
        for (int i = 0; i < octets; i++) data[i] = (byte)(_written + i);
        Check(Connection.Send(data, Now, out int sent));
        if (sent != octets) throw new InvalidOperationException($"only {sent} of {octets} octets were taken");
        _written += octets;
        return Turn();
    }

    /// <summary>The application writes urgent octets.</summary>
    public Given WritesUrgent(int octets)
    {
        Check(Connection.SendUrgent(new byte[octets], Now, out _));
        _written += octets;
        return Turn();
    }

    /// <summary>The application reads exactly so many octets.</summary>
    public Given Reads(int octets) => Reads(octets, out _);

    /// <summary>The application reads exactly so many octets.</summary>
    public Given Reads(int octets, out byte[] data)
    {
        data = new byte[octets];
        int total = 0;
        while (total < octets)
        {
            TcpError error = Connection.Receive(data.AsSpan(total), Now, out int received);
            if (error is not TcpError.None || received == 0)
                throw new InvalidOperationException($"read {total} of {octets} octets, then {error}");
            total += received;
        }
        return Turn();
    }

    /// <summary>Takes a connection from the listener.</summary>
    public Given Accepts()
    {
        Check(Listener!.Accept(Now, out TcpConnection? accepted));
        Connection = accepted!;
        return Turn();
    }

    /// <summary>CLOSE of the sending half.</summary>
    public Given ShutsDown()
    {
        Check(Connection.Shutdown(Now));
        return Turn();
    }

    /// <summary>CLOSE.</summary>
    public Given Closes()
    {
        Check(Connection.Close(Now));
        return Turn();
    }

    /// <summary>ABORT.</summary>
    public Given Aborts()
    {
        Check(Connection.Abort(Now));
        return Turn();
    }

    /// <summary>Changes the connection's options.</summary>
    public Given Sets(Func<TcpConnectionOptions, TcpConnectionOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Connection.SetOptions(change(Connection.Options), Now);
        return Turn();
    }

    /// <summary>The connection is in this state.</summary>
    public Given Then(TcpState state)
    {
        TcpState actual = Connection is null ? Stack.StateOf(Tuple) : Connection.State;
        if (actual != state) throw new InvalidOperationException($"expected {state.ToRfcName()} at {Now}, found {actual.ToRfcName()}");
        return this;
    }

    /// <summary>Something else holds.</summary>
    public Given And(Action<Given> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        check(this);
        return this;
    }

    /// <summary>What was signalled since the last call.</summary>
    public TcpSignals TakeSignals()
    {
        TcpSignals signals = Signals;
        Signals = TcpSignals.None;
        return signals;
    }

    /// <summary>The connection's name from our end.</summary>
    public FourTuple Tuple => new(LocalAddress, OurPort, PeerAddress, PeerPort);

    /// <summary>One turn.</summary>
    public Given Turn()
    {
        Stack.OnTime(Now);
        Stack.Output(this, Now);
        Stack.DeliverSignals(this);
        Stack.CheckInvariants();
        return this;
    }

    /// <inheritdoc/>
    bool ILink.Transmit(in OutboundPacket packet)
    {
        if (LinkFull) return false;
        if (_sent.Count == MaxTurns) throw new InvalidOperationException($"at {Now} the stack does not stop sending");
        byte[] copy = new byte[packet.Length];
        packet.CopyTo(copy);
        Finish(copy, in packet);
        if (SegmentScript.IsSyn(copy, out SequenceNumber isn, out ushort port)) _ourIsns[port] = isn;
        _sent.Enqueue(copy);
        return true;
    }

    /// <inheritdoc/>
    void IStackSignals.ConnectionSignalled(TcpConnection connection, TcpSignals signals) => Signals |= signals;

    /// <inheritdoc/>
    void IStackSignals.ListenerSignalled(TcpListener listener) => _ = listener;

    private int _written;

    /// <summary>The port that the first OPEN to the peer's port 80 takes: the time at which a time line starts may depend on it.</summary>
    private static ushort EphemeralPort(StackOptions? options, bool ipv6)
    {
        var stack = new NetworkStack(options ?? new StackOptions(), Secret, Timestamp.Zero);
        stack.AddAddress(ipv6 ? UsIpv6 : Us);
        Check(stack.Connect(ipv6 ? PeerIpv6 : Peer, 80, null, 0, null, Timestamp.Zero, out TcpConnection? opened));
        return opened!.Tuple.LocalPort;
    }

    private static void Check(TcpError error)
    {
        if (error is not TcpError.None) throw new InvalidOperationException($"the call failed: {error}");
    }
}
