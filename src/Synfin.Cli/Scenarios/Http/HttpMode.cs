namespace Synfin.Cli.Scenarios.Http;

/// <summary>How requests use connections.</summary>
internal enum HttpMode
{
    /// <summary>HTTP/1.0: a connection for each request.</summary>
    Http10,

    /// <summary>HTTP/1.1: one connection kept alive.</summary>
    KeepAlive,

    /// <summary>HTTP/2: one connection of streams.</summary>
    Http2,
}
