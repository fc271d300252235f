namespace Synfin.Tidy.Tests.Catalogs;

/// <summary>Attacks, malformed input and traps that Synfin is tested against, and those that it does not meet yet.</summary>
public static class Threats
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Threat> All { get; } = [.. Sender, .. Receiver, .. OffPath, .. Exhaustion, .. Malformed];

    private static Threat[] Sender =>
    [
        new("1", "SACK panic: tiny segments overflow a counter", "counted in 32 bits, by octets and MSS"),
        new("2", "SACKs that split the retransmission queue", "ranges over one buffer, limited by `MaxSentRanges` and `MaxSackRanges`"),
        new("3", "A tiny MSS multiplies headers", "raised to `MinimumSendMss`, 48 octets"),
        new("4", "SACKs that make each ACK walk a long list", "the work of an ACK is bounded by `MaxSentRanges` and `MaxSackRanges`"),
        new("5", "Reneging: sacked, never acknowledged", "kept until acknowledged; an RTO forgets SACKs (RACK: if they reach SND.UNA)"),
        new("6", "SACK blocks below, above, inverted or wrapped", "what does not lie in flight is ignored"),
        new("7", "Optimistic ACKs of what was never sent", "challenged (RFC 5961 5); they open no window"),
        new("8", "ACK division", "the congestion window grows by octets, not by ACKs (RFC 3465)"),
        new("9", "Spoofed duplicate ACKs", "one recovery at most; what they inflate is bounded by what is in flight"),
        new("10", "Low-rate bursts in step with the RTO (shrew)", "probes, F-RTO and a short RTO: it flows between the bursts"),
        new("11", "Timestamp echoes that poison the RTT", "an echo from the future, or older than what is in flight, is no sample"),
        new("12", "Peers that never open their window", "probes back off; pages and orphans have limits; a user timeout is there"),
        new("13", "Windows that shrink into what is in flight", "nothing goes beyond the edge, nothing is lost, nothing times out (3.8.6)"),
        new("14", "Persist timers that are forgotten", "whatever waits behind a closed window, a timer runs"),
        new("15", "Window scale misused", "at most 14, only if both offered it, never on a SYN"),
        new("16", "DSACK lies", "an undo restores what was, once a reduction; DSACKs count up to what was sent again"),
        new("17", "Overflows in CUBIC and HyStart", "windows end at 2^30; no time makes more of one than half of it a round trip"),
    ];

    private static Threat[] Receiver =>
    [
        new("18", "A flood of one-octet segments out of order", "at most `MaxOutOfOrderRanges` ranges, found by bisection"),
        new("19", "Overlapping segments with different octets", "what came first stays; what was delivered never changes"),
        new("20", "Urgent pointers that underflow or confuse states", "a pointer only moves forward, and only beyond what was read"),
        new("21", "Out-of-band data that nobody reads", "it stays in the stream, or is one octet aside"),
        new("22", "Two meanings of the urgent pointer", "RFC 6093's on the wire; both ways to read it"),
        new("23", "FINs out of order, repeated or with text behind", "the FIN has its place in the stream, fixed by the first one seen"),
        new("24", "Segments that cross the window's edge", "cut to the window; a FIN beyond it is cut off too"),
        new("25", "Sequence numbers that wrap", "`SequenceNumber` compares modulo 2^32; time lines run across both wraps"),
        new("26", "Timestamps after weeks of silence", "TS.Recent counts for nothing after 24 days (RFC 7323 5.5)"),
        new("27", "Timestamps that vanish in mid-connection", "such segments are dropped in silence (RFC 7323 3.2)"),
        new("28", "Nagle against delayed ACKs", "Minshall's variant; 40 ms of delay at most"),
        new("29", "ACK loops", "segments without text are answered once in 500 ms a connection"),
    ];

    private static Threat[] OffPath =>
    [
        new("30", "Blind RST, SYN and data", "RFC 5961: only an exact RST counts; the rest is challenged"),
        new("31", "A common challenge-ACK counter as a side channel", "each connection has its own limit"),
        new("32", "Guessable ISNs", "RFC 6528 with SipHash under a secret of the host's"),
        new("33", "Guessable ports", "RFC 6056, algorithm 4, with keyed leaps"),
        new("34", "Timestamps that tell the uptime", "each connection's clock has a keyed offset"),
        new("35", "IP identifications that count", "0 if never fragmented; else from a keyed place for each pair of hosts (RFC 7739)"),
        new("36", "Forged ICMP errors", "the quoted number must be in flight; nothing synchronised ends; no tiny MTU is believed"),
        new("37", "Black holes for large packets", "three time-outs of full segments halve them, by default (RFC 4821)"),
        new("38", "TIME-WAIT assassination", "a RST does not end TIME-WAIT (RFC 1337), but in the linux profile"),
        new("39", "Old SYNs in any state", "challenged (RFC 5961 4); in TIME-WAIT only a surely newer one opens"),
        new("40", "Split handshakes and crossing SYNs", "a simultaneous open; no text is given out before our SYN is acknowledged"),
        new("41", "A connection to itself by chance", "only if asked for: no port is chosen that would make one"),
        new("42", "Forged or replayed SYN cookies", "a keyed 29-bit code over names, numbers and time; taken only while some are sent"),
    ];

    private static Threat[] Exhaustion =>
    [
        new("43", "SYN floods", "compact half-open entries up to `MaxSynQueue`, then cookies (RFC 4987)"),
        new("44", "Accept queues that overflow", "the last ACK is dropped as if lost; the client's text comes again"),
        new("45", "Connections that nobody owns any more", "FIN-WAIT-2 and retransmissions of orphans end; `MaxOrphans`"),
        new("46", "TIME-WAIT entries without end", "compact, at most `MaxTimeWait`; the oldest makes room"),
        new("47", "Reflection and amplification", "a RST or an echo is no longer than what it answers; limits by the second"),
        new("48", "SYN,ACKs sent again and again", "5 times, forgotten after 63 s, never with text"),
        new("49", "Collisions in the connection table", "a keyed hash (SipHash)"),
        new("50", "Memory pinned by single octets", "pages are filled octet by octet; the window promises only what the buffer holds"),
    ];

    private static Threat[] Malformed =>
    [
        new("51", "Lengths that lie: options, headers, packets", "parsers that read or refuse everything, and allocate nothing"),
        new("52", "Parser bugs of embedded stacks", "IP, extension headers, options and ICMP take arbitrary octets; DNS is not ours"),
        new("53", "Lengths of layers that disagree, ICMP quotes", "the inner never reads beyond the outer; IP in IP is not taken"),
        new("54", "IPv6 extension headers in odd chains", "chains are walked 8 headers deep; a longer or broken one is refused"),
        new("55", "Source equal to destination, loopback on the wire, groups as senders", "dropped before TCP sees them"),
        new("56", "Flags that make no sense together", "every set of flags in every state, against a second table of outcomes"),
        new("57", "SYNs with text or FIN", "kept where there is a control block, else they come again"),
        new("58", "Segments larger than MSS or window, empty ones with PSH", "cut to the window, or harmless"),
        new("59", "Fragments", "an overlap spoils the datagram; all headers in the first; limits on all of it; 30 or 60 s"),
        new("60", "IPv4 options, source routes", "skipped; no route is followed"),
        new("61", "Checksums: both zeros, wrong ones", "verified but for what the device vouches for"),
        new("62", "Poisoned or exhausted neighbour caches", "only answers we asked for confirm; three bounded classes"),
    ];
}
