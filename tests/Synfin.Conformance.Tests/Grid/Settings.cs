using Synfin.Conformance.Tests.Transcription;
using static Synfin.Conformance.Tests.Grid.Step;
using static Synfin.Conformance.Tests.Transcription.ControlBits;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>All settings: the eleven states of RFC 9293 Figure 5, each as bare as it can be, and with what may be queued in it.</summary>
internal static class Settings
{
    /// <summary>TSval of all that leads to a setting with timestamps.</summary>
    public const uint TsVal = 1000;

    private const int Full = (int)EventProcessing.Buffer;

    public static IReadOnlyList<Setting> All { get; } =
        [.. Unsynchronized(), .. Open(), .. WeClosedFirst(), .. PeerClosedFirst(), .. Late()];

    private static IEnumerable<Setting> Unsynchronized()
    {
        yield return new("CLOSED", ConnectionState.Closed);
        yield return new("CLOSED, was open", ConnectionState.Closed,
            Opens, Receives(Syn | Ack, 0, 1), Receives(Ack | Fin, 1, 1), ShutsDown, Receives(Ack, 2, 2));
        yield return new("LISTEN", ConnectionState.Listen, Listens);
        yield return new("SYN-SENT", ConnectionState.SynSent, Opens);
        yield return new("SYN-SENT, text queued", ConnectionState.SynSent, Opens, Writes(100));
        yield return new("SYN-RECEIVED, passive", ConnectionState.SynReceived, Listens, Receives(Syn, 0));
        yield return new("SYN-RECEIVED, passive, text on the SYN", ConnectionState.SynReceived, Listens, Receives(Syn, 0, text: 100));
        yield return new("SYN-RECEIVED, passive, timestamps", ConnectionState.SynReceived, Listens, Receives(Syn, 0, ts: TsVal))
        { Timestamps = true };
        yield return new("SYN-RECEIVED, active", ConnectionState.SynReceived, Opens, Receives(Syn, 0));
        yield return new("SYN-RECEIVED, active, text queued", ConnectionState.SynReceived, Opens, Writes(100), Receives(Syn, 0));
        yield return new("SYN-RECEIVED, active, CLOSE queued", ConnectionState.SynReceived, Opens, Receives(Syn, 0), ShutsDown);
        yield return new("SYN-RECEIVED, active, text on the SYN", ConnectionState.SynReceived, Opens, Receives(Syn, 0, text: 100));
        yield return new("SYN-RECEIVED, active, FIN on the SYN", ConnectionState.SynReceived, Opens, Receives(Syn | Fin, 0));
        yield return new("SYN-RECEIVED, active, zero window", ConnectionState.SynReceived, Opens, Receives(Syn, 0, text: Full));
    }

    private static IEnumerable<Setting> Open()
    {
        yield return Of("ESTABLISHED", ConnectionState.Established);
        yield return new("ESTABLISHED, active", ConnectionState.Established, Opens, Receives(Syn | Ack, 0, 1));
        yield return Of("ESTABLISHED, text in flight", ConnectionState.Established, Writes(300));
        yield return Of("ESTABLISHED, some acknowledged", ConnectionState.Established, Writes(300), Receives(Ack, 1, 201));
        yield return Of("ESTABLISHED, zero window", ConnectionState.Established, Receives(Ack, 1, 1, Full));
        yield return Of("ESTABLISHED, unread text", ConnectionState.Established, Receives(Ack, 1, 1, 100));
        yield return Of("ESTABLISHED, text held", ConnectionState.Established, Receives(Ack, 101, 1, 50));
        yield return Of("ESTABLISHED, FIN held", ConnectionState.Established, Receives(Ack | Fin, 101, 1));
        yield return Of("ESTABLISHED, text waits", ConnectionState.Established, Receives(Ack, 1, 1, wnd: 0), Writes(100));
        yield return WithTimestamps("ESTABLISHED, timestamps", ConnectionState.Established);
    }

