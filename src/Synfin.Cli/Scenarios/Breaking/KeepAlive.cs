using Synfin.Stack;

namespace Synfin.Cli.Scenarios.Breaking;

/// <summary>RFC 9293 3.8.4: a peer that is silent for two hours is asked, and given up if it never answers.</summary>
internal sealed class KeepAlive : Scenario
{
    /// <inheritdoc/>
    public override string Name => "keep-alive";

    /// <inheritdoc/>
    public override string Question => "Idle, and the peer has vanished: does anybody notice?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Serve(async server => await Stage.ReadToEnd(server));
        stage.Connect(
            async client => await Stage.ReadToEnd(client),
            new TcpConnectionOptions { KeepAlive = true, KeepAliveProbes = 5 });
        stage.RunFor(60);
        stage.Link.Partition();
        stage.RunUntilIdle();
        if (stage.B.Stack.ConnectionCount == 0) return;
        stage.Remarks.Add("b has not asked for keep-alive: it stays in ESTABLISHED until it sends something itself, which may be never.");
    }
}
