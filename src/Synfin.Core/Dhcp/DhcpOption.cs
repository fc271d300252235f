namespace Synfin.Dhcp;

/// <summary>The options that the client knows (RFC 2132, RFC 3397, RFC 3442).</summary>
public enum DhcpOption : byte
{
    /// <summary>Fills a gap; has no length.</summary>
    Pad = 0,

    /// <summary>The mask of the subnet.</summary>
    SubnetMask = 1,

    /// <summary>Routers, the preferred one first.</summary>
    Router = 3,

    /// <summary>DNS servers, the preferred one first.</summary>
    DnsServers = 6,

    /// <summary>The client's name.</summary>
    HostName = 12,

    /// <summary>The client's domain.</summary>
    DomainName = 15,

    /// <summary>The interface's MTU.</summary>
    Mtu = 26,

    /// <summary>The address that a client asks for.</summary>
    RequestedAddress = 50,

    /// <summary>For how long the address is the client's, in seconds.</summary>
    LeaseTime = 51,

    /// <summary>The fields file (1), sname (2) or both (3) hold options.</summary>
    Overload = 52,

    /// <summary>See <see cref="DhcpMessageType"/>.</summary>
    MessageType = 53,

    /// <summary>The server: its address.</summary>
    ServerId = 54,

    /// <summary>What the client asks for.</summary>
    ParameterRequestList = 55,

    /// <summary>What the server has to say to people.</summary>
    Message = 56,

    /// <summary>The longest message that the client takes.</summary>
    MaxMessageSize = 57,

    /// <summary>T1: after how many seconds to ask the server for more time.</summary>
    RenewalTime = 58,

    /// <summary>T2: after how many seconds to ask any server.</summary>
    RebindingTime = 59,

    /// <summary>Who the client is (RFC 4361).</summary>
    ClientId = 61,

    /// <summary>Domains to search names in (RFC 3397).</summary>
    DomainSearch = 119,

    /// <summary>Routes to subnets of any size (RFC 3442).</summary>
    ClasslessRoutes = 121,

    /// <summary>Ends the list; has no length.</summary>
    End = 255,
}
