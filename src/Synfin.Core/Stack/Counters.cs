using Synfin.Tcp;

namespace Synfin.Stack;

/// <summary>What one stack counted; plain numbers, read by the owner of the stack.</summary>
public sealed class Counters
{
    /// <summary>IP packets in.</summary>
    public long PacketsReceived;

    /// <summary>Wire segments in.</summary>
    public long SegmentsReceived;

    /// <summary>Wire segments out.</summary>
    public long SegmentsSent;

    /// <summary>Packets given to a link; a super-segment counts once.</summary>
    public long PacketsSent;

    /// <summary>Wire segments that carried something again.</summary>
    public long SegmentsRetransmitted;

    /// <summary>Octets of text accepted in order.</summary>
    public long OctetsReceived;

    /// <summary>Octets of text sent, retransmissions included.</summary>
    public long OctetsSent;

    /// <summary>Packets dropped, by <see cref="DropReason"/>.</summary>
    public readonly long[] Dropped = new long[Enum.GetValues<DropReason>().Length];

    /// <summary>UDP datagrams that an endpoint took.</summary>
    public long DatagramsReceived;

    /// <summary>UDP datagrams given to a link.</summary>
    public long DatagramsSent;

    /// <summary>Datagrams that fragments became whole again.</summary>
    public long DatagramsReassembled;

    /// <summary>Fragments given to a link.</summary>
    public long FragmentsSent;

    /// <summary>UDP datagrams not sent because the MTU shrank while they waited.</summary>
    public long DatagramsTooLong;

    /// <summary>RST sent.</summary>
    public long ResetsSent;

    /// <summary>RST acted on.</summary>
    public long ResetsReceived;

    /// <summary>Challenge ACKs sent (RFC 5961).</summary>
    public long ChallengeAcksSent;

    /// <summary>Answers to invalid segments that the rate limit held back.</summary>
    public long AnswersSuppressed;

    /// <summary>Active OPENs.</summary>
    public long ActiveOpens;

    /// <summary>Connections that came through a listener.</summary>
    public long PassiveOpens;

    /// <summary>OPENs that failed.</summary>
    public long FailedOpens;

    /// <summary>SYN cookies sent.</summary>
    public long SynCookiesSent;

    /// <summary>SYN cookies that came back and opened a connection.</summary>
    public long SynCookiesAccepted;

    /// <summary>ACKs that claimed to be cookies and were not.</summary>
    public long SynCookiesRejected;

    /// <summary>SYN queue entries that timed out.</summary>
    public long SynQueueTimeouts;

    /// <summary>TIME-WAIT entries forgotten early because of <see cref="StackOptions.MaxTimeWait"/>.</summary>
    public long TimeWaitRecycled;

    /// <summary>TIME-WAIT entries whose ports were used again early (RFC 6191).</summary>
    public long TimeWaitReused;

    /// <summary>Orphans reset because of <see cref="StackOptions.MaxOrphans"/>.</summary>
    public long OrphansReset;

    /// <summary>Retransmission timers that fired.</summary>
    public long RetransmissionTimeouts;

    /// <summary>Fast recoveries entered.</summary>
    public long FastRecoveries;

    /// <summary>Reductions of a window that were undone, because nothing had been lost (RFC 4015).</summary>
    public long UndoneReductions;

    /// <summary>Retransmission timers that had fired needlessly, as forward RTO recovery found (RFC 5682).</summary>
    public long SpuriousTimeouts;

    /// <summary>Tail loss probes sent (RFC 8985 7).</summary>
    public long TailLossProbes;

    /// <summary>Path MTUs lowered because full segments alone were lost (RFC 2923 2.1).</summary>
    public long BlackHoles;

    /// <summary>Zero-window probes sent.</summary>
    public long ZeroWindowProbes;

    /// <summary>Keep-alive probes sent.</summary>
    public long KeepAliveProbes;

    /// <summary>ACKs that were delayed and went by their timer.</summary>
    public long DelayedAcks;

    /// <summary>Replies dropped because of <see cref="StackOptions.MaxPendingReplies"/> or a rate limit.</summary>
    public long RepliesDropped;

    /// <summary>ICMP errors that reached a connection or a UDP endpoint.</summary>
    public long IcmpErrors;

    /// <summary>Changes of state, by from × 11 + to.</summary>
    public readonly long[] Transitions = new long[States * States];

    internal const int States = 11;

    /// <summary>
    /// How many listeners, connections and compact entries are in a state now: those that came less those that left, so it costs nothing
    /// until somebody asks. Another thread may ask too; it gets a number of about now.
    /// </summary>
    /// <param name="state">Any state; there are none in CLOSED.</param>
    public long InState(TcpState state)
    {
        if (state is TcpState.Closed) return 0;
        // A listener stays where it is while half-open connections begin and end at it.
        if (state is TcpState.Listen) return Moves(TcpState.Closed, state) - Moves(state, TcpState.Closed);

        // What left is read first: what comes and goes meanwhile is not counted as gone without having come.
        long left = 0;
        long came = 0;
        for (TcpState other = 0; (int)other < States; other++) left += Moves(state, other);
        for (TcpState other = 0; (int)other < States; other++) came += Moves(other, state);
        return came - left;
    }

    private long Moves(TcpState from, TcpState to) => Transitions[(int)from * States + (int)to];
}
