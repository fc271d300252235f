namespace Synfin.Tidy.Tests.Catalogs;

/// <summary>The requirements that have no test, with the reason. One that has a test must not be here.</summary>
public static class Waivers
{
    private const string SourceRoutes =
        "source routes are neither set nor followed (RFC 7126 asks to drop them, RFC 5095 did away with IPv6's)";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Waiver> All { get; } =
    [
        new("MUST-51", SourceRoutes),
        new("MUST-52", SourceRoutes),
        new("MUST-53", SourceRoutes + "; to obey a stranger's return route would be a way around a firewall"),
        new("SHLD-8", "ECN (RFC 3168) comes later: the bits are carried and read, and not acted on"),
        new("SHLD-13", "asks applications, not a TCP; RFC 6093 says why"),
        new("SHLD-24", SourceRoutes),
        new("MAY-4", "our datagrams are never fragmented, so their identification is 0 (RFC 6864 4.1)"),
        new("MAY-6", "a probe without an octet is what SHLD-12 prefers, and no stack of today needs the other"),
        new("MAY-9", "the DSCP of arriving segments is not handed on yet"),
        new("MAY-10", "no IP options are sent; those that arrive are skipped (MUST-50)"),
        new("MAY-11", "no IP options are sent; those that arrive are skipped (MUST-50)"),
        new("MAY-14", "no FLUSH call: ABORT throws away what waits"),
        new("MAY-15", "SEND has no PUSH flag; MUST-60 and MUST-61 say what follows from that"),
        new("MAY-17", "PSH tells a reader nothing that it could rely on: the stream has no records"),
    ];

    /// <summary>The waiver of a requirement, if it has one.</summary>
    public static Waiver? Of(string id) => All.FirstOrDefault(w => w.Id == id);
}
