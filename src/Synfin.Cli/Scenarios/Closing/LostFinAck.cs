namespace Synfin.Cli.Scenarios.Closing;

/// <summary>Step 2 of the close is lost.</summary>
internal sealed class LostFinAck : OpenAndClose
{
    /// <inheritdoc/>
    public override string Name => "lost-fin-ack";

    /// <inheritdoc/>
    public override string Question => "What if the ACK of the first FIN is lost?";

    /// <inheritdoc/>
    protected override string Fault => "ACK of FIN from b";

    /// <summary>Longer than a's RTO; an earlier FIN of b would acknowledge a's as well.</summary>
    protected override double Hesitation => 0.5;
}
