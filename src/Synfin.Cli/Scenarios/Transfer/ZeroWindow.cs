using Synfin.Stack;

namespace Synfin.Cli.Scenarios.Transfer;

/// <summary>RFC 9293 3.8.6: the receiver's window stops the sender, and probes keep a lost update from stopping it for ever.</summary>
internal sealed class ZeroWindow : Scenario
{
    private const int Octets = 4_000;
    private const int TimestampsOption = 12;

    /// <inheritdoc/>
    public override string Name => "zero-window";

    /// <inheritdoc/>
    public override string Question => "What stops the sender if nobody reads, and what restarts it?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Serve(
            async server =>
            {
                await stage.Delay(2);
                await Stage.ReadToEnd(server);
                await server.CloseAsync();
            },
            new TcpConnectionOptions { ReceiveBuffer = 2_000 });
        stage.Connect(
            async client =>
            {
                await stage.Think();
                await client.WriteAsync(new byte[Octets]);
                await client.WhenDrained();
                await stage.Think();
                await client.CloseAsync();
            },
            new TcpConnectionOptions { MaximumSegmentSize = 1_000 + TimestampsOption });
        stage.RunUntilIdle();
    }
}
