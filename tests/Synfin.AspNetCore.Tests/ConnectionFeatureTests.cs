using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Synfin.AspNetCore.Tests.Support;
using Synfin.Simulation;
using Synfin.Stack;
using Synfin.Tcp;

namespace Synfin.AspNetCore.Tests;

/// <summary>The features of the connection abstractions, at both ends of a connection.</summary>
public sealed class ConnectionFeatureTests
{
    [Fact(Timeout = Site.Limit)]
    public async Task Both_ends_have_every_feature()
    {
        await using ConnectionPair pair = await ConnectionPair.Open();
        foreach (ConnectionContext end in new[] { pair.Client, pair.Server })
        {
            Assert.Equal(end.ConnectionId, end.Features.Get<IConnectionIdFeature>()!.ConnectionId);
            Assert.Same(end.Items, end.Features.Get<IConnectionItemsFeature>()!.Items);
            Assert.Equal(end.RemoteEndPoint, end.Features.Get<IConnectionEndPointFeature>()!.RemoteEndPoint);
            Assert.Equal(end.ConnectionClosed, end.Features.Get<IConnectionLifetimeFeature>()!.ConnectionClosed);
            Assert.Same(end.Transport, end.Features.Get<IConnectionTransportFeature>()!.Transport);
            Assert.Empty(end.Features.Get<IConnectionMetricsTagsFeature>()!.Tags);
            using IMemoryOwner<byte> memory = end.Features.Get<IMemoryPoolFeature>()!.MemoryPool.Rent(100);
            Assert.True(memory.Memory.Length >= 100);
            Assert.Equal(TcpState.Established, end.Features.Get<ISynfinConnectionFeature>()!.Connection.State);
        }
    }

    [Fact(Timeout = Site.Limit)]
    public async Task End_points_are_those_of_the_connection()
    {
        await using ConnectionPair pair = await ConnectionPair.Open();
        Assert.Equal(new IPEndPoint(IPAddress.Parse("10.0.0.2"), 80), pair.Server.LocalEndPoint);
        Assert.Equal(pair.Server.LocalEndPoint, pair.Client.RemoteEndPoint);
        Assert.Equal(IPAddress.Parse("10.0.0.1"), Assert.IsType<IPEndPoint>(pair.Server.RemoteEndPoint).Address);
        Assert.Equal(pair.Server.RemoteEndPoint, pair.Client.LocalEndPoint);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task An_id_is_never_used_again_even_if_the_port_is()
    {
        SimulationOptions onePort = new()
        {
            Mode = SimulationMode.Hosted,
            StackOptions = new StackOptions { FirstEphemeralPort = 40_000, LastEphemeralPort = 40_000 },
        };
        await using ConnectionPair pair = await ConnectionPair.Open(null, onePort);
        SynfinConnectionFactory factory = new(pair.Net["a"].Tcp);
        HashSet<string> ids = [pair.Client.ConnectionId, pair.Server.ConnectionId];
        HashSet<EndPoint?> ports = [pair.Client.LocalEndPoint];
        pair.Client.Abort();
        for (int i = 0; i < 20; i++)
        {
            ConnectionContext client = await factory.ConnectAsync(pair.Server.LocalEndPoint!);
            await using ConnectionContext server = (await pair.Listener.AcceptAsync())!;
            Assert.True(ids.Add(client.ConnectionId) && ids.Add(server.ConnectionId), "an id came twice");
            ports.Add(client.LocalEndPoint);
            client.Abort();
            await client.DisposeAsync();
        }
        Assert.Single(ports);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Features_can_be_replaced_as_middleware_does()
    {
        await using ConnectionPair pair = await ConnectionPair.Open();
        pair.Server.ConnectionId = "mine";
        pair.Server.Items["key"] = 1;
        Assert.Equal("mine", pair.Server.Features.Get<IConnectionIdFeature>()!.ConnectionId);
        Assert.Equal(1, pair.Server.Features.Get<IConnectionItemsFeature>()!.Items["key"]);
        pair.Server.Features.Set<IConnectionMetricsTagsFeature>(null);
        Assert.Null(pair.Server.Features.Get<IConnectionMetricsTagsFeature>());
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Who_asks_for_a_close_is_heard()
    {
        await using ConnectionPair pair = await ConnectionPair.Open();
        IConnectionLifetimeNotificationFeature notification = pair.Server.Features.Get<IConnectionLifetimeNotificationFeature>()!;
        Assert.False(notification.ConnectionClosedRequested.IsCancellationRequested);
        notification.RequestClose();
        Assert.True(notification.ConnectionClosedRequested.IsCancellationRequested);
        Assert.False(pair.Server.ConnectionClosed.IsCancellationRequested);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task The_close_reason_says_who_ended_it_and_how()
    {
        await using ConnectionPair pair = await ConnectionPair.Open();
        Synfin.Sockets.TcpConnection client = pair.Client.Features.Get<ISynfinConnectionFeature>()!.Connection;
        Synfin.Sockets.TcpConnection server = pair.Server.Features.Get<ISynfinConnectionFeature>()!.Connection;
        await pair.Client.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes("bye"));
        await pair.Client.Transport.Output.CompleteAsync();
        Assert.Equal("bye", await ConnectionPair.ReadToEnd(pair.Server.Transport.Input));
        await pair.Server.DisposeAsync();
        await server.WhenEnded();
        await client.WhenEnded();
        Assert.Equal((CloseReason.LocalClose, CloseReason.RemoteClose), (client.CloseReason, server.CloseReason));
    }
}
