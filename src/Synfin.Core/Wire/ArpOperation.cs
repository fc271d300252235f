namespace Synfin.Wire;

/// <summary>What an ARP packet does (RFC 826).</summary>
public enum ArpOperation : ushort
{
    /// <summary>No operation.</summary>
    None,

    /// <summary>Who has the target address?</summary>
    Request,

    /// <summary>The sender has the sender's address.</summary>
    Reply,
}
