namespace Synfin.Cli.Scenarios.Closing;

/// <summary>Each direction is closed by itself: a's request ends with a's FIN, the answer comes after it.</summary>
internal sealed class HalfClose : Scenario
{
    private const int PieceLength = 1000;
    private const int Pieces = 3;

    /// <inheritdoc/>
    public override string Name => "half-close";

    /// <inheritdoc/>
    public override string Question => "a has closed its half: what can b still send, and what does a still do?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Serve(async server =>
        {
            await Stage.ReadToEnd(server);
            await stage.Think();
            for (int i = 0; i < Pieces; i++)
            {
                await server.WriteAsync(new byte[PieceLength]);
                await stage.Delay(0.05);
            }
            await server.CloseAsync();
        });
        stage.Connect(async client =>
        {
            // Written at once, it rides on the handshake's third segment.
            await client.WriteAsync("request"u8.ToArray());
            await stage.Think();
            await client.CompleteWritesAsync();
            await Stage.ReadToEnd(client);
            await client.CloseAsync();
        });
        stage.RunUntilIdle();
    }
}
