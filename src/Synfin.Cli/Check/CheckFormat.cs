namespace Synfin.Cli.Check;

/// <summary>How results are written.</summary>
internal enum CheckFormat
{
    /// <summary>A table to read.</summary>
    Text,

    /// <summary>One JSON object a line and scope.</summary>
    Json,

    /// <summary>A table for a document.</summary>
    Markdown,
}
