namespace Synfin.Cli.Scenarios.Opening;

/// <summary>The third segment of the handshake is lost. Whatever a sends later would do its work: here it stays silent.</summary>
internal sealed class LostHandshakeAck : OpenAndClose
{
    /// <inheritdoc/>
    public override string Name => "lost-handshake-ack";

    /// <inheritdoc/>
    public override string Question => "What if the last ACK is lost, and no data does its work?";

    /// <inheritdoc/>
    protected override string Fault => "handshake ACK";

    /// <summary>Longer than the RTO of b's SYN,ACK.</summary>
    protected override double Silence => 2;
}
