namespace Synfin.Cli.Scenarios.Opening;

/// <summary>RFC 9293 Figure 6.</summary>
internal sealed class Handshake : Scenario
{
    /// <inheritdoc/>
    public override string Name => "handshake";

    /// <inheritdoc/>
    public override string Question => "Why three segments to open, and what does each side know after each?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Serve(server => Task.CompletedTask);
        stage.Connect(client => Task.CompletedTask);
        stage.RunFor(1);
    }
}
