namespace Synfin.Proof;

/// <summary>The scopes that there are.</summary>
internal static class Scopes
{
    /// <summary>An open from a to the listening b, up to ESTABLISHED at both.</summary>
    private const string Established = "a0 d0 d0 d0";

    /// <summary>The name for <see cref="Widened"/>.</summary>
    public const string WideSet = "wide";

    /// <summary>Those that a build has time for.</summary>
    public static IEnumerable<Scope> Default => All.Where(scope => !scope.Wide);

    /// <summary>All, with one accident more than usual.</summary>
    public static IEnumerable<Scope> Widened => All.Select(scope => scope with { Accidents = scope.Accidents + 1 });

    /// <summary>All, in the order of a connection's life.</summary>
    public static IReadOnlyList<Scope> All { get; } =
    [
        new()
        {
            Name = "handshake",
            About = "a opens and b listens; both close",
            A = "open shutdown",
            B = "listen shutdown",
            Accidents = 2,
        },
        new()
        {
            Name = "simultaneous-open",
            About = "both open",
            A = "open shutdown",
            B = "open shutdown",
            Prelude = "a0 b0",
            Accidents = 2,
        },
        new()
        {
            Name = "data",
            About = "an octet each way, then both close",
            A = "open send shutdown",
            B = "listen send shutdown",
            Prelude = Established,
            Accidents = 1,
        },
        new()
        {
            Name = "half-close",
            About = "a has no more to send, and b sends on",
            A = "open shutdown",
            B = "listen send send shutdown",
            Prelude = Established,
            Accidents = 1,
        },
        new()
        {
            Name = "close",
            About = "both applications leave, at any time",
            A = "open close",
            B = "listen close",
            Prelude = Established,
            Accidents = 2,
        },
        new()
        {
            Name = "simultaneous-close",
            About = "the two FINs cross",
            A = "open shutdown",
            B = "listen shutdown",
            Prelude = Established + " a0 b0",
            Accidents = 2,
        },
        new()
        {
            Name = "abort",
            About = "either may abort, before, between or after an octet and its FIN",
            A = "open send|abort shutdown|abort leave",
            B = "listen shutdown|abort leave",
            Accidents = 1,
        },
        new()
        {
            Name = "time-wait",
            About = "b closes first and waits; a opens the same connection again at once",
            A = "open shutdown open shutdown",
            B = "listen shutdown",
            Prelude = Established + " b0 d0 d0",
            Accidents = 1,
        },
        new()
        {
            Name = "old-duplicates",
            About = "SYN and text of an aborted connection come at any time of the next one of the same name",
            A = "open send abort open shutdown leave",
            B = "listen shutdown leave",
            Prelude = "a0 k0 d1 d1 a0 k1 a0 d2",
            Accidents = 1,
        },
        new()
        {
            Name = "strangers",
            About = "segments whose numbers are nearly right come at any time",
            A = "open send shutdown",
            B = "listen shutdown",
            Strangers = true,
            Accidents = 1,
        },
        new()
        {
            Name = "options",
            About = "as data, with timestamps, SACK and window scaling",
            A = "open send shutdown",
            B = "listen shutdown",
            Options = true,
            Accidents = 1,
        },
        new()
        {
            Name = "full",
            About = "open, an octet each way, close or abort, in any order",
            A = "open send shutdown|abort leave",
            B = "listen send close",
            Accidents = 1,
            Wide = true,
        },
    ];
}
