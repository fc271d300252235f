namespace Synfin.Cli.Connect;

/// <summary>How a connection is joined to standard input and output.</summary>
internal enum BridgeMode
{
    /// <summary>The end of the input is the end of what is sent: a half-close.</summary>
    HalfClose,

    /// <summary>The end of the input says nothing: what is sent ends when the peer has ended.</summary>
    NoShutdown,

    /// <summary>The input is not read; the peer's end is the end.</summary>
    ReceiveOnly,
}
