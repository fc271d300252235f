namespace Synfin.Cli.Serve;

/// <summary>What `synfin serve` was asked to do.</summary>
internal sealed record ServeOptions
{
    /// <summary>HTTP's port.</summary>
    public const int DefaultPort = 80;

    /// <summary>HTTPS's port.</summary>
    public const int DefaultTlsPort = 443;

    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The port of HTTP/1.1.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The port of HTTP/1.1 and HTTP/2 over TLS; null for none.</summary>
    public int? TlsPort { get; init; }

    /// <summary>Whether folders without an index.html are listed.</summary>
    public bool Listing { get; init; } = true;

    /// <summary>Whether each request gets a line on standard error.</summary>
    public bool Verbose { get; init; }
}
