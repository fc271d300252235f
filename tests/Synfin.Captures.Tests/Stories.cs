using Synfin.Tcp;
using Synfin.Wire;
using static Synfin.Captures.Tests.Scene;

namespace Synfin.Captures.Tests;

/// <summary>The stories that several tests tell.</summary>
internal static class Stories
{
    /// <summary>Handshake, five octets, a closes and b after it, TIME-WAIT to its end.</summary>
    public static Scene OpenAndClose()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Call("a", UserCall.Send, 5);
        s.Pass("a", Psh | Ack, 101, 301, data: 5, wnd: 502).Call("b", UserCall.Receive, 5);
        s.Pass("b", Ack, 301, 106, wnd: 502);
        s.At(1000).Call("a", UserCall.Close).State("a", TcpState.FinWait1);
        s.Pass("a", Fin | Ack, 106, 301, wnd: 502).State("b", TcpState.CloseWait).Call("b", UserCall.Receive);
        s.Pass("b", Ack, 301, 107, wnd: 502).State("a", TcpState.FinWait2);
        s.At(1050).Call("b", UserCall.Close).State("b", TcpState.LastAck);
        s.Pass("b", Fin | Ack, 301, 107, wnd: 502).State("a", TcpState.TimeWait);
        s.Pass("a", Ack, 107, 302, wnd: 502).State("b", TcpState.Closed, CloseReason.RemoteClose);
        s.At(61060).Timer("a", TcpTimerKind.TimeWait, 1).State("a", TcpState.Closed, CloseReason.LocalClose);
        return s;
    }

    /// <summary>Both open at once, exchange nothing, and close at once (RFC 9293 figures 8 and 13).</summary>
    public static Scene SimultaneousOpenAndClose()
    {
        var s = new Scene();
        s.Call("a", UserCall.Open).State("a", TcpState.SynSent);
        int synA = s.Send("a", Syn, 100);
        s.At(5).Call("b", UserCall.Open).State("b", TcpState.SynSent);
        int synB = s.Send("b", Syn, 300);
        s.At(15).Deliver("a", synB).State("a", TcpState.SynReceived);
        int synAckA = s.At(16).Send("a", Syn | Ack, 100, 301);
        s.At(18).Deliver("b", synA).State("b", TcpState.SynReceived);
        int synAckB = s.Send("b", Syn | Ack, 300, 101);
        s.At(28).Deliver("a", synAckB).State("a", TcpState.Established);
        s.At(30).Deliver("b", synAckA).State("b", TcpState.Established);

        s.At(100).Call("a", UserCall.Close).State("a", TcpState.FinWait1);
        int finA = s.Send("a", Fin | Ack, 101, 301);
        s.Call("b", UserCall.Close).State("b", TcpState.FinWait1);
        int finB = s.Send("b", Fin | Ack, 301, 101);
        s.At(110).Deliver("a", finB).State("a", TcpState.Closing);
        int ackA = s.Send("a", Ack, 102, 302);
        s.Deliver("b", finA).State("b", TcpState.Closing);
        int ackB = s.Send("b", Ack, 302, 102);
        s.At(120).Deliver("a", ackB).State("a", TcpState.TimeWait);
        s.Deliver("b", ackA).State("b", TcpState.TimeWait);
        s.At(60120).State("a", TcpState.Closed, CloseReason.SimultaneousClose);
        s.State("b", TcpState.Closed, CloseReason.SimultaneousClose);
        return s;
    }

    /// <summary>The first SYN is lost, the second is answered.</summary>
    public static Scene LostSyn()
    {
        var s = new Scene();
        s.Listens("b").Call("a", UserCall.Open).State("a", TcpState.SynSent);
        s.Lose("a", Syn, 100);
        s.At(1000).Timer("a", TcpTimerKind.Retransmit, 1, 2000);
        s.Pass("a", Syn, 100).State("b", TcpState.SynReceived);
        s.Pass("b", Syn | Ack, 300, 101).State("a", TcpState.Established);
        return s.Pass("a", Ack, 101, 301).State("b", TcpState.Established);
    }

    public static Scene Refused()
    {
        var s = new Scene();
        s.Call("a", UserCall.Open).State("a", TcpState.SynSent);
        s.Pass("a", Syn, 100);
        s.Pass("b", Rst | Ack, 0, 101).State("a", TcpState.Closed, CloseReason.Refused);
        return s;
    }

    /// <summary>b does not read: its window closes, a probes it, b reads at last.</summary>
    public static Scene ZeroWindow()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Pass("a", Psh | Ack, 101, 301, data: 1000);
        s.Pass("b", Ack, 301, 1101, wnd: 0);
        s.At(300).Timer("a", TcpTimerKind.Persist, 1, 480);
        s.Pass("a", Ack, 1101, 301, data: 1);
        s.Pass("b", Ack, 301, 1101, wnd: 0);
        s.At(780).Timer("a", TcpTimerKind.Persist, 2, 960);
        s.Pass("a", Ack, 1101, 301, data: 1);
        s.Call("b", UserCall.Receive, 1000);
        s.Pass("b", Ack, 301, 1102, wnd: 502);
        return s;
    }

    /// <summary>A long transfer from a, each second segment acknowledged.</summary>
    public static Scene LongTransfer(int segments = 42)
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40);
        uint seq = 101;
        for (int i = 0; i < segments; i += 2)
        {
            s.Pass("a", Ack, seq, 301, data: 1460);
            s.Pass("a", Psh | Ack, seq + 1460, 301, data: 1460);
            seq += 2920;
            s.Pass("b", Ack, 301, seq);
        }
        s.Call("b", UserCall.Close).State("b", TcpState.FinWait1);
        return s.Pass("b", Fin | Ack, 301, seq).State("a", TcpState.CloseWait);
    }

    /// <summary>b crashes without a word; a's next segment is answered with RST.</summary>
    public static Scene HalfOpen()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(5000).Recorder.HostCrashed("b", s.Now);
        s.At(8000).Call("a", UserCall.Send, 5);
        s.Pass("a", Psh | Ack, 101, 301, data: 5);
        s.Pass("b", Rst, 301).State("a", TcpState.Closed, CloseReason.RemoteReset);
        return s.Call("a", UserCall.Receive, error: TcpError.ConnectionReset);
    }

    /// <summary>Three segments in flight, the second is lost: SACK, and it is sent again.</summary>
    public static Scene LostSegment()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Call("a", UserCall.Send, 3000);
        int first = s.Send("a", Ack, 101, 301, data: 1000);
        s.Lose("a", Ack, 1101, 301, data: 1000, reason: "queue full");
        int third = s.Send("a", Psh | Ack, 2101, 301, data: 1000);
        s.At(50).Deliver("b", first);
        int ack1 = s.Send("b", Ack, 301, 1101);
        s.At(51).Deliver("b", third);
        int ack2 = s.Send("b", Ack, 301, 1101, options: [1, 1, 5, 10, 0, 0, 2101 >> 8, 2101 & 255, 0, 0, 3101 >> 8, 3101 & 255]);
        s.At(60).Deliver("a", ack1);
        s.At(61).Deliver("a", ack2);
        s.At(240).Timer("a", TcpTimerKind.Retransmit, 1, 400);
        s.Pass("a", Ack, 1101, 301, data: 1000);
        return s.Pass("b", Ack, 301, 3101);
    }

    /// <summary>A live stack that knows only its own end: it opens, the far end answers, talks and closes.</summary>
    public static Scene OneEnd()
    {
        var s = new Scene(tellStates: false);
        s.Recorder.ObserverFor("a");
        void Arrives(double at, TcpFlags flags, uint seq, uint ack, int data = 0) =>
            s.At(at).Recorder.PacketArrived("a", s.Packet("b", flags, seq, ack, data), s.Now);
        void State(TcpState state) => s.Recorder.StateChanged("a", s.TupleOf("a"), state, s.Now);
        State(TcpState.SynSent);
        s.Send("a", Syn, 100);
        Arrives(20, Syn | Ack, 300, 101);
        State(TcpState.Established);
        s.Send("a", Ack, 101, 301);
        s.At(21).Send("a", Psh | Ack, 101, 301, data: 5);
        Arrives(41, Psh | Ack, 301, 106, data: 7);
        Arrives(42, Fin | Ack, 308, 106);
        State(TcpState.CloseWait);
        s.Send("a", Ack, 106, 309);
        s.At(50);
        State(TcpState.LastAck);
        s.Send("a", Fin | Ack, 106, 309);
        Arrives(70, Ack, 309, 107);
        State(TcpState.Closed);
        return s;
    }

    /// <summary>Two connections, one after the other.</summary>
    public static Scene TwoConnections()
    {
        Scene s = Refused();
        s.At(100).PortA = 32769;
        s.Call("a", UserCall.Open).State("a", TcpState.SynSent);
        s.Pass("a", Syn, 700);
        s.Pass("b", Rst | Ack, 0, 701).State("a", TcpState.Closed, CloseReason.Refused);
        return s;
    }

    /// <summary>Urgent text, then an abort with five octets still unacknowledged.</summary>
    public static Scene UrgentThenAbort()
    {
        Scene s = new Scene().HandshakeIsDone();
        s.At(40).Call("a", UserCall.SendUrgent, 3);
        s.Pass("a", Psh | Ack | TcpFlags.Urg, 101, 301, data: 3, up: 3);
        s.At(90).Timer("b", TcpTimerKind.DelayedAck, 1);
        s.Pass("b", Ack, 301, 104);
        s.At(120).Call("a", UserCall.Send, 5);
        s.Lose("a", Psh | Ack, 104, 301, data: 5, reason: "link a-b is cut since 0.1 s");
        s.At(150).Call("a", UserCall.Abort).State("a", TcpState.Closed, CloseReason.LocalAbort);
        return s.Pass("a", Rst | Ack, 109, 301).State("b", TcpState.Closed, CloseReason.RemoteReset);
    }

    public static IEnumerable<(string Name, Scene Scene)> All()
    {
        yield return ("open and close", OpenAndClose());
        yield return ("simultaneous", SimultaneousOpenAndClose());
        yield return ("lost SYN", LostSyn());
        yield return ("refused", Refused());
        yield return ("zero window", ZeroWindow());
        yield return ("long transfer", LongTransfer());
        yield return ("half-open", HalfOpen());
        yield return ("lost segment", LostSegment());
        yield return ("one end", OneEnd());
        yield return ("two connections", TwoConnections());
        yield return ("urgent, abort", UrgentThenAbort());
    }
}
