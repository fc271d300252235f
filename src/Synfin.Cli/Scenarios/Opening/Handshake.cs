using Synfin.Tcp;

namespace Synfin.Cli.Scenarios.Opening;

/// <summary>RFC 9293 Figure 6.</summary>
internal sealed class Handshake : Scenario
{
    /// <inheritdoc/>
    public override string Name => "handshake";

    /// <inheritdoc/>
    public override string Question => "Why three segments to open, and what does each side know after each?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.B.Observer = new StateNotes(stage, "b", new()
        {
            [TcpState.SynReceived] = "knows: a sends, b receives",
            [TcpState.Established] = "knows: both send and receive",
        });
        stage.A.Observer = new StateNotes(stage, "a", new() { [TcpState.Established] = "knows: both send and receive" });
        stage.Serve(_ => Task.CompletedTask);
        stage.Connect(_ => Task.CompletedTask);
        stage.RunUntilIdle();
        if (stage.A.Stack.ConnectionCount > 0 && stage.B.Stack.ConnectionCount > 0)
            stage.Remarks.Add("It stays open for as long as nobody closes it: TCP alone sends nothing more.");
    }
}
