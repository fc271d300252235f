namespace Synfin.Cli.Scenarios.Closing;

/// <summary>Each direction is closed by itself: a's request ends with a's FIN, the answer comes after it.</summary>
internal sealed class HalfClose : Scenario
{
    private const int ThreeSegments = 4000;

    /// <inheritdoc/>
    public override string Name => "half-close";

    /// <inheritdoc/>
    public override string Question => "What can b still send when a has closed, and what does a still do?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Serve(async server =>
        {
            await Stage.ReadToEnd(server);
            await stage.Think();
            await server.WriteAsync(new byte[ThreeSegments]);
            await stage.Delay(0.1);
            await server.CloseAsync();
        });
        stage.Connect(async client =>
        {
            // Written at once, it rides on the handshake's third segment.
            await client.WriteAsync("request"u8.ToArray());
            await stage.Delay(0.03);
            await client.CompleteWritesAsync();
            await Stage.ReadToEnd(client);
            await client.CloseAsync();
        });
        stage.RunUntilIdle();
    }
}
