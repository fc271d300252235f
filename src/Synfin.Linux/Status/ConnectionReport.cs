using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Linux.Status;

/// <summary>
/// A connection's numbers (STATUS, RFC 9293 3.9.1.6; Linux's TCP_INFO) as a status socket tells them. Times are in microseconds.
/// </summary>
public sealed record ConnectionReport
{
    /// <summary>The state, such as ESTABLISHED.</summary>
    public required string State { get; init; }

    /// <summary>This end: ADDRESS:PORT or [ADDRESS]:PORT.</summary>
    public required string Local { get; init; }

    /// <summary>The peer.</summary>
    public required string Remote { get; init; }

    /// <summary>The shard where it is at home, from 0.</summary>
    public int Shard { get; init; }

    /// <summary>Whether the peer opened it.</summary>
    public bool Passive { get; init; }

    /// <summary>Octets received and not yet read.</summary>
    public int ReceiveQueue { get; init; }

    /// <summary>Octets written and not yet acknowledged.</summary>
    public int SendQueue { get; init; }

    /// <summary>Octets of sequence space in flight.</summary>
    public int InFlight { get; init; }

    /// <summary>Octets held out of order.</summary>
    public int OutOfOrder { get; init; }

    /// <summary>The text of a full segment that is sent, in octets.</summary>
    public int SendMss { get; init; }

    /// <summary>The MSS that was announced to the peer.</summary>
    public int ReceiveMss { get; init; }

    /// <summary>The peer's window, in octets.</summary>
    public int SendWindow { get; init; }

    /// <summary>The window offered to the peer, in octets.</summary>
    public int ReceiveWindow { get; init; }

    /// <summary>The shift of windows that arrive.</summary>
    public int SendWindowScale { get; init; }

    /// <summary>The shift of windows that are sent.</summary>
    public int ReceiveWindowScale { get; init; }

    /// <summary>The options that both ends agreed on: timestamps, sack, wscale.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>cwnd in octets.</summary>
    public int CongestionWindow { get; init; }

    /// <summary>ssthresh in octets; null while nothing has set it.</summary>
    public int? SlowStartThreshold { get; init; }

    /// <summary>Whether a loss is being recovered from.</summary>
    public bool InRecovery { get; init; }

    /// <summary>SRTT; null before the first sample.</summary>
    public double? RoundTripTime { get; init; }

    /// <summary>RTTVAR; null before the first sample.</summary>
    public double? RoundTripVariation { get; init; }

    /// <summary>RTO, back-off included.</summary>
    public double RetransmissionTimeout { get; init; }

    /// <summary>Retransmissions of the same data so far.</summary>
    public int Retransmits { get; init; }

    /// <summary>Segments retransmitted in all.</summary>
    public long TotalRetransmits { get; init; }

    /// <summary>Segments sent.</summary>
    public long SegmentsSent { get; init; }

    /// <summary>Segments received.</summary>
    public long SegmentsReceived { get; init; }

    /// <summary>Octets sent, each counted once.</summary>
    public long OctetsSent { get; init; }

    /// <summary>Octets that the peer acknowledged.</summary>
    public long OctetsAcknowledged { get; init; }

    /// <summary>Octets received in order.</summary>
    public long OctetsReceived { get; init; }

    /// <summary>What the next timer is for, such as retransmit; null if none runs.</summary>
    public string? Timer { get; init; }

    /// <summary>When it fires, from now; null if none runs.</summary>
    public double? TimerIn { get; init; }

    /// <summary>What was reported and did not end the connection (MUST-47); null for nothing.</summary>
    public string? SoftError { get; init; }

    internal static ConnectionReport Of(in TcpStatus status, Timestamp now, int shard)
    {
        bool sampled = status.SmoothedRoundTrip > Duration.Zero;
        // SYN and FIN take sequence space, too, and are no octets of anybody's.
        int inFlight = status.SndNxt - status.SndUna;
        return new ConnectionReport
        {
            State = status.State.ToRfcName(),
            Local = status.Tuple.LocalAddress.WithPort(status.Tuple.LocalPort),
            Remote = status.Tuple.RemoteAddress.WithPort(status.Tuple.RemotePort),
            Shard = shard,
            Passive = status.Passive,
            ReceiveQueue = status.ReceiveQueue,
            SendQueue = status.SendQueue,
            InFlight = inFlight,
            OutOfOrder = status.OutOfOrder,
            SendMss = status.SendMss,
            ReceiveMss = status.ReceiveMss,
            SendWindow = status.SndWnd,
            ReceiveWindow = status.RcvWnd,
            SendWindowScale = status.SendWindowScale,
            ReceiveWindowScale = status.ReceiveWindowScale,
            Options = NamesOf(status.Options),
            CongestionWindow = status.CongestionWindow,
            SlowStartThreshold = status.SlowStartThreshold == int.MaxValue ? null : status.SlowStartThreshold,
            InRecovery = status.InRecovery,
            RoundTripTime = sampled ? Microseconds(status.SmoothedRoundTrip) : null,
            RoundTripVariation = sampled ? Microseconds(status.RoundTripVariation) : null,
            RetransmissionTimeout = Microseconds(status.RetransmissionTimeout),
            Retransmits = status.Retransmits,
            TotalRetransmits = status.TotalRetransmits,
            SegmentsSent = status.SegmentsSent,
            SegmentsReceived = status.SegmentsReceived,
            OctetsSent = status.OctetsAcknowledged + Math.Min(inFlight, status.SendQueue),
            OctetsAcknowledged = status.OctetsAcknowledged,
            OctetsReceived = status.OctetsReceived,
            Timer = status.NextTimer?.ToString().ToLowerInvariant(),
            TimerIn = status.NextTimer is null ? null : Microseconds(Duration.Max(status.NextDeadline - now, Duration.Zero)),
            SoftError = status.SoftError is TcpError.None ? null : status.SoftError.ToString(),
        };
    }

    private static List<string> NamesOf(TcpOptionKinds options)
    {
        List<string> names = [];
        if (options.HasFlag(TcpOptionKinds.Timestamps)) names.Add("timestamps");
        if (options.HasFlag(TcpOptionKinds.SackPermitted)) names.Add("sack");
        if (options.HasFlag(TcpOptionKinds.WindowScale)) names.Add("wscale");
        return names;
    }

    private static double Microseconds(Duration duration) => Math.Round(duration.Nanoseconds / 1e3, 1);
}
