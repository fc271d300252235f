namespace Synfin.Cli.Listen;

/// <summary>What `synfin listen` does with who comes.</summary>
internal enum ListenMode
{
    /// <summary>Joins it to standard input and output.</summary>
    Bridge,

    /// <summary>Sends back what it says (RFC 862).</summary>
    Echo,

    /// <summary>Takes what it says, and forgets it (RFC 863).</summary>
    Discard,
}
