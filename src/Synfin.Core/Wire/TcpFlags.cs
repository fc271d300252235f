namespace Synfin.Wire;

/// <summary>The control bits of a TCP header (RFC 9293 3.1; AE is RFC 9768's).</summary>
[Flags]
public enum TcpFlags : ushort
{
    /// <summary>No bit at all.</summary>
    None = 0,

    /// <summary>No more data from the sender.</summary>
    Fin = 0x001,

    /// <summary>Synchronise sequence numbers.</summary>
    Syn = 0x002,

    /// <summary>Reset the connection.</summary>
    Rst = 0x004,

    /// <summary>Push: hand the data to the application at once.</summary>
    Psh = 0x008,

    /// <summary>The acknowledgment field is significant.</summary>
    Ack = 0x010,

    /// <summary>The urgent pointer is significant.</summary>
    Urg = 0x020,

    /// <summary>ECN echo (RFC 3168).</summary>
    Ece = 0x040,

    /// <summary>Congestion window reduced (RFC 3168).</summary>
    Cwr = 0x080,

    /// <summary>Accurate ECN (RFC 9768).</summary>
    Ae = 0x100,
}
