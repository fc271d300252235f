namespace Synfin.Cli.Scenarios.Opening;

/// <summary>The third segment of the handshake is lost; every later segment of a would do its work, so a has to stay silent for this to show.</summary>
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
