namespace Synfin.Cli.Scenarios.Breaking;

/// <summary>RFC 9293 3.10.5: ABORT throws away what is queued and tells the peer with RST.</summary>
internal sealed class Abort : Scenario
{
    /// <inheritdoc/>
    public override string Name => "abort";

    /// <inheritdoc/>
    public override string Question => "What does ABORT do that CLOSE does not?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Serve(async server => await Stage.ReadToEnd(server));
        stage.Connect(async client =>
        {
            await stage.Think();
            await client.WriteAsync("delivered"u8.ToArray());
            await stage.Delay(0.1);
            await client.WriteAsync("queued, and thrown away"u8.ToArray());
            client.Abort();
        });
        stage.RunUntilIdle();
    }
}
