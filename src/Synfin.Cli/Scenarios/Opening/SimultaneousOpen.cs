using Synfin.Sockets;

namespace Synfin.Cli.Scenarios.Opening;

/// <summary>RFC 9293 Figure 7: nobody listens, both connect to the port that the other one connects from.</summary>
internal sealed class SimultaneousOpen : Scenario
{
    private const ushort PortOfA = 5000;
    private const ushort PortOfB = 6000;

    /// <inheritdoc/>
    public override string Name => "simultaneous-open";

    /// <inheritdoc/>
    public override string Question => "What if both connect to each other at once?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Run(stage.A, async () =>
        {
            TcpConnection connection = await stage.A.Tcp.ConnectAsync(stage.B.Address, PortOfB, localPort: PortOfA);
            await stage.Delay(0.05);
            await connection.CloseAsync();
        });
        stage.Run(stage.B, async () =>
        {
            TcpConnection connection = await stage.B.Tcp.ConnectAsync(stage.A.Address, PortOfA, localPort: PortOfB);
            await Stage.ReadToEnd(connection);
            await connection.CloseAsync();
        });
        stage.RunUntilIdle();
    }
}
