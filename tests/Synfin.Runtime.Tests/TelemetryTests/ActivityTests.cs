using System.Diagnostics;
using Synfin.Stack;
using Synfin.Telemetry;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TwoHosts = Synfin.Runtime.Tests.EngineTests.TwoHosts;

namespace Synfin.Runtime.Tests.TelemetryTests;

/// <summary>One activity a connection, on each of its ends.</summary>
public sealed class ActivityTests : TelemetryTest
{
    [Fact]
    public void An_orderly_connection_tells_its_story() => Hosts.Run(async () =>
    {
        using var reader = new ActivityReader(Hub);
        await Hosts.Wait(Duration.FromSeconds(10));
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        await Hosts.Wait(Duration.FromSeconds(1));
        ValueTask closing = client.CloseAsync();
        Assert.Equal(0, await server.ReadAsync(new byte[1]));
        await server.CloseAsync();
        await closing;

        Activity active = reader[ActivityKind.Client];
        Assert.Equal("synfin.tcp.connection", active.OperationName);
        Assert.Equal("tcp 10.0.0.2:80", active.DisplayName);
        Assert.Equal(
            ["SYN transmit 0", "SYN receive 10", "ESTABLISHED 10", "FIN transmit 1015", "FIN receive 1025"], ActivityReader.Events(active));
        Assert.Equal(Epoch.UtcDateTime.AddSeconds(10), active.StartTimeUtc);
        Assert.Equal(1_025, active.Duration.TotalMilliseconds);
        Assert.Equal(ActivityStatusCode.Unset, active.Status);

        Activity passive = reader[ActivityKind.Server];
        Assert.Equal(
            ["SYN receive 0", "SYN transmit 0", "ESTABLISHED 10", "FIN receive 1015", "FIN transmit 1015"], ActivityReader.Events(passive));
        Assert.Equal(Epoch.UtcDateTime.AddSeconds(10.005), passive.StartTimeUtc);
        Assert.Equal(ActivityStatusCode.Unset, passive.Status);
    });

    [Fact]
    public void Tags_name_the_peer_and_the_server() => Hosts.Run(async () =>
    {
        using var reader = new ActivityReader(Hub);
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        client.Abort();
        await server.WhenEnded();

        Dictionary<string, object?> active = reader[ActivityKind.Client].TagObjects.ToDictionary();
        Assert.Equal("tcp", active["network.transport"]);
        Assert.Equal("ipv4", active["network.type"]);
        Assert.Equal(("10.0.0.2", 80), (active["network.peer.address"], active["network.peer.port"]));
        Assert.Equal(("10.0.0.2", 80), (active["server.address"], active["server.port"]));
        Dictionary<string, object?> passive = reader[ActivityKind.Server].TagObjects.ToDictionary();
        Assert.Equal("10.0.0.1", passive["network.peer.address"]);
        Assert.Equal((int)client.Tuple.LocalPort, passive["network.peer.port"]);
        Assert.Equal(("10.0.0.2", 80), (passive["server.address"], passive["server.port"]));
    });

    [Fact]
    public void A_reset_has_a_direction_and_is_an_error() => Hosts.Run(async () =>
    {
        using var reader = new ActivityReader(Hub);
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        client.Abort();
        await server.WhenEnded();

        Activity active = reader[ActivityKind.Client];
        Assert.Equal("RST transmit 15", ActivityReader.Events(active)[^1]);
        Assert.Equal((ActivityStatusCode.Error, "LocalAbort"), (active.Status, active.StatusDescription));
        Assert.Equal("aborted", active.GetTagItem("error.type"));
        Activity passive = reader[ActivityKind.Server];
        Assert.Equal("RST receive 15", ActivityReader.Events(passive)[^1]);
        Assert.Equal((ActivityStatusCode.Error, "RemoteReset"), (passive.Status, passive.StatusDescription));
        Assert.Equal("connection_reset", passive.GetTagItem("error.type"));
    });

