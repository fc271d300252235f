using Synfin.Dhcp;
using Synfin.Dns;
using Synfin.Ip;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.Tests.Dhcp;

/// <summary>A stack gets its address, routes and DNS servers from a lease, and loses them with it (RFC 2131), in virtual time.</summary>
[Trait("Rfc", "2131 4.4")]
[Trait("Needs", "engine")]
public sealed class DhcpRunnerTests
{
    private const DhcpMessageType Discover = DhcpMessageType.Discover, Request = DhcpMessageType.Request;

    private static readonly InternetAddress _leased = InternetAddress.Parse("10.0.0.50");

    /// <summary>
    /// The client's host may get 10.0.0.50; until there is broadcast, it speaks from an address that it has for ever, 10.0.0.9.
    /// </summary>
    private static SimulatedNetwork Network(out ScriptedDhcp server, SimulationMode mode = SimulationMode.Strict)
    {
        SimulatedNetwork net = new(SimulationOptions.ForTests with { Mode = mode });
        SimulatedHost client = net.AddHost("c", null, InternetAddress.Parse("10.0.0.9"), _leased);
        SimulatedHost host = net.AddHost("s", null, InternetAddress.Parse("10.0.0.1"));
        net.Connect(client, host, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) });
        using (net.Gate.Enter("setting up")) client.Stack.RemoveAddress(_leased);
        server = new ScriptedDhcp(host);
        return net;
    }

    private static DhcpRunner Runner(SimulatedNetwork net, DhcpRunnerOptions? options = null) => new(
        net["c"].Tcp,
        new DhcpClientOptions { HardwareAddress = new byte[] { 2, 0, 0, 0, 0, 42 }, LeastRenewalInterval = Duration.FromSeconds(10) },
        (options ?? new DhcpRunnerOptions()) with { Transport = new ScriptedDhcp.Transport(net["c"].Tcp) },
        net.TimeProvider);

    private static string Routes(SimulatedNetwork net) =>
        string.Join(", ", net["c"].Stack.Routes.Routes.Select(r => $"{r.Destination} via {r.Gateway} from {r.Source} mtu {r.Mtu}"));

    [Fact]
    public void A_lease_gives_address_routes_and_servers_and_its_end_takes_them()
    {
        SimulatedNetwork net = Network(out ScriptedDhcp server);
        server.Extra = [.. server.Extra, 26, 2, 5, 0];
        DnsResolver resolver = new(net["c"].Tcp, new DnsOptions { Servers = [InternetAddress.Parse("10.9.9.9")] }, net.TimeProvider);
        DhcpRunner runner = Runner(net, new DhcpRunnerOptions { Resolver = resolver, Metric = 5 });
        List<DhcpLease?> told = [];
        runner.LeaseChanged += told.Add;
        using CancellationTokenSource stop = new();
        Task running = net["c"].Run(() => runner.RunAsync(stop.Token));
        DhcpLease lease = net.RunUntilComplete(net["c"].Run(() => runner.WhenBoundAsync().AsTask()));
        Assert.Equal(Timestamp.Zero + Duration.FromMilliseconds(40), net.Now);
        Assert.Equal(AddressPrefix.Parse("10.0.0.50/24"), lease.Address);
        Assert.Contains(_leased, net["c"].Stack.Addresses);
        Assert.Equal("10.0.0.0/24 via  from 10.0.0.50 mtu 1280, 0.0.0.0/0 via 10.0.0.1 from 10.0.0.50 mtu 1280", Routes(net));
        Assert.Equal(("10.0.0.2", "example"), (string.Join(' ', resolver.Options.Servers), string.Join(' ', resolver.Options.Search)));

        server.IsSilent = true;
        net.RunFor(Duration.FromSeconds(99));
        Assert.Contains(_leased, net["c"].Stack.Addresses);
        net.RunFor(Duration.FromSeconds(1));
        Assert.DoesNotContain(_leased, net["c"].Stack.Addresses);
        Assert.Equal(("", "10.9.9.9"), (Routes(net), string.Join(' ', resolver.Options.Servers)));
        Assert.Equal([lease, null], told);
        Assert.Equal(DhcpState.Selecting, runner.State);

        server.IsSilent = false;
        net.RunUntilComplete(net["c"].Run(() => runner.WhenBoundAsync().AsTask()));
        Assert.Contains(_leased, net["c"].Stack.Addresses);
        net.Start(() =>
        {
            stop.Cancel();
            return Task.CompletedTask;
        });
        net.RunUntilComplete(running);
        net.RunFor(Duration.FromSeconds(1));
        Assert.Equal((DhcpMessageType.Release, "10.0.0.50"), (server.Heard[^1].Type, server.Heard[^1].From));
        Assert.DoesNotContain(_leased, net["c"].Stack.Addresses);
        Assert.Equal((DhcpState.Stopped, 0), (runner.State, net["c"].Stack.UdpEndpointCount));
    }

    [Fact]
    public void A_lease_is_renewed_at_T1_from_its_own_address_for_ever()
    {
        SimulatedNetwork net = Network(out ScriptedDhcp server);
        DhcpRunner runner = Runner(net);
        int told = 0;
        runner.LeaseChanged += _ => told++;
        using CancellationTokenSource stop = new();
        _ = net["c"].Run(() => runner.RunAsync(stop.Token));
        net.RunFor(Duration.FromSeconds(1_000));
        Assert.Equal([(0.01, Discover, "10.0.0.9"), (0.03, Request, "10.0.0.9")], server.Heard.Take(2));
        Assert.Equal([(50.03, Request, "10.0.0.50"), (100.03, Request, "10.0.0.50")], server.Heard.Skip(2).Take(2));
        Assert.Equal((21, 20, 0), (server.Heard.Count, told, runner.SendFailures));
        Assert.Equal(2, net["c"].Stack.Routes.Routes.Count);
    }

    [Fact]
    public void A_refusal_takes_the_address_at_once()
    {
        SimulatedNetwork net = Network(out ScriptedDhcp server);
        DhcpRunner runner = Runner(net);
        _ = net["c"].Run(() => runner.RunAsync(CancellationToken.None));
        net.RunFor(Duration.FromSeconds(49));
        Assert.Contains(_leased, net["c"].Stack.Addresses);
        server.Refuses = true;
        net.RunFor(Duration.FromSeconds(2));
        Assert.DoesNotContain(_leased, net["c"].Stack.Addresses);
        Assert.Null(runner.Lease);
    }

    [Fact]
    [Trait("Rfc", "5227 2.1.1")]
    public void An_address_that_somebody_has_is_declined_and_never_taken()
    {
        SimulatedNetwork net = Network(out ScriptedDhcp server);
        int asked = 0;
        DhcpRunner runner = Runner(net, new DhcpRunnerOptions
        {
            IsTaken = (address, _) =>
            {
                Assert.Equal(_leased, address);
                Assert.DoesNotContain(_leased, net["c"].Stack.Addresses);
                return new(++asked == 1);
            },
        });
        _ = net["c"].Run(() => runner.RunAsync(CancellationToken.None));
        net.RunUntilComplete(net["c"].Run(() => runner.WhenBoundAsync().AsTask()));
        Assert.Equal([Discover, Request, DhcpMessageType.Decline, Discover, Request], server.Heard.Select(heard => heard.Type));
        Assert.Equal((2, 10.08), (asked, Math.Round(net.Now.Seconds, 2)));
    }

    [Fact]
    public void Who_waits_for_a_lease_may_give_up_and_a_crash_ends_the_runner()
    {
        SimulatedNetwork net = Network(out ScriptedDhcp server);
        server.IsSilent = true;
        DhcpRunner runner = Runner(net);
        Task running = net["c"].Run(() => runner.RunAsync(CancellationToken.None));
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(3), net.TimeProvider);
        Task waiting = net.Start(() => runner.WhenBoundAsync(patience.Token).AsTask());
        Assert.ThrowsAny<OperationCanceledException>(() => net.RunUntilComplete(waiting));
        Assert.Equal(Timestamp.Zero + Duration.FromSeconds(3), net.Now);
        net["c"].Crash();
        net.RunUntil(() => running.IsCompleted);
        Assert.True(running.IsFaulted);
    }

    [Fact]
    public async Task It_runs_on_the_thread_pool_too()
    {
        using SimulatedNetwork net = Network(out ScriptedDhcp server, SimulationMode.Hosted);
        DhcpRunner runner = Runner(net);
        await net.TestAsync(async () =>
        {
            using CancellationTokenSource stop = new();
            Task running = runner.RunAsync(stop.Token);
            DhcpLease lease = await runner.WhenBoundAsync();
            Assert.Equal(_leased, lease.Address.Address);
            await stop.CancelAsync();
            await running;
            Assert.Null(runner.Lease);
        });
        Assert.Contains(server.Heard, heard => heard.Type is Discover);
    }
}
