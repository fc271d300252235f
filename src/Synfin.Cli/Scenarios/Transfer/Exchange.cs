using System.Text;

namespace Synfin.Cli.Scenarios.Transfer;

/// <summary>The whole life of a connection.</summary>
internal sealed class Exchange : Scenario
{
    /// <inheritdoc/>
    public override string Name => "exchange";

    /// <inheritdoc/>
    public override string Question => "What does a whole connection look like: open, data both ways, close?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Serve(async server =>
        {
            byte[] buffer = new byte[1000];
            int count = await server.ReadAsync(buffer);
            await server.WriteAsync(Encoding.ASCII.GetBytes("pong, " + Encoding.ASCII.GetString(buffer, 0, count)));
            await Stage.ReadToEnd(server);
            await stage.Think();
            await server.CloseAsync();
        });
        stage.Connect(async client =>
        {
            await stage.Think();
            await client.WriteAsync("ping"u8.ToArray());
            await client.ReadAsync(new byte[1000]);
            await stage.Think();
            await client.CloseAsync();
        });
        stage.RunUntilIdle();
    }
}
