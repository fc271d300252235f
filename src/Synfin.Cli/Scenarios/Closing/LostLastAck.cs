namespace Synfin.Cli.Scenarios.Closing;

/// <summary>Step 4 of the close is lost.</summary>
internal sealed class LostLastAck : OpenAndClose
{
    /// <inheritdoc/>
    public override string Name => "lost-last-ack";

    /// <inheritdoc/>
    public override string Question => "What if the very last ACK is lost, and what is TIME-WAIT for?";

    /// <inheritdoc/>
    protected override string Fault => "ACK of FIN from a";
}
