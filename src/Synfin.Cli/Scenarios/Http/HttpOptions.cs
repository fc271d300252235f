namespace Synfin.Cli.Scenarios.Http;

/// <summary>The options of <c>synfin demo http</c>.</summary>
internal sealed record HttpOptions
{
    /// <summary>The name that stands for every fault.</summary>
    public const string EveryFault = "all";

    /// <summary>A connection for each request.</summary>
    public bool Http10 { get; init; }

    /// <summary>One connection kept alive.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>HTTP/2.</summary>
    public bool Http2 { get; init; }

    /// <summary>With TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>How many requests; null for the usual number.</summary>
    public int? Requests { get; init; }

    /// <summary>The fault, "all" for each in turn; null for none.</summary>
    public string? Fault { get; init; }

    /// <summary>The one mode that was asked for; null to compare.</summary>
    public HttpMode? Mode => Http10 ? HttpMode.Http10 : Http2 ? HttpMode.Http2 : KeepAlive ? HttpMode.KeepAlive : null;

    /// <summary>The options that were given, as the user types them.</summary>
    public IEnumerable<string> Given
    {
        get
        {
            if (Http10) yield return "--http10";
            if (KeepAlive) yield return "--keep-alive";
            if (Http2) yield return "--h2";
            if (Tls) yield return "--tls";
            if (Requests is not null) yield return "--requests";
            if (Fault is not null) yield return "--fault";
        }
    }

    /// <summary>What does not go together; null if all does.</summary>
    public string? Contradiction()
    {
        string[] modes = [.. Given.Intersect(["--http10", "--keep-alive", "--h2"])];
        if (modes.Length > 1) return $"{modes[0]} and {modes[1]} exclude each other; without either, connections are compared";
        string? other = Given.FirstOrDefault(o => o != "--fault");
        return Fault is not null && other is not null
            ? $"--fault plays one plain HTTP/1.1 request for each fault: leave {other} out"
            : null;
    }
}
