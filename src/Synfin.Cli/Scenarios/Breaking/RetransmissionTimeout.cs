using Synfin.Stack;

namespace Synfin.Cli.Scenarios.Breaking;

/// <summary>RFC 6298 5.5 and RFC 9293 3.8.3: each wait is twice the last one, R1 warns the application, R2 ends it.</summary>
internal sealed class RetransmissionTimeout : Scenario
{
    /// <inheritdoc/>
    public override string Name => "retransmission-timeout";

    /// <inheritdoc/>
    public override string Question => "Nothing gets through any more: when does TCP give up?";

    /// <summary>The least RTO that RFC 6298 allows, and an R2 of little more than RFC 9293's 100 s: so the ladder stays short.</summary>
    protected override StackOptions StackOptions => new() { Profile = TcpProfile.Rfc with { R2 = 6 } };

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Serve(async server => await Stage.ReadToEnd(server));
        stage.Connect(async client =>
        {
            client.SoftErrorReported += _ => stage.Note("a", "R1: the application is told");
            await stage.Delay(1);
            await client.WriteAsync("is anybody there?"u8.ToArray());
            await Stage.ReadToEnd(client);
        });
        stage.RunFor(0.5);
        stage.Link.Partition();
        stage.RunUntilIdle();
    }
}
