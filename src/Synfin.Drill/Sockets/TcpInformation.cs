using System;
using System.Collections.Generic;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Sockets;

/// <summary>
/// TCP_INFO as the kernel fills it: tcp_get_info() of Linux, in segments where Linux counts those; tcp_fill_info() of FreeBSD, in octets.
/// </summary>
internal static class TcpInformation
{
    /// <summary>TCP_INFINITE_SSTHRESH.</summary>
    private const long InfiniteThreshold = 0x7fff_ffff;

    /// <summary>FreeBSD's TCP_MAXWIN &lt;&lt; TCP_MAX_WINSHIFT, in octets.</summary>
    private const long LargestWindow = 65_535L << 14;

    private const int InitialWindow = 10;
    private const int InitialReordering = 3;
    private const long InitialRto = 1_000_000;
    private const long MinimumAto = 40_000;

    /// <summary>What loss recovery counts, by TCP_INFO's names: a row for each number that <see cref="TcpStatus"/> has of it.</summary>
    private static readonly (string Name, Func<TcpStatus, long> Value)[] Recovery =
    [
        ("tcpi_unacked", status => status.UnackedSegments),
        ("tcpi_sacked", status => status.SackedSegments),
        ("tcpi_lost", status => status.LostSegments),
        ("tcpi_retrans", status => status.RetransmittedSegments),
        ("tcpi_ca_state", status => (long)status.CongestionState),
        ("tcpi_reordering", status => status.Reordering),
        ("tcpi_dsack_dups", status => status.DsackDuplicates),
        ("tcpi_bytes_retrans", status => status.OctetsRetransmitted),
        ("tcpi_min_rtt", status => Microseconds(status.MinimumRoundTrip)),
    ];

    public static IReadOnlyDictionary<string, long> Of(SocketEntry entry, NetworkStack stack, Timestamp now)
    {
        Dictionary<string, long> rows = [];
        bool linux = entry.Kind is KernelKind.Linux;
        rows["tcpi_state"] = linux ? LinuxState(entry.State) : FreeBsdState(entry.State);
        if (entry.Listener is { } listener)
        {
            rows["tcpi_unacked"] = listener.AcceptQueueCount;
            rows["tcpi_sacked"] = listener.Backlog;
            return rows;
        }
        if (entry.Connection is not { } connection)
        {
            Unconnected(rows, linux);
            return rows;
        }
        TcpStatus status = connection.Status();
        Common(rows, in status);
        foreach ((string name, Func<TcpStatus, long> value) in Recovery) rows[name] = value(status);
        if (linux) Linux(rows, entry, connection, in status, stack);
        else FreeBsd(rows, in status);
        return rows;
    }

    private static void Unconnected(Dictionary<string, long> rows, bool linux)
    {
        rows["tcpi_rto"] = InitialRto;
        rows["tcpi_snd_mss"] = NetworkStack.DefaultMssIpv4;
        rows["tcpi_snd_cwnd"] = linux ? InitialWindow : 0;
        rows["tcpi_snd_ssthresh"] = InfiniteThreshold;
        rows["tcpi_reordering"] = InitialReordering;
    }

    private static void Common(Dictionary<string, long> rows, in TcpStatus status)
    {
        rows["tcpi_options"] = (status.Options.HasFlag(TcpOptionKinds.Timestamps) ? 1 : 0)
            | (status.Options.HasFlag(TcpOptionKinds.SackPermitted) ? 2 : 0)
            | (status.Options.HasFlag(TcpOptionKinds.WindowScale) ? 4 : 0)
            | (status.Ecn ? 8 : 0);
        rows["tcpi_snd_wscale"] = status.SendWindowScale;
        rows["tcpi_rcv_wscale"] = status.ReceiveWindowScale;
        rows["tcpi_rto"] = Microseconds(status.RetransmissionTimeout);
        rows["tcpi_rtt"] = Microseconds(status.SmoothedRoundTrip);
        rows["tcpi_rttvar"] = Microseconds(status.RoundTripVariation);
        rows["tcpi_snd_mss"] = status.SendMss;
        rows["tcpi_snd_wnd"] = status.SndWnd;
        rows["tcpi_rcv_wnd"] = status.RcvWnd;
    }

