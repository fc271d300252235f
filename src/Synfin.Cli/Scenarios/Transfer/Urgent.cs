using System.Text;
using Synfin.Sockets;
using Synfin.Stack;

namespace Synfin.Cli.Scenarios.Transfer;

/// <summary>RFC 9293 3.8.5 and RFC 6093: where the urgent pointer points, and the two ways to read what it marks.</summary>
internal sealed class Urgent : Scenario
{
    /// <inheritdoc/>
    public override string Name => "urgent";

    /// <inheritdoc/>
    public override string Question => "What is urgent data, and why do applications see it in two ways?";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Serve(async server =>
        {
            string read = await ReadText(server);
            await server.ReadAsync(Memory<byte>.Empty);
            stage.Note("b", $"{server.UrgentRemaining} octets to the mark");
            read += await ReadText(server);
            stage.Remarks.Add($"b keeps it in the stream and knows the mark (RFC 6093): it read \"{read}\".");
            await stage.Think();
            await server.WriteUrgentAsync("ok!"u8.ToArray());
            await Stage.ReadToEnd(server);
            await server.CloseAsync();
        });
        stage.Connect(
            async client =>
            {
                await stage.Think();
                await client.WriteAsync("work, "u8.ToArray());
                await stage.Delay(0.1);
                await client.WriteUrgentAsync("stop!"u8.ToArray());
                string read = await ReadText(client);
                string apart = client.ReadUrgent(out byte octet) ? $"'{(char)octet}' apart from it" : "nothing apart from it";
                stage.Remarks.Add($"a takes its last octet out of band, as BSD does: it read \"{read}\" from the stream, and {apart}.");
                await stage.Think();
                await client.CloseAsync();
            },
            new TcpConnectionOptions { UrgentInline = false });
        stage.RunUntilIdle();
        stage.Remarks.Add("On the wire SEQ + UP is the octet after the last urgent one (MUST-62).");
    }

    private static async Task<string> ReadText(TcpConnection connection)
    {
        byte[] buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, await connection.ReadAsync(buffer));
    }
}
