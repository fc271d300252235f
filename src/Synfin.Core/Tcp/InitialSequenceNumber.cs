using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// The choice of ISS: ISN = M + F(local address, local port, remote address, remote port, secret) (RFC 9293 3.4.1, MUST-8, MUST-9, SHLD-1;
/// RFC 6528 3). M makes a new connection of the same name start above the old one, F keeps others from guessing where.
/// </summary>
internal static class InitialSequenceNumber
{
    /// <summary>The period of M in nanoseconds: 4 us, so it wraps after 4.77 hours.</summary>
    public const long ClockPeriod = 4_000;

    /// <summary>Chooses the ISS of a connection that starts now.</summary>
    public static SequenceNumber Choose(in StackSecret secret, in FourTuple tuple, Timestamp now)
    {
        uint m = unchecked((uint)(now.Nanoseconds / ClockPeriod));
        uint f = unchecked((uint)SipHash.HashTuple(in secret, in tuple, HashDomain.InitialSequenceNumber));
        return new SequenceNumber(m) + f;
    }
}
