using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Synfin.AspNetCore.Tests.Support;
using Synfin.Simulation;

namespace Synfin.AspNetCore.Tests;

/// <summary>The listener factory, its listeners, and the connection factory.</summary>
public sealed class ListenerTests
{
    private static readonly IPEndPoint s_port80 = new(IPAddress.Any, 80);

    [Fact]
    public void Only_an_IP_end_point_can_be_bound()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        SynfinTransportFactory factory = ConnectionPair.Transport(net);
        Assert.True(factory.CanBind(s_port80));
        Assert.True(factory.CanBind(new IPEndPoint(IPAddress.IPv6Any, 0)));
        Assert.False(factory.CanBind(new UnixDomainSocketEndPoint("/tmp/x")));
        Assert.False(factory.CanBind(new FileHandleEndPoint(3, FileHandleType.Tcp)));
        Assert.False(factory.CanBind(new NamedPipeEndPoint("x")));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Another_kind_of_end_point_is_refused()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        NotSupportedException e = await Assert.ThrowsAsync<NotSupportedException>(
            async () => await ConnectionPair.Transport(net).BindAsync(new NamedPipeEndPoint("x")));
        Assert.Contains("NamedPipeEndPoint", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotSupportedException>(
            async () => await new SynfinConnectionFactory(net["a"].Tcp).ConnectAsync(new NamedPipeEndPoint("x")));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_port_in_use_is_said_to_be_so()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        SynfinTransportFactory factory = ConnectionPair.Transport(net);
        await using IConnectionListener first = await factory.BindAsync(s_port80);
        AddressInUseException e = await Assert.ThrowsAsync<AddressInUseException>(async () => await factory.BindAsync(s_port80));
        Assert.Contains("port 80", e.Message, StringComparison.Ordinal);
        await first.UnbindAsync();
        await using IConnectionListener second = await factory.BindAsync(s_port80);
        Assert.Equal(80, Assert.IsType<IPEndPoint>(second.EndPoint).Port);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task An_address_of_somebody_else_cannot_be_bound()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        SocketException e = await Assert.ThrowsAsync<SocketException>(
            async () => await ConnectionPair.Transport(net).BindAsync(new IPEndPoint(IPAddress.Parse("10.0.0.9"), 80)));
        Assert.Equal(SocketError.AddressNotAvailable, e.SocketErrorCode);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Port_0_gives_a_free_one()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        SynfinTransportFactory factory = ConnectionPair.Transport(net);
        await using IConnectionListener first = await factory.BindAsync(new IPEndPoint(IPAddress.Any, 0));
        await using IConnectionListener second = await factory.BindAsync(new IPEndPoint(IPAddress.Any, 0));
        int[] ports = [((IPEndPoint)first.EndPoint).Port, ((IPEndPoint)second.EndPoint).Port];
        Assert.DoesNotContain(0, ports);
        Assert.NotEqual(ports[0], ports[1]);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task After_unbind_accept_gives_null()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        IConnectionListener listener = await ConnectionPair.Transport(net).BindAsync(s_port80);
        ValueTask<ConnectionContext?> pending = listener.AcceptAsync();
        await listener.UnbindAsync();
        Assert.Null(await pending);
        Assert.Null(await listener.AcceptAsync());
        await listener.DisposeAsync();
        await listener.DisposeAsync();
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_cancelled_accept_takes_no_connection()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        await using IConnectionListener listener = await ConnectionPair.Transport(net).BindAsync(s_port80);
        using CancellationTokenSource cancel = new();
        ValueTask<ConnectionContext?> pending = listener.AcceptAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pending);
        await using ConnectionContext client = await new SynfinConnectionFactory(net["a"].Tcp).ConnectAsync(new DnsEndPoint("b", 80));
        await using ConnectionContext? server = await listener.AcceptAsync();
        Assert.Equal(client.LocalEndPoint, server!.RemoteEndPoint);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Connecting_to_a_port_without_a_listener_is_refused()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        SocketException e = await Assert.ThrowsAsync<SocketException>(
            async () => await new SynfinConnectionFactory(net["a"].Tcp).ConnectAsync(new DnsEndPoint("b", 81)));
        Assert.Equal(SocketError.ConnectionRefused, e.SocketErrorCode);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_cancelled_connect_is_cancelled()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        net.Links[0].Partition();
        using CancellationTokenSource cancel = new(TimeSpan.FromSeconds(2), net.TimeProvider);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await new SynfinConnectionFactory(net["a"].Tcp).ConnectAsync(new DnsEndPoint("b", 80), cancel.Token));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task IPv6_works_and_IPv4_is_not_mapped()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        await using IConnectionListener listener = await ConnectionPair.Transport(net).BindAsync(new IPEndPoint(IPAddress.IPv6Any, 80));
        SynfinConnectionFactory factory = new(net["a"].Tcp);
        foreach (string address in new[] { "fd00::2", "10.0.0.2" })
        {
            await using ConnectionContext client = await factory.ConnectAsync(new IPEndPoint(IPAddress.Parse(address), 80));
            await using ConnectionContext? server = await listener.AcceptAsync();
            Assert.Equal(address, ((IPEndPoint)server!.LocalEndPoint!).Address.ToString());
            Assert.Equal(client.LocalEndPoint, server.RemoteEndPoint);
        }
    }

    [Fact]
    public void A_stack_in_strict_mode_is_refused_with_advice()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts();
        Action[] uses =
        [
            () => ConnectionPair.Transport(net),
            () => _ = new SynfinConnectionFactory(net["b"].Tcp),
            () => WebApplication.CreateSlimBuilder().WebHost.UseSynfin(net["b"].Tcp),
        ];
        foreach (Action use in uses)
            Assert.Contains("SimulationMode.Hosted", Assert.Throws<InvalidOperationException>(use).Message, StringComparison.Ordinal);
    }
}
