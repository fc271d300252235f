using Synfin.Cli.Connect;

namespace Synfin.Cli.Ping;

/// <summary>What `synfin ping` was asked to do.</summary>
internal sealed record PingOptions
{
    /// <summary>Octets of data, as ping has it.</summary>
    public const int DefaultSize = 56;

    /// <summary>The time to live, or hop limit.</summary>
    public const int DefaultTimeToLive = 64;

    /// <summary>Who.</summary>
    public required Target Target { get; init; }

    /// <summary>How many requests; null for as many as there is time.</summary>
    public int? Count { get; init; }

    /// <summary>From one request to the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Octets of data in a request.</summary>
    public int Size { get; init; } = DefaultSize;

    /// <summary>The time to live, or hop limit.</summary>
    public int TimeToLive { get; init; } = DefaultTimeToLive;

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
