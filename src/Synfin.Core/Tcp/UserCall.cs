namespace Synfin.Tcp;

/// <summary>The user calls of RFC 9293 3.9.1, with accept and half-close apart.</summary>
public enum UserCall : byte
{
    /// <summary>Active OPEN.</summary>
    Open,

    /// <summary>Passive OPEN.</summary>
    Listen,

    /// <summary>An established connection is taken from a listener.</summary>
    Accept,

    /// <summary>SEND.</summary>
    Send,

    /// <summary>SEND with the urgent flag.</summary>
    SendUrgent,

    /// <summary>RECEIVE.</summary>
    Receive,

    /// <summary>CLOSE of the sending half: "I have no more data to send".</summary>
    Shutdown,

    /// <summary>CLOSE of both: no more receives either.</summary>
    Close,

    /// <summary>ABORT.</summary>
    Abort,
}
