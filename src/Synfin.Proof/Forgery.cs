using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Wire;

namespace Synfin.Proof;

/// <summary>
/// Segments of a stranger, or of long ago, that come near to the right numbers and miss them: each must be without effect (RFC 5961, RFC
/// 1337). Those with all numbers right cannot be told from the peer's, so there are none.
/// </summary>
internal static class Forgery
{
    /// <summary>The most kinds that an end can get in a state.</summary>
    public const int Kinds = 9;

    private const int Far = 1_000_000;

    private static readonly byte[] s_text = [0xEE];

    /// <summary>A segment to an end; null if there is none of that kind in its state.</summary>
    public static byte[]? Make(End to, int kind)
    {
        FourTuple from = to.Tuple.Reversed;
        if (EngineState.ConnectionOf(to) is { } connection)
            return connection.ProtocolState is TcpState.SynSent ? ToOpening(in from, connection, kind) : ToOpen(in from, connection, kind);
        TimeWaitTable waiting = EngineState.TimeWait(to.Stack);
        int index = waiting.Find(to.Tuple);
        if (index >= 0) return ToTimeWait(in from, in waiting[index], kind, to.Stack.Options.Profile.IgnoreResetInTimeWait);
        SynQueue halfOpen = EngineState.HalfOpen(to.Stack);
        index = halfOpen.Find(to.Tuple);
        return index >= 0 ? ToHalfOpen(in from, in halfOpen[index], kind) : null;
    }

    private static byte[]? ToOpening(in FourTuple from, TcpConnection to, int kind) => kind switch
    {
        0 => Packets.Write(in from, to.Snd.Iss + Far, default, TcpFlags.Rst, default),
        1 => Packets.Write(in from, to.Snd.Iss + Far, to.Snd.Iss, TcpFlags.Rst | TcpFlags.Ack, default),
        2 => Packets.Write(in from, to.Snd.Iss + Far, to.Snd.Nxt + 1, TcpFlags.Syn | TcpFlags.Ack, default),
        3 => Packets.Write(in from, to.Snd.Iss + Far, to.Snd.Nxt, TcpFlags.Ack, default),
        _ => null,
    };

    private static byte[]? ToOpen(in FourTuple from, TcpConnection to, int kind) => kind switch
    {
        0 => Packets.Write(in from, to.Rcv.Nxt + 1, default, TcpFlags.Rst, default),
        1 => Packets.Write(in from, to.Rcv.Edge + 1, default, TcpFlags.Rst, default),
        2 => Packets.Write(in from, to.Rcv.Nxt, default, TcpFlags.Syn, default),
        3 => Packets.Write(in from, to.Rcv.Nxt - Far, to.Snd.Una, TcpFlags.Syn | TcpFlags.Ack, default),
        4 => Packets.Write(in from, to.Rcv.Nxt, to.Snd.Nxt + 1, TcpFlags.Ack, default),
        5 => Packets.Write(in from, to.Rcv.Nxt, to.Snd.Nxt + 1, TcpFlags.Ack, s_text),
        6 => Packets.Write(in from, to.Rcv.Edge, to.Snd.Una, TcpFlags.Ack | TcpFlags.Fin, s_text),
        7 => Packets.Write(in from, to.Rcv.Nxt - 1, to.Snd.Una, TcpFlags.Ack, s_text),
        8 => Packets.Write(in from, to.Rcv.Nxt, to.Snd.Una - Far, TcpFlags.Ack, s_text),
        _ => null,
    };

    private static byte[]? ToHalfOpen(in FourTuple from, in SynEntry to, int kind) => kind switch
    {
        0 => Packets.Write(in from, to.Irs + 2, default, TcpFlags.Rst, default),
        1 => Packets.Write(in from, to.Irs + 1, to.Iss + 2, TcpFlags.Ack, default),
        2 => Packets.Write(in from, to.Irs + 1, default, TcpFlags.Syn, default),
        3 => Packets.Write(in from, to.Irs + Far, to.Iss + 1, TcpFlags.Ack, default),
        _ => null,
    };

    private static byte[]? ToTimeWait(in FourTuple from, in TimeWaitEntry to, int kind, bool ignoresReset) => kind switch
    {
        0 when ignoresReset => Packets.Write(in from, to.RcvNxt, default, TcpFlags.Rst, default),
        1 => Packets.Write(in from, to.RcvNxt + 1, default, TcpFlags.Rst, default),
        2 => Packets.Write(in from, to.RcvNxt - 1, default, TcpFlags.Syn, default),
        _ => null,
    };
}
