namespace Synfin.Cli.Scenarios;

/// <summary>The values of <c>demo --format</c>.</summary>
internal enum DemoFormat
{
    /// <summary>A ladder to read.</summary>
    Text,

    /// <summary>JSON, one object a line.</summary>
    Json,
}
