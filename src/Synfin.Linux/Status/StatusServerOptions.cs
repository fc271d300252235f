namespace Synfin.Linux.Status;

/// <summary>What a status socket says of its host, and its limits.</summary>
public sealed record StatusServerOptions
{
    /// <summary>The device's name, which the socket is named by together with the process.</summary>
    public required string Device { get; init; }

    /// <summary>What the process does, such as "synfin serve".</summary>
    public string Program { get; init; } = "";

    /// <summary>The folder of the socket; null for that of <see cref="StatusSockets.DefaultFolder"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>The most clients at a time; more wait. 8 unless set.</summary>
    public int MaxClients { get; init; } = 8;

    /// <summary>The most connections that are listed; more are counted. 100,000 unless set.</summary>
    public int MaxConnections { get; init; } = 100_000;

    /// <summary>How long a client may take for all of a question and its answer. 10 s unless set.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
