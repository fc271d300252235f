namespace Synfin.Oracle.Tests.Scripts;

/// <summary>What a step of a script does.</summary>
internal enum StepKind
{
    /// <summary>The peer sends a segment.</summary>
    Segment,

    /// <summary>Active OPEN.</summary>
    Connect,

    /// <summary>SEND of <see cref="Step.Amount"/> octets.</summary>
    Send,

    /// <summary>RECEIVE of up to <see cref="Step.Amount"/> octets.</summary>
    Receive,

    /// <summary>CLOSE of the sending half.</summary>
    Shutdown,

    /// <summary>CLOSE.</summary>
    Close,

    /// <summary>ABORT: SO_LINGER 0 and close.</summary>
    Abort,

    /// <summary>TCP_NODELAY on.</summary>
    NoDelay,
}
