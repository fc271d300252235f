namespace Synfin.Cli.Scenarios.Breaking;

/// <summary>RFC 9293 3.5.1 and figure 10: one end has lost its memory, and the other one learns of it when it speaks.</summary>
internal sealed class HalfOpen : Scenario
{
    /// <inheritdoc/>
    public override string Name => "half-open";

    /// <inheritdoc/>
    public override string Question => "One end crashes and forgets: how does the other one find out?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Serve(async server =>
        {
            int count = await server.ReadAsync(new byte[100]);
            await server.WriteAsync(new byte[count]);
            await Stage.ReadToEnd(server);
        });
        stage.Connect(async client =>
        {
            await stage.Think();
            await client.WriteAsync("are you there?"u8.ToArray());
            await client.ReadAsync(new byte[100]);
            await stage.Delay(10);
            await client.WriteAsync("and now?"u8.ToArray());
            await Stage.ReadToEnd(client);
        });
        stage.RunFor(3);
        stage.B.Crash();
        stage.RunFor(4);
        stage.B.Restart();
        stage.RunUntilIdle();
    }
}
