using System.Runtime.CompilerServices;
using Synfin.Stack;
using Synfin.Telemetry;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TwoHosts = Synfin.Runtime.Tests.EngineTests.TwoHosts;

namespace Synfin.Runtime.Tests.TelemetryTests;

/// <summary>The instruments that stand on the engine's counters.</summary>
public sealed class CounterInstrumentTests : TelemetryTest
{
    [Fact]
    public void An_exchange_is_counted_segment_by_segment() => Hosts.Run(async () =>
    {
        using var meter = new MeterReader(Hub, durations: false);
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        Assert.Equal(["established 2", "listen 1"], meter.States());
        await client.WriteAsync(Pattern(1_000));
        await ReadExactlyAsync(server, 1_000);
        await server.WriteAsync(Pattern(10));
        await ReadExactlyAsync(client, 10);
        ValueTask closing = client.CloseAsync();
        Assert.Equal(0, await server.ReadAsync(new byte[1]));
        await server.CloseAsync();
        await closing;
        await Hosts.Wait(Duration.FromSeconds(1));

        Assert.Equal(1_010, meter["bytes network.io.direction=transmit"]);
        Assert.Equal(1_010, meter["bytes network.io.direction=receive"]);
        int frames = Hosts.A.FramesSent + Hosts.B.FramesSent;
        Assert.Equal(frames, meter["segments network.io.direction=transmit"]);
        Assert.Equal(frames, meter["segments network.io.direction=receive"]);
        Assert.Equal(0, meter["retransmissions"]);
        Assert.Equal(0, meter["resets network.io.direction=transmit"]);
        Assert.Equal(["listen 1", "time_wait 1"], meter.States());
        await Hosts.Wait(Duration.FromSeconds(300));
        Assert.Equal(["listen 1"], meter.States());
    });

    [Fact]
    public void A_lost_segment_is_sent_and_counted_again() => Hosts.Run(async () =>
    {
        using var meter = new MeterReader(Hub, durations: false);
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        bool lost = false;
        Hosts.Loses = (_, frame) => frame.Length > 500 && !lost && (lost = true);
        await client.WriteAsync(Pattern(1_000));
        await ReadExactlyAsync(server, 1_000);

        Assert.True(lost);
        Assert.Equal(1, meter["retransmissions"]);
        Assert.Equal(2_000, meter["bytes network.io.direction=transmit"]);
        Assert.Equal(1_000, meter["bytes network.io.direction=receive"]);
        Assert.Equal(meter["segments network.io.direction=transmit"] - 1, meter["segments network.io.direction=receive"]);
    });

    [Fact]
    public void A_reset_counts_on_both_sides() => Hosts.Run(async () =>
    {
        using var meter = new MeterReader(Hub, durations: false);
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        client.Abort();
        await server.WhenEnded();

        Assert.Equal(1, meter["resets network.io.direction=transmit"]);
        Assert.Equal(1, meter["resets network.io.direction=receive"]);
        Assert.Equal(["listen 1"], meter.States());
    });

    [Fact]
    public void Half_open_connections_are_in_SYN_RECEIVED() => Hosts.Run(async () =>
    {
        using var meter = new MeterReader(Hub, durations: false);
        Hosts.Loses = (host, _) => host == Hosts.B;
        Server.Listen(null, Port);
        TcpConnection client = Client.BeginConnect(TwoHosts.AddressB, Port);
        await Hosts.Wait(Duration.FromMilliseconds(20));
        Assert.Equal(["listen 1", "syn_received 1", "syn_sent 1"], meter.States());
        client.Abort();
        await Hosts.Wait(Duration.FromSeconds(300));
        Assert.Equal(["listen 1"], meter.States());
        Assert.True(meter["retransmissions"] > 0);
    });

    [Fact]
    public void Counters_alone_need_no_observer() => Hosts.Run(async () =>
    {
        using var meter = new MeterReader(Hub, durations: false);
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        await client.WriteAsync(Pattern(1_000));
        await ReadExactlyAsync(server, 1_000);
        Assert.Equal(1_000, meter["bytes network.io.direction=receive"]);
        AssertNobodyWatches();
    });

    [Fact]
    public void A_stack_that_is_gone_leaves_the_gauge_and_stays_in_the_sums()
    {
        using var hub = new TelemetryHub();
        using var meter = new MeterReader(hub, durations: false);
        WeakReference stack = WatchOne(hub);
        for (int i = 0; i < 10 && stack.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(stack.IsAlive, "telemetry holds a stack that nobody uses");
        Assert.Equal([], meter.States());
        Assert.Equal(7, meter["segments network.io.direction=transmit"]);
    }

    [Fact]
    public void Many_stacks_that_are_gone_leave_nothing_behind()
    {
        using var hub = new TelemetryHub();
        using var meter = new MeterReader(hub, durations: false);
        for (int i = 0; i < 100; i++) WatchOne(hub);
        GC.Collect();
        for (int i = 0; i < 100; i++) WatchOne(hub);
        Assert.Equal(1_400, meter["segments network.io.direction=transmit"]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference WatchOne(TelemetryHub hub)
    {
        var stack = new NetworkStack(new StackOptions(), new StackSecret(1, 2), Timestamp.Zero);
        hub.Watch(stack);
        hub.Watch(stack);
        stack.Counters.SegmentsSent = 7;
        stack.Listen(InternetAddress.AnyIpv4, Port, 1, null, Timestamp.Zero, out _);
        return new WeakReference(stack);
    }
}
