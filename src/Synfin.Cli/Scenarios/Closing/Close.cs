namespace Synfin.Cli.Scenarios.Closing;

/// <summary>RFC 9293 Figure 12: b's ACK and FIN are apart.</summary>
internal sealed class Close : OpenAndClose
{
    /// <inheritdoc/>
    public override string Name => "close";

    /// <inheritdoc/>
    public override string Question => "Why four segments to close, and who waits for what?";
}
