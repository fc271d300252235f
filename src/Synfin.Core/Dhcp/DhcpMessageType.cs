namespace Synfin.Dhcp;

/// <summary>What a message is (RFC 2132 9.6).</summary>
public enum DhcpMessageType : byte
{
    /// <summary>No message.</summary>
    None = 0,

    /// <summary>Client to all: who has an address for me?</summary>
    Discover = 1,

    /// <summary>Server to client: this one.</summary>
    Offer = 2,

    /// <summary>Client to server: I take it, still have it, or want to keep it.</summary>
    Request = 3,

    /// <summary>Client to server: somebody has it already.</summary>
    Decline = 4,

    /// <summary>Server to client: it is yours, with all that belongs to it.</summary>
    Ack = 5,

    /// <summary>Server to client: it is not yours, or no longer.</summary>
    Nak = 6,

    /// <summary>Client to server: I do not need it any more.</summary>
    Release = 7,

    /// <summary>Client to server: I have an address, and want the rest.</summary>
    Inform = 8,
}
