namespace Synfin.Tcp;

/// <summary>What the application may want to know about a connection since the last turn.</summary>
[Flags]
public enum TcpSignals : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>ESTABLISHED was reached.</summary>
    Connected = 1,

    /// <summary>Octets, the end of the stream or an error can be read.</summary>
    Readable = 2,

    /// <summary>There is room to send again.</summary>
    Writable = 4,

    /// <summary>Urgent data was announced, or the pointer advanced (MUST-32).</summary>
    Urgent = 8,

    /// <summary>A soft error was reported: R1 was reached or ICMP said something (MUST-47, SHLD-9).</summary>
    SoftError = 16,

    /// <summary>The connection ended: CLOSED or TIME-WAIT.</summary>
    Ended = 32,

    /// <summary>All that was sent has been acknowledged.</summary>
    Drained = 64,
}
