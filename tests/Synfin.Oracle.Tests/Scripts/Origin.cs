namespace Synfin.Oracle.Tests.Scripts;

/// <summary>
/// Where a number of a step counts from. All but the first two are what the host under test said last, so a script needs no number that
/// depends on either host's choices.
/// </summary>
internal enum Origin
{
    /// <summary>The peer's initial sequence number.</summary>
    Irs,

    /// <summary>The host's initial sequence number.</summary>
    Iss,

    /// <summary>The host's RCV.NXT: the last ACK field that it sent.</summary>
    Rcv,

    /// <summary>The right edge of the host's window: the largest that it offered.</summary>
    Edge,

    /// <summary>The host's SND.NXT: the end of what it sent.</summary>
    Snd,

    /// <summary>The end of the peer's own text: the largest that it sent.</summary>
    Sent,
}
