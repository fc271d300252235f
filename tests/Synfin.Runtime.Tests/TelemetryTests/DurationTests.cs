using System.Net.Sockets;
using Synfin.Stack;
using Synfin.Telemetry;
using Synfin.Timers;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TwoHosts = Synfin.Runtime.Tests.EngineTests.TwoHosts;

namespace Synfin.Runtime.Tests.TelemetryTests;

/// <summary>The two histograms, in the stacks' own time.</summary>
public sealed class DurationTests : TelemetryTest
{
    private const string Usual = "network.transport=tcp network.type=ipv4 server.address=10.0.0.2 server.port=80";

    [Fact]
    public void An_orderly_connection_has_no_error() => Hosts.Run(async () =>
    {
        using var meter = new MeterReader(Hub, durations: true);
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        await Hosts.Wait(Duration.FromSeconds(2));
        ValueTask closing = client.CloseAsync();
        Assert.Equal(0, await server.ReadAsync(new byte[1]));
        await server.CloseAsync();
        await closing;

        // The client is established 5 ms earlier and, after 2 s, hears of the end in 10 ms; its ACK reaches the server 5 ms later.
        Assert.Equal(
            [
                $"handshake.duration {Usual} 0.010000",
                $"handshake.duration {Usual} 0.010000",
                $"connection.duration {Usual} 2.015000",
                $"connection.duration {Usual} 2.015000",
            ],
            meter.Durations);
    });

    [Fact]
    public void A_reset_is_told_from_an_abort() => Hosts.Run(async () =>
    {
        using var meter = new MeterReader(Hub, durations: true);
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        await Hosts.Wait(Duration.FromSeconds(1));
        client.Abort();
        await server.WhenEnded();

        Assert.Equal(
            [
                $"connection.duration error.type=aborted {Usual} 1.005000",
                $"connection.duration error.type=connection_reset {Usual} 1.005000",
            ],
            meter.Durations.Skip(2));
    });

    [Fact]
    public void A_refused_OPEN_is_a_failed_handshake() => Hosts.Run(async () =>
    {
        using var meter = new MeterReader(Hub, durations: true);
        await SocketErrorAsync(() => Client.ConnectAsync(TwoHosts.AddressB, Port).AsTask());
        Assert.Equal([$"handshake.duration error.type=connection_refused {Usual} 0.010000"], meter.Durations);
    });

    [Fact]
    public void An_OPEN_without_an_answer_times_out() => Hosts.Run(async () =>
    {
        using var meter = new MeterReader(Hub, durations: true);
        Hosts.Loses = (_, _) => true;
        Timestamp start = Hosts.Now;
        var options = new TcpConnectionOptions { UserTimeout = Duration.FromSeconds(20) };
        Task connect = Client.ConnectAsync(TwoHosts.AddressB, Port, options: options).AsTask();
        Assert.Equal(SocketError.TimedOut, await SocketErrorAsync(() => connect));
        double seconds = (Hosts.Now - start).Seconds;
        Assert.Equal(
            [FormattableString.Invariant($"handshake.duration error.type=timeout {Usual} {seconds:0.000000}")], meter.Durations);
    });

    [Fact]
    public void An_OPEN_that_its_application_gives_up_is_aborted() => Hosts.Run(async () =>
    {
        using var meter = new MeterReader(Hub, durations: true);
        Hosts.Loses = (_, _) => true;
        TcpConnection client = Client.BeginConnect(TwoHosts.AddressB, Port);
        await Hosts.Wait(Duration.FromMilliseconds(100));
        client.Abort();
        Assert.Equal([$"handshake.duration error.type=aborted {Usual} 0.100000"], meter.Durations);
    });

    [Fact]
    public void A_half_open_connection_that_never_opens_is_none() => Hosts.Run(async () =>
    {
        Hosts.Loses = (host, _) => host == Hosts.B;
        Server.Listen(null, Port);
        TcpConnection client = Client.BeginConnect(TwoHosts.AddressB, Port);
        using var meter = new MeterReader(Hub, durations: true);
        await Hosts.Wait(Duration.FromMilliseconds(50));
        client.Abort();
        await Hosts.Wait(Duration.FromSeconds(300));
        Assert.Equal([], meter.Durations);
    });

    [Fact]
    public void The_observer_comes_with_a_listener_and_leaves_after_it() => Hosts.Run(async () =>
    {
        Synfin.Sockets.TcpListener listener = Server.Listen(null, Port);
        using (var meter = new MeterReader(Hub, durations: true))
        {
            AssertNobodyWatches(); // nothing has opened yet
            TcpConnection client = await Client.ConnectAsync(TwoHosts.AddressB, Port);
            TcpConnection server = await listener.AcceptAsync();
            Assert.IsType<StackTelemetry>(Hosts.A.Engine.Observer);
            Assert.IsType<StackTelemetry>(Hosts.B.Engine.Observer);
            meter.Dispose();
            client.Abort();
            await server.WhenEnded();
        }
        AssertNobodyWatches();
    });

    [Fact]
    public void A_listener_that_comes_late_hears_of_the_next_connection_alone() => Hosts.Run(async () =>
    {
        (TcpConnection first, TcpConnection server) = await ConnectAsync();
        using var meter = new MeterReader(Hub, durations: true);
        first.Abort();
        await server.WhenEnded();
        Assert.Equal([], meter.Durations);
        await Client.ConnectAsync(TwoHosts.AddressB, Port);
        Assert.Equal([$"handshake.duration {Usual} 0.010000"], meter.Durations);
    });

    [Fact]
    public void The_observer_that_was_there_stays_and_sees_on() => Hosts.Run(async () =>
    {
        var own = new CountingObserver();
        Hosts.A.Engine.Observer = own;
        using (var meter = new MeterReader(Hub, durations: true))
        {
            (TcpConnection client, _) = await ConnectAsync();
            Assert.IsType<CompositeObserver>(Hosts.A.Engine.Observer);
            Assert.Equal(2, own.Changes);
            meter.Dispose();
            client.Abort();
        }
        Assert.Equal(3, own.Changes);
        Assert.Same(own, Hosts.A.Engine.Observer);
    });

    private sealed class CountingObserver : ITcpObserver
    {
        public int Changes { get; private set; }

        public void SegmentSent(in SegmentEvent e)
        {
        }

        public void SegmentReceived(in SegmentEvent e)
        {
        }

        public void SegmentDropped(in SegmentEvent e, DropReason reason)
        {
        }

        public void StateChanged(in StateEvent e) => Changes++;

        public void TimerFired(in TimerEvent e)
        {
        }

        public void UserCalled(in UserCallEvent e)
        {
        }
    }
}
