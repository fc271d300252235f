using Synfin.Conformance.Tests.Transcription;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>
/// The engine, to which a peer's segments and an application's calls come, in the transcription's numbers: both ISNs lie just before the
/// sequence space's wrap, so most cells run across it.
/// </summary>
internal sealed class Host : ILink, IStackSignals
{
    public const uint OurIsn = 0xFFFF_FF80;
    public const uint PeerIsn = 0xFFFF_FF00;
    public const ushort OurPort = 8080;
    public const ushort PeerPort = 40_000;

    public static readonly InternetAddress Us = InternetAddress.FromIpv4(192, 168, 0, 1);
    public static readonly InternetAddress Peer = InternetAddress.FromIpv4(192, 0, 2, 1);

    private const int MostOctets = 2_048;

    private static readonly StackSecret _secret = new(11, 12);

    // There are millions of hosts, and each thread drives one at a time.
    [ThreadStatic]
    private static byte[]? _packet;

    [ThreadStatic]
    private static byte[]? _frame;


    private readonly List<Reply> _sent = [];
    private readonly TcpConnectionOptions _connectionOptions;
    private uint? _iss;

    public Host(TcpProfile profile, TcpConnectionOptions options)
    {
        _connectionOptions = options;
        Stack = new NetworkStack(new StackOptions { Profile = profile, MaxResetsPerSecond = 1_000_000 }, _secret, Timestamp.Zero);
        Stack.AddAddress(Us);
    }

    /// <summary>What every connection of the grid chooses: 1,024 octets to receive into, an ACK for each segment, no Nagle.</summary>
    public static TcpConnectionOptions Options { get; } =
        new() { ReceiveBuffer = (int)EventProcessing.Buffer, QuickAck = true, NoDelay = true };

    public NetworkStack Stack { get; }

    public Timestamp Now { get; private set; }

    public TcpListener? Listener { get; private set; }

    public TcpConnection? Connection { get; private set; }

    public TcpSignals Signals { get; private set; }

    public static FourTuple Tuple => new(Us, OurPort, Peer, PeerPort);

    public int Mtu => 1500;

    public LinkOffloads Offloads => LinkOffloads.None;

    public int MaxSuperSegment => Mtu;

    public TcpError Listen()
    {
        TcpError error = Stack.Listen(Us, OurPort, 16, _connectionOptions, Now, out TcpListener? listener);
        Listener ??= listener;
        return error;
    }

    public TcpError Connect()
    {
        TcpError error = Stack.Connect(Peer, PeerPort, Us, OurPort, _connectionOptions, Now, out TcpConnection? opened);
        if (opened is not null) Connection = opened;
        return error;
    }

    public void Accept()
    {
        if (Listener is not null && Listener.Accept(Now, out TcpConnection? accepted) is TcpError.None) Connection = accepted;
    }

    /// <summary>A segment arrives, and a turn is run. The octet at a number is its low eight bits.</summary>
    public void Arrives(in IncomingSegment seg)
    {
        var options = default(TcpOptions);
        if (seg.Has(ControlBits.Syn)) options.SetMaximumSegmentSize(1460);
        if (seg.TsVal is { } value) options.SetTimestamps(value, 0);
        uint ack = seg.Has(ControlBits.Ack) ? seg.Ack - OurIsn + (_iss ?? OurIsn) : 0;
        byte[] packet = _packet ??= new byte[MostOctets];
        Span<byte> tcp = packet.AsSpan(IpHeader.Ipv4Length);
        int header = TcpHeaderWriter.Write(tcp, PeerPort, OurPort, new SequenceNumber(seg.Seq), new SequenceNumber(ack),
            (TcpFlags)seg.Bits, (ushort)seg.Wnd, (ushort)seg.Up, in options);
        uint first = seg.Seq + (seg.Has(ControlBits.Syn) ? 1u : 0);
        for (int i = 0; i < seg.Text; i++) tcp[header + i] = (byte)(first + (uint)i);
        int total = header + seg.Text;
        IpHeaderWriter.Write(packet, Peer, Us, IpProtocol.Tcp, total, 0, 64, 0);
        Stack.Input(packet.AsSpan(0, IpHeader.Ipv4Length + total), new ReceiveMetadata(ChecksumVerified: true, 1), Now);
        Turn();
    }

    /// <summary>Time passes, without any deadline in between being looked at on its own.</summary>
    public void After(Duration time)
    {
        Now += time;
        Turn();
    }

    public void Turn()
    {
        Stack.OnTime(Now);
        Stack.Output(this, Now);
        Stack.DeliverSignals(this);
    }

    public List<Reply> TakeSent()
    {
        List<Reply> sent = [.. _sent];
        _sent.Clear();
        return sent;
    }

    public void ForgetSentBut(ControlBits bits) => _sent.RemoveAll(reply => (reply.Bits & bits) == 0);

    public void ForgetSignals() => Signals = TcpSignals.None;

    /// <summary>The engine's number in the transcription's numbers.</summary>
    public uint Ours(SequenceNumber number) => number.Value - (_iss ?? OurIsn) + OurIsn;

    bool ILink.Transmit(in OutboundPacket packet)
    {
        byte[] frame = _frame ??= new byte[MostOctets];
        int length = packet.CopyTo(frame);
        var seg = default(Segment);
        WireError error = IpHeader.TryParse(frame.AsSpan(0, length), out IpHeader ip);
        if (error is WireError.None) error = TcpHeader.TryParse(ip.Payload(frame.AsSpan(0, length)), ref seg);
        if (error is not WireError.None) throw new InvalidOperationException($"what was sent does not parse: {error}");
        if (seg.Has(TcpFlags.Syn)) _iss ??= seg.Seq.Value;
        bool zero = seg.Seq.Value == 0 && seg.Flags == (TcpFlags.Rst | TcpFlags.Ack);
        uint wnd = seg.Has(TcpFlags.Rst) ? 0u : seg.Wnd;
        uint ack = seg.Has(TcpFlags.Ack) ? seg.Ack.Value : 0;
        _sent.Add(new Reply((ControlBits)seg.Flags, zero ? 0 : Ours(seg.Seq), ack, seg.Text.Length, wnd));
        return true;
    }

    void IStackSignals.ConnectionSignalled(TcpConnection connection, TcpSignals signals) => Signals |= signals;

    void IStackSignals.ListenerSignalled(TcpListener listener) => _ = listener;
}
