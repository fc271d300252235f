using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Proof;

/// <summary>What is known, from outside of the engine, of one incarnation of the connection at one end: from its SYN on.</summary>
/// <param name="iss">The number of its SYN.</param>
/// <param name="number">How many came before at this end.</param>
internal sealed class Life(SequenceNumber iss, int number)
{
    /// <summary>Its initial sequence number.</summary>
    public SequenceNumber Iss { get; } = iss;

    /// <summary>How many came before at this end.</summary>
    public int Number { get; } = number;

    /// <summary>The other's initial sequence number, once it took one.</summary>
    public SequenceNumber? Irs { get; set; }

    /// <summary>Octets that the application wrote.</summary>
    public int Written { get; set; }

    /// <summary>Octets that the application read.</summary>
    public int Read { get; set; }

    /// <summary>Whether the application said that it has no more to send.</summary>
    public bool FinQueued { get; set; }

    /// <summary>Whether the application has left and reads no more.</summary>
    public bool Left { get; set; }

    /// <summary>Whether the application read the end of the stream.</summary>
    public bool EndRead { get; set; }

    /// <summary>Whether it was ever ESTABLISHED.</summary>
    public bool Established { get; set; }

    /// <summary>Whether the applications' own doing may end it out of order.</summary>
    public bool Disturbed { get; set; }

    /// <summary>The number of its FIN, once that was sent.</summary>
    public SequenceNumber? Fin { get; set; }

    /// <summary>Whether the application closed when it had been told the end of the peer's stream.</summary>
    public bool ClosedSecond { get; set; }

    /// <summary>When TIME-WAIT began.</summary>
    public Timestamp? TimeWaitSince { get; set; }

    /// <summary>Whether TIME-WAIT is over.</summary>
    public bool TimeWaitOver { get; set; }

    /// <summary>How it ended; null while it has not.</summary>
    public CloseReason? Ended { get; set; }
}
