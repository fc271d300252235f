using System.Globalization;
using Synfin.Simulation;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Cli.Scenarios.Opening;

/// <summary>RFC 4987: SYNs from addresses that do not exist, and how little they cost.</summary>
internal sealed class SynFlood : Scenario
{
    private const int Flood = 1_000;
    private const int Backlog = 16;

    /// <inheritdoc/>
    public override string Name => "syn-flood";

    /// <inheritdoc/>
    public override string Question => "Does an honest client get in while forged SYNs flood the server?";

    /// <inheritdoc/>
    protected override string CapturedAt => "b";

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        stage.Run(stage.B, async () =>
        {
            using TcpListener listener = stage.B.Tcp.Listen(null, Stage.Port, Backlog);
            TcpConnection server = await listener.AcceptAsync();
            byte[] buffer = new byte[100];
            int count = await server.ReadAsync(buffer);
            await server.WriteAsync(buffer.AsMemory(0, count));
            await Stage.ReadToEnd(server);
            await server.CloseAsync();
            await stage.Delay(90); // the listener stays open, until each forged connection has timed out
        });
        stage.RunFor(0.001);
        for (int i = 0; i < Flood; i++)
            stage.Network.Inject("nobody", stage.B, Forged(stage, i), stage.Network.Now + Duration.FromMicroseconds(10 * i));
        stage.RunFor(0.02);
        NetworkStack b = stage.B.Stack;
        Counters counters = b.Counters;
        string flood = Flood.ToString("N0", CultureInfo.InvariantCulture);
        stage.Remarks.Add($"{flood} forged SYNs came before, from addresses that do not exist. "
            + $"b remembers {b.SynQueueCount} of them and never more, for its backlog is {Backlog}; "
            + $"{counters.SynCookiesSent} were answered with a cookie and forgotten. "
            + $"Connections: {b.ConnectionCount}, buffers: {b.PagesInUse}.");
        stage.Note("b", $"SYN queue: {b.SynQueueCount} of {Backlog}");
        stage.Connect(async client =>
        {
            await stage.Think();
            await client.WriteAsync("honest"u8.ToArray());
            await client.ReadAsync(new byte[100]);
            await stage.Think();
            await client.CloseAsync();
        });
        stage.RunUntilIdle();
        stage.Remarks.Add(
            $"Cookies sent in all: {counters.SynCookiesSent}; came back in an ACK, and made a connection: {counters.SynCookiesAccepted}.");
        stage.Remarks.Add($"Half-open connections that b remembers when all have timed out: {b.SynQueueCount}.");
    }

    /// <summary>A SYN from 198.18.0.0/15, each from an address of its own.</summary>
    private static byte[] Forged(Stage stage, int number)
    {
        var options = new TcpOptions();
        options.SetMaximumSegmentSize(1460);
        return new RawSegment
        {
            Source = InternetAddress.FromIpv4(0xC612_0000 + (uint)number + 1),
            SourcePort = (ushort)(1024 + number),
            Destination = stage.B.Address,
            DestinationPort = Stage.Port,
            Seq = new SequenceNumber((uint)number * 1_000_003),
            Flags = TcpFlags.Syn,
            Options = options,
        }.Build();
    }
}
