namespace Synfin.Cli.Scenarios.Opening;

/// <summary>The first segment of the handshake is lost (RFC 6298 2.1: the first RTO is 1 s).</summary>
internal sealed class LostSyn : OpenAndClose
{
    /// <inheritdoc/>
    public override string Name => "lost-syn";

    /// <inheritdoc/>
    public override string Question => "What if the SYN is lost?";

    /// <inheritdoc/>
    protected override string Fault => "SYN from a";
}
