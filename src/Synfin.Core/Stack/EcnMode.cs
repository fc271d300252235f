namespace Synfin.Stack;

/// <summary>Whether explicit congestion notification is used (RFC 3168, SHLD-8).</summary>
public enum EcnMode : byte
{
    /// <summary>It is neither asked for nor agreed to.</summary>
    Off,

    /// <summary>It is agreed to where the peer asks for it, as Linux and FreeBSD do.</summary>
    Accept,

    /// <summary>Our SYNs ask for it, too.</summary>
    Request,
}
