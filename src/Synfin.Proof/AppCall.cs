namespace Synfin.Proof;

/// <summary>What an application can do.</summary>
internal enum AppCall : byte
{
    /// <summary>Active OPEN.</summary>
    Open,

    /// <summary>SEND of one octet.</summary>
    Send,

    /// <summary>CLOSE of the sending half.</summary>
    Shutdown,

    /// <summary>CLOSE of both.</summary>
    Close,

    /// <summary>ABORT.</summary>
    Abort,

    /// <summary>CLOSE of both at the end of the peer's stream, or in despair: when nothing else can happen any more.</summary>
    Leave,
}