    private static void Linux(
        Dictionary<string, long> rows, SocketEntry entry, TcpConnection connection, in TcpStatus status, NetworkStack stack)
    {
        int inFlight = Math.Max(0, status.SndNxt - status.SndUna);
        int mss = Math.Max(1, status.SendMss);
        rows["tcpi_retransmits"] = status.NextTimer is TcpTimerKind.Persist ? 0 : status.Retransmits;
        rows["tcpi_probes"] = status.NextTimer is TcpTimerKind.Persist ? status.Retransmits : 0;
        rows["tcpi_backoff"] = Math.Max(status.BackOffs, status.NextTimer is TcpTimerKind.Persist ? status.Retransmits : 0);
        rows["tcpi_ato"] = status.State is TcpState.SynSent or TcpState.SynReceived ? 0 : MinimumAto;
        rows["tcpi_rcv_mss"] = Math.Min(status.ReceiveMss, NetworkStack.DefaultMssIpv4);
        rows["tcpi_advmss"] = status.ReceiveMss;
        if (status.EcnSeen) rows["tcpi_options"] |= 16;
        rows["tcpi_fackets"] = 0;
        rows["tcpi_pmtu"] = stack.PathMtu(status.Tuple.RemoteAddress);
        rows["tcpi_rcv_ssthresh"] = status.RcvWnd;
        rows["tcpi_rcv_space"] = status.RcvWnd;
        rows["tcpi_snd_cwnd"] = Math.Max(1, status.CongestionWindow / mss);
        rows["tcpi_snd_ssthresh"] = status.SlowStartThreshold >= int.MaxValue / 2 ? InfiniteThreshold : status.SlowStartThreshold / mss;
        rows["tcpi_total_retrans"] = status.TotalRetransmits;
        rows["tcpi_segs_out"] = status.SegmentsSent;
        rows["tcpi_segs_in"] = status.SegmentsReceived;
        // Linux adds up what SND.UNA and RCV.NXT moved: an active opener's SYN counts, and both FINs (RFC 4898).
        int numbers = status.SndUna - status.Iss - (int)(uint)status.OctetsAcknowledged;
        rows["tcpi_bytes_acked"] = status.OctetsAcknowledged + (status.SndUna == status.Iss ? 0 : numbers - (status.Passive ? 1 : 0));
        rows["tcpi_bytes_received"] = status.OctetsReceived + (connection.FinReceived ? 1 : 0);
        rows["tcpi_notsent_bytes"] = Math.Max(0, status.SendQueue - inFlight);
        if (entry.Ended) rows["tcpi_unacked"] = 0;
    }

    private static void FreeBsd(Dictionary<string, long> rows, in TcpStatus status)
    {
        rows["tcpi_rcv_mss"] = status.ReceiveMss;
        rows["tcpi_snd_cwnd"] = status.CongestionWindow;
        rows["tcpi_snd_ssthresh"] = status.SlowStartThreshold >= int.MaxValue / 2 ? LargestWindow : status.SlowStartThreshold;
        rows["tcpi_rcv_space"] = status.RcvWnd;
        rows["tcpi_snd_nxt"] = status.SndNxt.Value;
        rows["tcpi_rcv_nxt"] = status.RcvNxt.Value;
        rows["tcpi_snd_rexmitpack"] = status.TotalRetransmits;
        rows["tcpi_rcv_ooopack"] = status.OutOfOrder > 0 ? 1 : 0;
    }

    private static long Microseconds(Duration duration) => duration.Nanoseconds / 1_000;

    /// <summary>TCP_ESTABLISHED = 1 ... (net/tcp_states.h).</summary>
    public static int LinuxState(TcpState state) => state switch
    {
        TcpState.Established => 1,
        TcpState.SynSent => 2,
        TcpState.SynReceived => 3,
        TcpState.FinWait1 => 4,
        TcpState.FinWait2 => 5,
        TcpState.TimeWait => 6,
        TcpState.Closed => 7,
        TcpState.CloseWait => 8,
        TcpState.LastAck => 9,
        TcpState.Listen => 10,
        TcpState.Closing => 11,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>TCPS_CLOSED = 0 ... (netinet/tcp_fsm.h).</summary>
    public static int FreeBsdState(TcpState state) => state switch
    {
        TcpState.Closed => 0,
        TcpState.Listen => 1,
        TcpState.SynSent => 2,
        TcpState.SynReceived => 3,
        TcpState.Established => 4,
        TcpState.CloseWait => 5,
        TcpState.FinWait1 => 6,
        TcpState.Closing => 7,
        TcpState.LastAck => 8,
        TcpState.FinWait2 => 9,
        TcpState.TimeWait => 10,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
