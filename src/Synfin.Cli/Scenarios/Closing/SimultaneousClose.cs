namespace Synfin.Cli.Scenarios.Closing;

/// <summary>RFC 9293 Figure 13: the FINs cross on the way.</summary>
internal sealed class SimultaneousClose : Scenario
{
    /// <inheritdoc/>
    public override string Name => "simultaneous-close";

    /// <inheritdoc/>
    public override string Question => "What if both sides close at the same time?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        // a is connected while its ACK is still on the way to b, which accepts one delay later.
        stage.Serve(async server =>
        {
            await stage.Delay(0.04);
            await server.CloseAsync();
        });
        stage.Connect(async client =>
        {
            await stage.Delay(0.05);
            await client.CloseAsync();
        });
        stage.RunUntilIdle();
    }
}
