using Synfin.Stack;

namespace Synfin.Linux.Status;

/// <summary>What a host counted since it began.</summary>
public sealed record CounterReport
{
    /// <summary>IP packets in.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>IP packets out; a super-segment counts once.</summary>
    public long PacketsSent { get; init; }

    /// <summary>TCP segments in.</summary>
    public long SegmentsReceived { get; init; }

    /// <summary>TCP segments out.</summary>
    public long SegmentsSent { get; init; }

    /// <summary>TCP segments that carried something again.</summary>
    public long SegmentsRetransmitted { get; init; }

    /// <summary>Octets received in order.</summary>
    public long OctetsReceived { get; init; }

    /// <summary>Octets sent, retransmissions included.</summary>
    public long OctetsSent { get; init; }

    /// <summary>UDP datagrams in.</summary>
    public long DatagramsReceived { get; init; }

    /// <summary>UDP datagrams out.</summary>
    public long DatagramsSent { get; init; }

    /// <summary>Connections that this host opened.</summary>
    public long ActiveOpens { get; init; }

    /// <summary>Connections that peers opened.</summary>
    public long PassiveOpens { get; init; }

    /// <summary>Opens that failed.</summary>
    public long FailedOpens { get; init; }

    /// <summary>RST sent.</summary>
    public long ResetsSent { get; init; }

    /// <summary>RST acted on.</summary>
    public long ResetsReceived { get; init; }

    /// <summary>Retransmission timers that fired.</summary>
    public long RetransmissionTimeouts { get; init; }

    /// <summary>Fast recoveries entered.</summary>
    public long FastRecoveries { get; init; }

    /// <summary>SYN cookies sent.</summary>
    public long SynCookiesSent { get; init; }

    /// <summary>ICMP errors that reached a connection.</summary>
    public long IcmpErrors { get; init; }

    /// <summary>These and those of another shard.</summary>
    internal CounterReport Plus(Counters counters) => new()
    {
        PacketsReceived = PacketsReceived + counters.PacketsReceived,
        PacketsSent = PacketsSent + counters.PacketsSent,
        SegmentsReceived = SegmentsReceived + counters.SegmentsReceived,
        SegmentsSent = SegmentsSent + counters.SegmentsSent,
        SegmentsRetransmitted = SegmentsRetransmitted + counters.SegmentsRetransmitted,
        OctetsReceived = OctetsReceived + counters.OctetsReceived,
        OctetsSent = OctetsSent + counters.OctetsSent,
        DatagramsReceived = DatagramsReceived + counters.DatagramsReceived,
        DatagramsSent = DatagramsSent + counters.DatagramsSent,
        ActiveOpens = ActiveOpens + counters.ActiveOpens,
        PassiveOpens = PassiveOpens + counters.PassiveOpens,
        FailedOpens = FailedOpens + counters.FailedOpens,
        ResetsSent = ResetsSent + counters.ResetsSent,
        ResetsReceived = ResetsReceived + counters.ResetsReceived,
        RetransmissionTimeouts = RetransmissionTimeouts + counters.RetransmissionTimeouts,
        FastRecoveries = FastRecoveries + counters.FastRecoveries,
        SynCookiesSent = SynCookiesSent + counters.SynCookiesSent,
        IcmpErrors = IcmpErrors + counters.IcmpErrors,
    };
}