    private static IEnumerable<Setting> WeClosedFirst()
    {
        yield return Of("FIN-WAIT-1", ConnectionState.FinWait1, ShutsDown);
        yield return Of("FIN-WAIT-1, text in flight", ConnectionState.FinWait1, Writes(300), ShutsDown);
        yield return Of("FIN-WAIT-1, FIN waits", ConnectionState.FinWait1, Receives(Ack, 1, 1, wnd: 0), Writes(100), ShutsDown);
        yield return Of("FIN-WAIT-1, zero window", ConnectionState.FinWait1, Receives(Ack, 1, 1, Full), ShutsDown);
        yield return Of("FIN-WAIT-1, FIN held", ConnectionState.FinWait1, Receives(Ack | Fin, 101, 1), ShutsDown);
        yield return Of("FIN-WAIT-1, user gone", ConnectionState.FinWait1, Closes);
        yield return Of("FIN-WAIT-2", ConnectionState.FinWait2, ShutsDown, Receives(Ack, 1, 2));
        yield return Of("FIN-WAIT-2, zero window", ConnectionState.FinWait2, ShutsDown, Receives(Ack, 1, 2, Full));
        yield return Of("FIN-WAIT-2, text held", ConnectionState.FinWait2, ShutsDown, Receives(Ack, 101, 2, 50));
        yield return Of("FIN-WAIT-2, user gone", ConnectionState.FinWait2, Closes, Receives(Ack, 1, 2));
        yield return Of("CLOSING", ConnectionState.Closing, ShutsDown, Receives(Ack | Fin, 1, 1));
        yield return Of("CLOSING, text in flight", ConnectionState.Closing, Writes(300), ShutsDown, Receives(Ack | Fin, 1, 1));
        yield return Of("CLOSING, unread text", ConnectionState.Closing, ShutsDown, Receives(Ack | Fin, 1, 1, 100));
    }

    private static IEnumerable<Setting> PeerClosedFirst()
    {
        yield return Of("CLOSE-WAIT", ConnectionState.CloseWait, Receives(Ack | Fin, 1, 1));
        yield return Of("CLOSE-WAIT, text in flight", ConnectionState.CloseWait, Writes(300), Receives(Ack | Fin, 1, 1));
        yield return Of("CLOSE-WAIT, zero window", ConnectionState.CloseWait, Receives(Ack | Fin, 1, 1, Full - 1));
        yield return Of("CLOSE-WAIT, text waits", ConnectionState.CloseWait, Receives(Ack | Fin, 1, 1, wnd: 0), Writes(100));
        yield return Of("LAST-ACK", ConnectionState.LastAck, Receives(Ack | Fin, 1, 1), ShutsDown);
        yield return Of("LAST-ACK, text in flight", ConnectionState.LastAck, Receives(Ack | Fin, 1, 1), Writes(300), ShutsDown);
        yield return Of("LAST-ACK, FIN waits", ConnectionState.LastAck, Receives(Ack | Fin, 1, 1, wnd: 0), Writes(100), ShutsDown);
        yield return Of("LAST-ACK, unread text", ConnectionState.LastAck, Receives(Ack | Fin, 1, 1, 100), ShutsDown);
    }

    private static IEnumerable<Setting> Late()
    {
        yield return Of("TIME-WAIT", ConnectionState.TimeWait, ShutsDown, Receives(Ack, 1, 2), Receives(Ack | Fin, 1, 2));
        yield return new("TIME-WAIT, nobody listens", ConnectionState.TimeWait,
            Opens, Receives(Syn | Ack, 0, 1), ShutsDown, Receives(Ack | Fin, 1, 2));
        yield return Of("TIME-WAIT, both closed at once", ConnectionState.TimeWait,
            ShutsDown, Receives(Ack | Fin, 1, 1), Receives(Ack, 2, 2));
        yield return Of("TIME-WAIT, zero window", ConnectionState.TimeWait,
            ShutsDown, Receives(Ack, 1, 2, Full - 1), Receives(Ack | Fin, Full, 2));
        yield return WithTimestamps("TIME-WAIT, timestamps", ConnectionState.TimeWait,
            ShutsDown, Receives(Ack | Fin, 1, 2, ts: TsVal));
    }

    private static Setting Of(string name, ConnectionState state, params Step[] more) =>
        new(name, state, [Listens, Receives(Syn, 0), Receives(Ack, 1, 1), Accepts, .. more]);

    private static Setting WithTimestamps(string name, ConnectionState state, params Step[] more) =>
        new(name, state, [Listens, Receives(Syn, 0, ts: TsVal), Receives(Ack, 1, 1, ts: TsVal), Accepts, .. more]) { Timestamps = true };
}
