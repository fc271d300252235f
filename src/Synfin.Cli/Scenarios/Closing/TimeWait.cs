using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Cli.Scenarios.Closing;

/// <summary>
/// RFC 9293 3.6.1 and 3.4.1: what TIME-WAIT is for; RFC 1337, RFC 6191 and RFC 7323 5: what else guards the next connection.
/// </summary>
internal sealed class TimeWait : Scenario
{
    private const ushort LocalPort = 50_000;

    /// <inheritdoc/>
    public override string Name => "time-wait";

    /// <inheritdoc/>
    public override string Question => "What becomes of old segments in TIME-WAIT, and after it?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.LadderOptions = stage.LadderOptions with { Calls = false, IdleGap = Duration.FromSeconds(5) };
        // The network keeps two copies of b's first words. One comes out in TIME-WAIT, one in the next connection.
        stage.Network.AddRule("duplicate first data from b 2 times by 2s");
        Converse(stage, 0);
        stage.RunFor(3.2);
        stage.Note("", "the same ports again, 1 s later and more");
        Converse(stage, 1.5);
        stage.RunUntilIdle();
        long old = stage.A.Stack.Counters.Dropped[(int)DropReason.Paws];
        long resets = stage.A.Stack.Counters.Dropped[(int)DropReason.ResetInTimeWait];
        stage.Remarks.Add($"Old timestamps that a dropped (PAWS): {old}. RSTs that did not end TIME-WAIT: {resets}.");
    }

    private static void Converse(Stage stage, double pause)
    {
        stage.Serve(async server =>
        {
            await stage.Think();
            await server.WriteAsync("old"u8.ToArray());
            await Stage.ReadToEnd(server);
            await server.CloseAsync();
        });
        stage.Connect(
            async client =>
            {
                await client.ReadAsync(new byte[100]);
                await stage.Delay(pause);
                await stage.Think();
                await client.CloseAsync();
            },
            localPort: LocalPort);
    }
}
