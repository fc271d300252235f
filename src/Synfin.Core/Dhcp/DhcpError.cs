namespace Synfin.Dhcp;

/// <summary>What is wrong with octets that cannot be read as a message.</summary>
public enum DhcpError : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Fewer octets than the fixed fields and the cookie.</summary>
    Truncated,

    /// <summary>Neither a request nor a reply.</summary>
    BadOperation,

    /// <summary>A hardware address of more than 16 octets.</summary>
    BadHardwareLength,

    /// <summary>The first four octets of the options are not 99, 130, 83, 99 (RFC 2131 3).</summary>
    BadCookie,

    /// <summary>An option that goes beyond its field, or a length that its kind cannot have.</summary>
    BadOption,

    /// <summary>No message type, or an unknown one: BOOTP, or something newer.</summary>
    NoMessageType,
}