    [Fact]
    public void A_refused_OPEN_ends_with_the_RST() => Hosts.Run(async () =>
    {
        using var reader = new ActivityReader(Hub);
        await SocketErrorAsync(() => Client.ConnectAsync(TwoHosts.AddressB, Port).AsTask());

        Activity active = Assert.Single(reader.Ended);
        Assert.Equal(["SYN transmit 0", "RST receive 10"], ActivityReader.Events(active));
        Assert.Equal("connection_refused", active.GetTagItem("error.type"));
        Assert.Equal("Refused", active.StatusDescription);
    });

    [Fact]
    public void However_often_a_SYN_is_sent_it_is_one_event() => Hosts.Run(async () =>
    {
        using var reader = new ActivityReader(Hub);
        Hosts.Loses = (_, _) => true;
        var options = new TcpConnectionOptions { UserTimeout = Duration.FromSeconds(20) };
        await SocketErrorAsync(() => Client.ConnectAsync(TwoHosts.AddressB, Port, options: options).AsTask());

        Activity active = Assert.Single(reader.Ended);
        Assert.True(Hosts.A.FramesSent > 2);
        Assert.Equal(["SYN transmit 0"], ActivityReader.Events(active));
        Assert.Equal("timeout", active.GetTagItem("error.type"));
    });

    [Fact]
    public void When_the_peer_falls_silent_the_end_is_a_timeout() => Hosts.Run(async () =>
    {
        using var reader = new ActivityReader(Hub);
        (TcpConnection client, _) = await ConnectAsync(new TcpConnectionOptions { UserTimeout = Duration.FromSeconds(20) });
        Hosts.Loses = (_, _) => true;
        await client.WriteAsync(new byte[10]);
        await IoErrorAsync(() => client.ReadAsync(new byte[1]).AsTask());

        Activity active = Assert.Single(reader.Ended);
        Assert.StartsWith("RST transmit", ActivityReader.Events(active)[^1], StringComparison.Ordinal);
        Assert.Equal("timeout", active.GetTagItem("error.type"));
        Assert.Equal("RetransmissionTimeout", active.StatusDescription);
    });

    [Fact]
    [Trait("Rfc", "5961 3")]
    public void A_RST_that_is_not_believed_is_no_event() => Hosts.Run(async () =>
    {
        using var reader = new ActivityReader(Hub);
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        Hosts.A.Engine.Input(ForgedReset(client.Tuple.Reversed), new ReceiveMetadata(ChecksumVerified: true, 1), Hosts.Now);
        Assert.Equal(1, Hosts.A.Engine.Counters.Dropped[(int)DropReason.OutsideWindow]);
        ValueTask closing = client.CloseAsync();
        server.Close();
        await closing;
        Assert.DoesNotContain(ActivityReader.Events(reader[ActivityKind.Client]), e => e.StartsWith("RST", StringComparison.Ordinal));
        Assert.Equal(ActivityStatusCode.Unset, reader[ActivityKind.Client].Status);
    });

    private static byte[] ForgedReset(FourTuple tuple)
    {
        byte[] packet = new byte[IpHeader.Ipv4Length + TcpHeader.MinimumLength];
        IpHeaderWriter.Write(packet, tuple.LocalAddress, tuple.RemoteAddress, IpProtocol.Tcp, TcpHeader.MinimumLength, 0, 64, flowLabel: 0);
        var options = default(TcpOptions);
        Span<byte> tcp = packet.AsSpan(IpHeader.Ipv4Length);
        TcpHeaderWriter.Write(tcp, tuple.LocalPort, tuple.RemotePort, default, default, TcpFlags.Rst, 0, 0, in options);
        return packet;
    }

    [Fact]
    public void A_client_belongs_to_what_its_application_does_and_a_server_to_nothing() => Hosts.Run(async () =>
    {
        using var reader = new ActivityReader(Hub);
        using Activity work = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        Assert.Same(work, Activity.Current);
        client.Abort();
        await server.WhenEnded();

        Assert.Same(work, Activity.Current);
        Assert.Equal(work.SpanId, reader[ActivityKind.Client].ParentSpanId);
        Assert.Equal(default, reader[ActivityKind.Server].ParentSpanId);
        Assert.NotEqual(work.TraceId, reader[ActivityKind.Server].TraceId);
    });
}
