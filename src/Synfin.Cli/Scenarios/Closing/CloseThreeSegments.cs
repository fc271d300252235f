namespace Synfin.Cli.Scenarios.Closing;

/// <summary>b has nothing left to do: its FIN rides with its ACK, and a skips FIN-WAIT-2 (RFC 9293 3.10.7.4, FIN-WAIT-1).</summary>
internal sealed class CloseThreeSegments : OpenAndClose
{
    /// <inheritdoc/>
    public override string Name => "close-three-segments";

    /// <inheritdoc/>
    public override string Question => "When do three segments close a connection instead of four?";

    /// <summary>b closes in the same turn.</summary>
    protected override double Hesitation => 0;
}
