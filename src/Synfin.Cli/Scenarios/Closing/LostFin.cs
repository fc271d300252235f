namespace Synfin.Cli.Scenarios.Closing;

/// <summary>Step 1 of the close is lost.</summary>
internal sealed class LostFin : OpenAndClose
{
    /// <inheritdoc/>
    public override string Name => "lost-fin";

    /// <inheritdoc/>
    public override string Question => "What if the FIN of the side that closes first is lost?";

    /// <inheritdoc/>
    protected override string Fault => "FIN from a";
}
