namespace Synfin.Cli.Scenarios.Breaking;

/// <summary>RFC 9293 3.6 (SHLD-3) and RFC 2525 2.17: a FIN would say that all was well, and it was not.</summary>
internal sealed class CloseWithUnreadData : Scenario
{
    /// <inheritdoc/>
    public override string Name => "close-with-unread-data";

    /// <inheritdoc/>
    public override string Question => "Why does CLOSE sometimes send RST instead of FIN?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Serve(async server =>
        {
            await stage.Delay(0.2);
            await server.CloseAsync();
        });
        stage.Connect(async client =>
        {
            await stage.Think();
            await client.WriteAsync("nobody will read this"u8.ToArray());
            await Stage.ReadToEnd(client);
        });
        stage.RunUntilIdle();
    }
}
