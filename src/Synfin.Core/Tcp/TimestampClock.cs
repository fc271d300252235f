using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// The clock of the timestamps option: 1 ms ticks (RFC 7323 5.4), shifted by a keyed offset for each connection so that TSval tells neither
/// how long the host has been up nor which connections are of one host (RFC 7323 7.1). A new connection of the same name goes on where the
/// old one was, which RFC 6191 needs.
/// </summary>
internal static class TimestampClock
{
    /// <summary>The length of a tick.</summary>
    public static Duration Tick => Duration.FromMilliseconds(1);

    /// <summary>The offset of a connection's clock.</summary>
    public static uint Offset(in StackSecret secret, in FourTuple tuple) =>
        unchecked((uint)SipHash.HashTuple(in secret, in tuple, HashDomain.TimestampOffset));

    /// <summary>What the clock of a connection with this offset shows: its TSval.</summary>
    public static uint Now(Timestamp now, uint offset) => unchecked((uint)now.Milliseconds + offset);
}
