namespace Synfin.Tidy.Tests.Catalogs;

/// <summary>The requirements that have no test, with the RFC's sentence and the reason. One that has a test must not be here.</summary>
public static class Waivers
{
    private const string SourceRoutes =
        "source routes are neither set nor followed (RFC 7126 asks to drop them, RFC 5095 did away with IPv6's)";

    private const string ActiveRoute =
        "An application MUST be able to specify a source route when it actively opens a TCP connection (MUST-51), and this MUST take"
        + " precedence over a source route received in a datagram (MUST-52).";

    private const string Options = "A TCP implementation MAY support the Timestamp (MAY-10) and Record Route (MAY-11) Options.";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Waiver> All { get; } =
    [
        new("MUST-51", ActiveRoute, SourceRoutes),
        new("MUST-52", ActiveRoute, SourceRoutes),
        new("MUST-53",
            "TCP implementations MUST save the return route and use it for all segments sent on this connection (MUST-53).",
            SourceRoutes + "; to obey a stranger's return route would be a way around a firewall"),
        new("SHLD-13",
            "As a result of implementation differences and middlebox interactions, new applications SHOULD NOT employ the TCP urgent"
            + " mechanism (SHLD-13).",
            "asks applications, not a TCP; RFC 6093 says why"),
        new("SHLD-24",
            "If a different source route arrives in a later segment, the later definition SHOULD override the earlier one (SHLD-24).",
            SourceRoutes),
        new("MAY-4",
            "If a retransmitted packet is identical to the original packet [...], then the same IPv4 Identification field MAY be used"
            + " (MAY-4).",
            "our datagrams are never fragmented, so their identification is 0 (RFC 6864 4.1)"),
        new("MAY-6",
            "however, it MAY be configurable to send a keep-alive segment containing one garbage octet (MAY-6), for compatibility with"
            + " erroneous TCP implementations.",
            "a probe without an octet is what SHLD-12 prefers, and no stack of today needs the other"),
        new("MAY-9",
            "TCP implementations MAY pass the most recently received Differentiated Services field up to the application (MAY-9).",
            "the DSCP of arriving segments is not handed on yet"),
        new("MAY-10", Options, "no IP options are sent; those that arrive are skipped (MUST-50)"),
        new("MAY-11", Options, "no IP options are sent; those that arrive are skipped (MUST-50)"),
        new("MAY-14", "The FLUSH call MAY be implemented (MAY-14).", "no FLUSH call: ABORT throws away what waits"),
        new("MAY-15",
            "A TCP endpoint MAY implement PUSH flags on SEND calls (MAY-15).",
            "SEND has no PUSH flag; MUST-60 and MUST-61 say what follows from that"),
        new("MAY-17",
            "A TCP receiver MAY pass a received PSH bit to the application layer via the PUSH flag in the interface (MAY-17), but it is"
            + " not required.",
            "PSH tells a reader nothing that it could rely on: the stream has no records"),
    ];

    /// <summary>The waiver of a requirement, if it has one.</summary>
    public static Waiver? Of(string id) => All.FirstOrDefault(w => w.Id == id);
}
