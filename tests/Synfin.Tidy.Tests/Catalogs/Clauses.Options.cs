namespace Synfin.Tidy.Tests.Catalogs;

/// <summary>What the RFCs beside 9293 ask of a TCP, clause by clause, in our own words and with ids of ours.</summary>
public static partial class Clauses
{
    private static Clause[] TimestampsAndScale =>
    [
        new("RFC7323-1", "2.2", "MUST", "Window scale is offered in SYNs alone"),
        new("RFC7323-2", "2.2", "MUST", "Both must offer it, or neither scales"),
        new("RFC7323-3", "2.2", "MUST", "The window of a SYN is never scaled"),
        new("RFC7323-4", "2.3", "MUST", "A shift over 14 counts as 14"),
        new("RFC7323-5", "3.2", "MUST", "Once agreed on, timestamps are in each segment but RST"),
        new("RFC7323-6", "3.2", "SHOULD", "A RST has them too"),
        new("RFC7323-7", "3.2", "SHOULD", "A segment without them is dropped silently"),
        new("RFC7323-8", "3.2", "MUST", "A RST is not dropped for want of them"),
        new("RFC7323-9", "4.1", "MUST", "Samples come from echoes of segments that acknowledge new data"),
        new("RFC7323-10", "4.3", "MUST", "TSecr is of the segment that the ACK's left edge stands on"),
        new("RFC7323-11", "5.3", "MUST", "R1: a segment with an older TSval is acknowledged and dropped"),
        new("RFC7323-12", "5.3", "MUST", "PAWS does not look at RSTs"),
        new("RFC7323-13", "5.5", "SHOULD", "After 24 idle days TS.Recent is not valid"),
        new("RFC7323-14", "7.1", "SHOULD", "Each connection's clock has an offset of its own"),
    ];

    private static Clause[] Sack =>
    [
        new("RFC2018-1", "2", "MUST", "SACK permitted is sent in SYNs alone"),
        new("RFC2018-2", "3", "MUST", "Without permission no SACK is sent"),
        new("RFC2018-3", "4", "MUST", "The first block has the segment that caused the ACK"),
        new("RFC2018-4", "4", "SHOULD", "As many blocks as fit, the latest reported first"),
        new("RFC2018-5", "4", "SHOULD", "Three blocks fit beside timestamps"),
        new("RFC2018-6", "8", "MUST", "What is sacked is kept until it is acknowledged"),
        new("RFC2018-7", "8", "SHOULD", "After a time-out SACK information is forgotten, for the peer may have reneged"),
    ];

    private static Clause[] Dsack =>
    [
        new("RFC2883-1", "4", "MUST", "The first block tells of the duplicate, once"),
        new("RFC2883-2", "4", "MUST", "A duplicate above the ACK is followed by the block that contains it"),
        new("RFC2883-3", "4.3", "MUST", "A partial duplicate is told as far as it is one"),
        new("RFC2883-4", "4", "MUST", "No DSACK without permission"),
    ];

    private static Clause[] Isn =>
    [
        new("RFC6528-1", "3", "SHOULD", "ISN = M + F(name, secret)"),
        new("RFC6528-2", "3", "MUST", "F cannot be computed from outside"),
        new("RFC6528-3", "3", "MUST", "M ticks every 4 us"),
    ];

    private static Clause[] Ports =>
    [
        new("RFC6056-1", "3.2", "SHOULD", "The whole range of ephemeral ports is used"),
        new("RFC6056-2", "3.3", "SHOULD", "Ports are chosen so that they cannot be guessed"),
        new("RFC6056-3", "3.3.4", "SHOULD", "A peer does not learn of connections to others"),
        new("RFC6056-4", "3.1", "SHOULD", "A port that is in use for the same peer is not chosen"),
    ];

    private static Clause[] TimeWaitReuse =>
    [
        new("RFC6191-1", "2", "SHOULD", "In TIME-WAIT a SYN with a newer timestamp opens a new connection"),
        new("RFC6191-2", "2", "SHOULD", "Without timestamps a SYN with a higher number does"),
        new("RFC6191-3", "2", "SHOULD", "Otherwise the SYN is dropped, and answered by the ACK"),
    ];

    private static Clause[] TimeWaitHazards =>
    [
        new("RFC1337-1", "3", "SHOULD", "F1: RSTs are ignored in TIME-WAIT"),
    ];

    private static Clause[] SynFloods =>
    [
        new("RFC4987-1", "3.5", "MAY", "A SYN costs a small entry, of which there are only so many"),
        new("RFC4987-2", "3.6", "MAY", "SYN cookies when there is no room"),
        new("RFC4987-3", "3.6", "SHOULD", "Cookies only while there is no room"),
        new("RFC4987-4", "3.6", "SHOULD", "Options survive in the timestamp"),
    ];

    private static Clause[] UserTimeout =>
    [
        new("RFC5482-1", "3.1", "MUST", "The user timeout ends what was unacknowledged for so long"),
        new("RFC5482-2", "3.1", "MAY", "It may be longer or shorter than R2, and change"),
        new("RFC5482-3", "3.3", "MAY", "The UTO option may tell the peer",
            WhyNone: "the option of RFC 5482 is parsed, not sent: a peer could use it to pin memory, and no system of today heeds it"),
    ];

    private static Clause[] IcmpAttacks =>
    [
        new("RFC5927-1", "4.1", "SHOULD", "An ICMP error counts only if the number that it quotes is in flight"),
        new("RFC5927-2", "5.2", "SHOULD", "Hard errors do not end a synchronized connection"),
        new("RFC5927-3", "6.2", "SHOULD", "Source quench is ignored"),
        new("RFC5927-4", "7.2", "SHOULD", "An absurdly small MTU is not believed"),
        new("RFC5927-5", "7.2", "SHOULD",
            "Packet too big is acted on only when there is no progress",
            WhyNone: "acted on at once if the quoted number is in flight; to wait (7.2) would cost an RTO"),
    ];

    private static Clause[] Urgent =>
    [
        new("RFC6093-1", "3.1", "MUST", "Urgent data may be of any length"),
        new("RFC6093-2", "4", "SHOULD", "The pointer is one past the last urgent octet"),
        new("RFC6093-3", "6", "SHOULD", "Urgent data can be read in line"),
    ];

    private static Clause[] Mss =>
    [
        new("RFC6691-1", "2", "MUST", "The MSS option counts the MTU less the fixed headers alone"),
        new("RFC6691-2", "3", "MUST", "The sender takes off what options need"),
    ];

    private static Clause[] PathMtu =>
    [
        new("RFC1191-1", "3", "MUST", "The path's MTU shrinks to what ICMP says"),
        new("RFC1191-2", "3", "MUST NOT", "It never grows by ICMP"),
        new("RFC1191-3", "6.3", "SHOULD", "An estimate is forgotten after ten minutes"),
        new("RFC1191-4", "6.4", "SHOULD", "What was too big is sent again at once, and is no sign of congestion"),
    ];

    private static Clause[] PathMtuIpv6 =>
    [
        new("RFC8201-1", "4", "MUST NOT", "The estimate does not fall below 1,280 octets"),
        new("RFC8201-2", "5.2", "SHOULD", "What one connection learned the next one knows"),
    ];
}
