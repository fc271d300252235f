namespace Synfin.Cli.Scenarios.Opening;

/// <summary>A SYN outlives its connection in the network (RFC 9293 3.5, the reason for three segments; Figure 8 is its relative).</summary>
internal sealed class StaleSyn : Scenario
{
    /// <inheritdoc/>
    public override string Name => "stale-syn";

    /// <inheritdoc/>
    public override string Question => "Why three segments: what if an old SYN comes out of the network?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Network.AddRule("delay first SYN from a by 70s");
        Serve(stage);
        Connect(stage);
        stage.RunFor(80);
        Connect(stage);
        stage.RunUntilIdle();
    }

    private static void Serve(Stage stage) => stage.Run(stage.B, async () =>
    {
        using Sockets.TcpListener listener = stage.B.Tcp.Listen(null, Stage.Port);
        while (true)
        {
            Sockets.TcpConnection connection = await listener.AcceptAsync();
            await Stage.ReadToEnd(connection);
            await connection.CloseAsync();
        }
    });

    private static void Connect(Stage stage) => stage.Connect(async client =>
    {
        await stage.Think();
        await client.CloseAsync();
    });
}
