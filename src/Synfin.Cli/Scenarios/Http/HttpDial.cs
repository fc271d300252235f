using System.Security.Authentication;
using Synfin.Timers;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>A connection that HttpClient made.</summary>
internal sealed class HttpDial
{
    /// <summary>When it called OPEN.</summary>
    public required Timestamp Start { get; init; }

    /// <summary>When the connection was established; null if it never was.</summary>
    public Timestamp? Established { get; set; }

    /// <summary>When TLS was ready; null without TLS, or if it never was.</summary>
    public Timestamp? Secured { get; set; }

    /// <summary>The version of TLS.</summary>
    public SslProtocols Protocol { get; set; }
}
