using Synfin.Timers;

namespace Synfin.Stack;

/// <summary>A stack's options. Everything that a peer can make grow has its limit here.</summary>
public sealed record StackOptions
{
    /// <summary>The choices in which TCPs differ.</summary>
    public TcpProfile Profile { get; init; } = TcpProfile.Default;

    /// <summary>What connections start with.</summary>
    public TcpConnectionOptions ConnectionDefaults { get; init; } = new();

    /// <summary>The MTU of the interface in octets, 576 to 65,535; <see cref="NetworkStack.Mtu"/> changes it later.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>The first port of automatic choice, 1 to 65,535 (RFC 6056).</summary>
    public ushort FirstEphemeralPort { get; init; } = 32768;

    /// <summary>The last port of automatic choice.</summary>
    public ushort LastEphemeralPort { get; init; } = 65535;

    /// <summary>Pages (4 KiB each) for all send and receive buffers together.</summary>
    public int MaxPages { get; init; } = 65_536;

    /// <summary>Half-open entries over all listeners; a listener has at most its backlog's worth.</summary>
    public int MaxSynQueue { get; init; } = 4_096;

    /// <summary>Answer with SYN cookies when the SYN queue is full (RFC 4987 3.6).</summary>
    public bool SynCookies { get; init; } = true;

    /// <summary>TIME-WAIT entries; beyond it the oldest is forgotten.</summary>
    public int MaxTimeWait { get; init; } = 262_144;

    /// <summary>Connections that their application has left and that still send; beyond it they are reset.</summary>
    public int MaxOrphans { get; init; } = 8_192;

    /// <summary>Connections of all kinds, TIME-WAIT and half-open ones apart.</summary>
    public int MaxConnections { get; init; } = 1_048_576;

    /// <summary>Ranges of out-of-order data a connection; beyond it such data is dropped (CVE-2018-5390).</summary>
    public int MaxOutOfOrderRanges { get; init; } = 128;

    /// <summary>Ranges that a peer's SACKs can make us remember (CVE-2019-11478); beyond it what would need more is ignored.</summary>
    public int MaxSackRanges { get; init; } = 256;

    /// <summary>
    /// Transmissions of a connection that are remembered one by one, with their times (RFC 8985 5.2); beyond it the newest share one
    /// record. SACKs can split them into <see cref="MaxSackRanges"/> more (CVE-2019-5599).
    /// </summary>
    public int MaxSentRanges { get; init; } = 1_024;

    /// <summary>
    /// Replies without a connection (RST, SYN,ACK, TIME-WAIT ACK, ICMP) that wait for the link; beyond it they are dropped.
    /// </summary>
    public int MaxPendingReplies { get; init; } = 1_024;

    /// <summary>RST segments a second for segments that belong to nobody.</summary>
    public int MaxResetsPerSecond { get; init; } = 1_000;

    /// <summary>Packets to ourselves that wait for the next turn; beyond it they are lost.</summary>
    public int MaxLoopbackPackets { get; init; } = 256;

    /// <summary>The most ICMP messages answered a second.</summary>
    public int MaxIcmpRepliesPerSecond { get; init; } = 1_000;

    /// <summary>UDP endpoints, and closed ones that still have something to send; beyond it binding fails.</summary>
    public int MaxUdpEndpoints { get; init; } = 65_536;

    /// <summary>Datagrams that a UDP endpoint keeps, each way: received ones beyond it are lost, sends beyond it wait.</summary>
    public int MaxUdpQueueDatagrams { get; init; } = 1_024;

    /// <summary>Octets of datagrams that a UDP endpoint keeps, each way, 65,535 (the largest datagram) or more.</summary>
    public int MaxUdpQueueOctets { get; init; } = 262_144;

    /// <summary>Datagrams of which fragments wait for the others; beyond it the oldest is given up. 0 drops all fragments.</summary>
    public int MaxReassemblies { get; init; } = 256;

    /// <summary>Octets of pages for fragments; beyond it the oldest datagrams are given up. The largest datagram takes 69,632.</summary>
    public int MaxReassemblyOctets { get; init; } = 4_194_304;

    /// <summary>Fragments of one datagram; one with more is given up (CVE-2018-5391).</summary>
    public int MaxFragments { get; init; } = 128;

    /// <summary>
    /// How long the fragments of an IPv4 datagram wait for the others. RFC 1122 3.3.2 asks for 60 to 120 s; Linux takes 30 s: a sender uses
    /// its 65,536 identifications again sooner than that.
    /// </summary>
    public Duration ReassemblyTimeoutIpv4 { get; init; } = Duration.FromSeconds(30);

    /// <summary>How long those of an IPv6 datagram wait (RFC 8200 4.5: 60 s).</summary>
    public Duration ReassemblyTimeoutIpv6 { get; init; } = Duration.FromSeconds(60);

    /// <summary>Destinations whose path MTU is remembered (RFC 1191 6.3, RFC 8201 5.2); rounded up to a power of two, 4 at least.</summary>
    public int MaxPathMtus { get; init; } = 1_024;

    /// <summary>Echo endpoints; beyond it opening one fails.</summary>
    public int MaxEchoEndpoints { get; init; } = 256;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxReassemblies, 0, nameof(MaxReassemblies));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxReassemblyOctets, 0, nameof(MaxReassemblyOctets));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxFragments, 2, nameof(MaxFragments));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReassemblyTimeoutIpv4, Duration.Zero, nameof(ReassemblyTimeoutIpv4));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReassemblyTimeoutIpv6, Duration.Zero, nameof(ReassemblyTimeoutIpv6));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxPathMtus, nameof(MaxPathMtus));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPathMtus, 1 << 20, nameof(MaxPathMtus));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxEchoEndpoints, 0, nameof(MaxEchoEndpoints));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxUdpEndpoints, 0, nameof(MaxUdpEndpoints));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxUdpQueueDatagrams, 1, nameof(MaxUdpQueueDatagrams));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxUdpQueueOctets, ushort.MaxValue, nameof(MaxUdpQueueOctets));
        ArgumentOutOfRangeException.ThrowIfLessThan(Mtu, 576, nameof(Mtu));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Mtu, ushort.MaxValue, nameof(Mtu));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxOutOfOrderRanges, 1, nameof(MaxOutOfOrderRanges));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSackRanges, 1, nameof(MaxSackRanges));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSentRanges, 1, nameof(MaxSentRanges));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxSentRanges, 1 << 20, nameof(MaxSentRanges));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPendingReplies, 1, nameof(MaxPendingReplies));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPages, 1, nameof(MaxPages));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Profile.SynAckRetries, SynQueue.MaxRetries, nameof(TcpProfile.SynAckRetries));
        ConnectionDefaults.Validate();
    }
}
