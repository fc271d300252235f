using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>
/// What is left of a connection in TIME-WAIT (RFC 9293 3.6.1), in 56 octets. The offset of its timestamps is not kept: it can be computed
/// (<see cref="TimeWaitTable.TimestampOffset"/>).
/// </summary>
internal struct TimeWaitEntry : ISlabEntry
{
    private const long AnswerGrain = 16_000_000;

    /// <summary>The peer's address.</summary>
    public InternetAddress RemoteAddress;

    /// <summary>SND.NXT: after our FIN.</summary>
    public SequenceNumber SndNxt;

    /// <summary>RCV.NXT: after the peer's FIN.</summary>
    public SequenceNumber RcvNxt;

    /// <summary>TS.Recent (RFC 7323 4.3).</summary>
    public uint TsRecent;

    /// <summary>When it ends, in milliseconds modulo 2^32; the table keeps it.</summary>
    internal uint Expiry;

    /// <summary>Our address, as an index into the table's list of them.</summary>
    internal ushort LocalAddress;

    /// <summary>Our port.</summary>
    public ushort LocalPort;

    /// <summary>The peer's port.</summary>
    public ushort RemotePort;

    /// <summary>SEG.WND of our answers: RCV.WND shifted right by <see cref="WindowShift"/>.</summary>
    public ushort Window;

    private ushort _lastAnswer;

    /// <summary>Rcv.Wind.Shift (RFC 7323 2.3).</summary>
    public byte WindowShift;

    /// <summary>What else is to be known.</summary>
    public TimeWaitFlags Flags;

    /// <summary>RCV.WND in octets.</summary>
    public readonly int ReceiveWindow => Window << WindowShift;

    /// <inheritdoc/>
    int ISlabEntry.NextInBucket { get; set; }

    /// <inheritdoc/>
    int ISlabEntry.Earlier { get; set; }

    /// <inheritdoc/>
    int ISlabEntry.Later { get; set; }

    /// <summary>
    /// Whether <paramref name="tuple"/> is this entry's name, if <paramref name="localAddress"/> is the index of its local address.
    /// </summary>
    internal readonly bool Is(in FourTuple tuple, ushort localAddress) =>
        RemoteAddress.Low == tuple.RemoteAddress.Low
        && RemotePort == tuple.RemotePort
        && LocalPort == tuple.LocalPort
        && LocalAddress == localAddress
        && RemoteAddress.High == tuple.RemoteAddress.High;

    /// <summary>
    /// Whether an ACK may go out now, and if so notes it: there is at least <paramref name="interval"/> between two of them (RFC 5961 7).
    /// The time is kept in steps of 16 ms, so it may be two steps longer.
    /// </summary>
    public bool TryAnswer(Timestamp now, Duration interval)
    {
        ushort step = unchecked((ushort)(now.Nanoseconds / AnswerGrain));
        if ((Flags & TimeWaitFlags.Answered) != 0)
        {
            ushort steps = unchecked((ushort)(step - _lastAnswer));
            if ((steps - 1) * AnswerGrain < interval.Nanoseconds) return false;
        }
        _lastAnswer = step;
        Flags |= TimeWaitFlags.Answered;
        return true;
    }
}

/// <summary>What is to be known of a connection in TIME-WAIT.</summary>
[Flags]
internal enum TimeWaitFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Timestamps are in use (RFC 7323): TsRecent is valid, answers carry them.</summary>
    Timestamps = 1,

    /// <summary>The connection was opened by the peer.</summary>
    Passive = 2,

    /// <summary>An ACK went out; set by <see cref="TimeWaitEntry.TryAnswer"/>.</summary>
    Answered = 4,
}
