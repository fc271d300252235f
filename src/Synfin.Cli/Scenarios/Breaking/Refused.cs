namespace Synfin.Cli.Scenarios.Breaking;

/// <summary>RFC 9293 3.5.2, group 1: a SYN for a port that nobody listens on.</summary>
internal sealed class Refused : Scenario
{
    /// <inheritdoc/>
    public override string Name => "refused";

    /// <inheritdoc/>
    public override string Question => "What happens if nobody listens on the port?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Connect(client => Task.CompletedTask);
        stage.RunUntilIdle();
    }
}
