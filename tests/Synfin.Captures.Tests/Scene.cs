using Synfin.Captures.Ladders;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Captures.Tests;

/// <summary>
/// Two hosts, a (10.0.0.1, port 32768) and b (10.0.0.2, port 80), whose story a test tells step by step to a recorder. The packets cross
/// in ten milliseconds unless told otherwise.
/// </summary>
internal sealed class Scene
{
    public const TcpFlags Syn = TcpFlags.Syn, Ack = TcpFlags.Ack, Fin = TcpFlags.Fin, Rst = TcpFlags.Rst, Psh = TcpFlags.Psh;

    private static readonly InternetAddress AddressA = InternetAddress.FromIpv4(10, 0, 0, 1);
    private static readonly InternetAddress AddressB = InternetAddress.FromIpv4(10, 0, 0, 2);

    public Scene(bool tellStates = true)
    {
        Recorder = new LadderRecorder();
        Recorder.AddHost("a", AddressA);
        Recorder.AddHost("b", AddressB);
        if (!tellStates) return;
        ObserverA = Recorder.ObserverFor("a");
        ObserverB = Recorder.ObserverFor("b");
    }

    public LadderRecorder Recorder { get; }

    public ITcpObserver? ObserverA { get; }

    public ITcpObserver? ObserverB { get; }

    public Timestamp Now { get; private set; }

    public ushort PortA { get; set; } = 32768;

    public FourTuple TupleOf(string host) =>
        host == "a" ? new(AddressA, PortA, AddressB, 80) : new FourTuple(AddressA, PortA, AddressB, 80).Reversed;

    public Scene At(double milliseconds)
    {
        Now = new Timestamp((long)Math.Round(milliseconds * 1e6));
        return this;
    }

    public byte[] Packet(
        string from, TcpFlags flags, uint seq, uint ack = 0, int data = 0, ushort wnd = 64240, ushort up = 0, byte[]? options = null)
    {
        FourTuple t = TupleOf(from);
        return Craft.Tcp(t.LocalAddress, t.LocalPort, t.RemoteAddress, t.RemotePort, flags, seq, ack, wnd, up, options, new byte[data]);
    }

    public int Send(
        string from, TcpFlags flags, uint seq, uint ack = 0, int data = 0, ushort wnd = 64240, ushort up = 0, byte[]? options = null) =>
        Recorder.PacketSent(from, Packet(from, flags, seq, ack, data, wnd, up, options), Now);

    public Scene Deliver(string to, int id)
    {
        Recorder.PacketDelivered(id, to, Now);
        return this;
    }

    /// <summary>Sends now and delivers ten milliseconds later, which is now then.</summary>
    public Scene Pass(
        string from, TcpFlags flags, uint seq, uint ack = 0, int data = 0, ushort wnd = 64240, ushort up = 0, byte[]? options = null)
    {
        int id = Send(from, flags, seq, ack, data, wnd, up, options);
        Later(10);
        return Deliver(from == "a" ? "b" : "a", id);
    }

    public Scene Lose(string from, TcpFlags flags, uint seq, uint ack = 0, int data = 0, string reason = "lost")
    {
        Recorder.PacketLost(Send(from, flags, seq, ack, data), reason, Now);
        return this;
    }

    public Scene Later(double milliseconds) => At(Now.Nanoseconds / 1e6 + milliseconds);

    public Scene State(string host, TcpState to, CloseReason reason = CloseReason.None)
    {
        Observer(host).StateChanged(new StateEvent(Now, TupleOf(host), to, to, reason));
        return this;
    }

    public Scene Call(string host, UserCall call, int octets = 0, TcpError error = TcpError.None)
    {
        Observer(host).UserCalled(new UserCallEvent(Now, TupleOf(host), call, TcpState.Closed, octets, error));
        return this;
    }

    public Scene Timer(string host, TcpTimerKind kind, int count, double nextMilliseconds = 0)
    {
        var next = new Duration((long)(nextMilliseconds * 1e6));
        Observer(host).TimerFired(new TimerEvent(Now, TupleOf(host), kind, TcpState.Established, count, next));
        return this;
    }

    public Scene Listens(string host)
    {
        var tuple = new FourTuple(TupleOf(host).LocalAddress, TupleOf(host).LocalPort, InternetAddress.AnyIpv4, 0);
        Observer(host).StateChanged(new StateEvent(Now, tuple, TcpState.Closed, TcpState.Listen, CloseReason.None));
        return this;
    }

    /// <summary>a opens to b: SEQ 100 and 300, options as usual, done at 20 ms with a at 101 and b at 301.</summary>
    public Scene HandshakeIsDone()
    {
        Listens("b").Call("a", UserCall.Open).State("a", TcpState.SynSent);
        Pass("a", Syn, 100, options: Craft.SynOptions).State("b", TcpState.SynReceived);
        Pass("b", Syn | Ack, 300, 101, options: Craft.SynOptions).State("a", TcpState.Established);
        int ack = Send("a", Ack, 101, 301, wnd: 502);
        return At(30).Deliver("b", ack).State("b", TcpState.Established);
    }

    /// <summary>A host's stack does not act on what arrived last.</summary>
    public Scene Drop(string host, TcpFlags flags, uint seq, DropReason reason)
    {
        var segment = new SegmentEvent
        {
            Time = Now,
            Tuple = TupleOf(host),
            Seq = new SequenceNumber(seq),
            Ack = default,
            Wnd = 0,
            Flags = flags,
            TextLength = 0,
            WireSegments = 1,
            State = TcpState.Established,
        };
        Observer(host).SegmentDropped(in segment, reason);
        return this;
    }

    public string Text(int width = 80, LadderOptions? options = null) => TextLadderRenderer.Render(Recorder.Build(options), width);

    private ITcpObserver Observer(string host) => host == "a" ? ObserverA! : ObserverB!;
}
