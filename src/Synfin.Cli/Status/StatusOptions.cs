namespace Synfin.Cli.Status;

/// <summary>What `synfin status` was asked to show.</summary>
internal sealed record StatusOptions
{
    /// <summary>A device's name, or null for all hosts.</summary>
    public string? Name { get; init; }

    /// <summary>A socket's path, or null to look for sockets.</summary>
    public string? Socket { get; init; }

    /// <summary>One JSON object a line instead of tables.</summary>
    public bool Json { get; init; }

    /// <summary>Listeners, too.</summary>
    public bool All { get; init; }

    /// <summary>Columns.</summary>
    public int Width { get; init; } = 80;
}
