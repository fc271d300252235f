using Synfin.Sockets;
using Synfin.Tcp;
using Synfin.Testing.Traits;
using Synfin.Timers;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Runtime.Tests.EngineTests;

/// <summary>STATUS of all connections of a stack (RFC 9293 3.10.6).</summary>
public sealed class ConnectionListTests : EngineTest
{
    [Fact, Rfc(9293, "3.10.6")]
    public void It_follows_a_connection_through_its_life() => Hosts.Run(async () =>
    {
        Assert.Empty(Server.GetConnections());
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        TcpStatus ofClient = Assert.Single(Client.GetConnections());
        Assert.Equal((client.Tuple, TcpState.Established, false), (ofClient.Tuple, ofClient.State, ofClient.Passive));

        await client.WriteAsync("four"u8.ToArray());
        await client.CompleteWritesAsync();
        await Hosts.Wait(Duration.FromSeconds(1));
        TcpStatus ofServer = Assert.Single(Server.GetConnections());
        Assert.Equal((server.Tuple, TcpState.CloseWait, 4), (ofServer.Tuple, ofServer.State, ofServer.ReceiveQueue));
        Assert.Equal(server.Status(), ofServer);

        await ReadExactlyAsync(server, 4);
        Assert.Equal(4, ofServer.ReceiveQueue); // a copy
        server.Close();
        await Hosts.Wait(Duration.FromSeconds(1));
        Assert.Empty(Server.GetConnections());
        Assert.Empty(Client.GetConnections()); // TIME-WAIT
    });

    [Fact]
    public void It_has_those_that_nobody_has_accepted_and_those_that_their_application_has_left() => Hosts.Run(async () =>
    {
        using var listener = Server.Listen(Port);
        TcpConnection first = await Client.ConnectAsync(TwoHosts.AddressB, Port);
        TcpConnection second = await Client.ConnectAsync(TwoHosts.AddressB, Port);
        await Hosts.Wait(Duration.FromSeconds(1));
        Assert.Equal(
            new[] { first.Tuple.Reversed, second.Tuple.Reversed }.OrderBy(t => t.RemotePort),
            Server.GetConnections().Select(s => s.Tuple).OrderBy(t => t.RemotePort));

        first.Close();
        await Hosts.Wait(Duration.FromSeconds(1));
        Assert.Contains(Client.GetConnections(), s => s.Tuple == first.Tuple && s.State == TcpState.FinWait2);
    });

    [Fact]
    public void It_is_the_owners_to_ask() => Hosts.Run(() =>
    {
        TcpStack sockets = Client;
        Exception thrown = Assert.Throws<InvalidOperationException>(() => Elsewhere.Run(() => sockets.GetConnections()));
        Assert.IsType<InvalidOperationException>(thrown.InnerException);
        return Task.CompletedTask;
    });
}
