namespace Synfin.Cli.Scenarios.Opening;

/// <summary>The second segment of the handshake is lost.</summary>
internal sealed class LostSynAck : OpenAndClose
{
    /// <inheritdoc/>
    public override string Name => "lost-syn-ack";

    /// <inheritdoc/>
    public override string Question => "What if the answer to the SYN is lost?";

    /// <inheritdoc/>
    protected override string Fault => "SYN-ACK from b";
}
