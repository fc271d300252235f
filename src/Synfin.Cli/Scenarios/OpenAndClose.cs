namespace Synfin.Cli.Scenarios;

/// <summary>a connects and closes, b closes when it has read the end of the stream; some segment may get lost meanwhile.</summary>
internal abstract class OpenAndClose : Scenario
{
    /// <summary>What goes wrong, as a rule; null for nothing.</summary>
    protected virtual string? Fault => null;

    /// <summary>How long the connection is open before a closes it, in seconds.</summary>
    protected virtual double Silence => 0.015;

    /// <summary>How long b takes to close after it has read the end of the stream, in seconds; 0 lets its FIN ride with its ACK.</summary>
    protected virtual double Hesitation => 0.015;

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        if (Fault is { } fault) stage.Network.AddRule(fault);
        stage.Serve(async server =>
        {
            await Stage.ReadToEnd(server);
            await stage.Delay(Hesitation);
            await server.CloseAsync();
        });
        stage.Connect(async client =>
        {
            await stage.Delay(Silence);
            await client.CloseAsync();
        });
        stage.RunUntilIdle();
    }
}
