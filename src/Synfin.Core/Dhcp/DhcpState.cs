namespace Synfin.Dhcp;

/// <summary>The states of a client (RFC 2131 4.4, figure 5).</summary>
public enum DhcpState
{
    /// <summary>INIT: has nothing, and waits for its time to ask.</summary>
    Init,

    /// <summary>SELECTING: has asked all, and waits for an offer.</summary>
    Selecting,

    /// <summary>REQUESTING: has taken an offer, and waits for the server to confirm it.</summary>
    Requesting,

    /// <summary>INIT-REBOOT and REBOOTING: asks for the address that it had before.</summary>
    Rebooting,

    /// <summary>BOUND: has a lease.</summary>
    Bound,

    /// <summary>RENEWING: has a lease, and asks its server for more time.</summary>
    Renewing,

    /// <summary>REBINDING: has a lease, and asks all servers for more time.</summary>
    Rebinding,

    /// <summary>Has released its lease, and asks for nothing until it is started again.</summary>
    Stopped,
}
