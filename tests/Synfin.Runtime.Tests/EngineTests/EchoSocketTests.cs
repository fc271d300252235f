using System.Net;
using System.Net.Sockets;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Runtime.Tests.EngineTests;

/// <summary>"Ping" by sockets, and datagrams to all.</summary>
public sealed class EchoSocketTests : EngineTest
{
    private static readonly InternetAddress Nobody = InternetAddress.FromIpv4(10, 0, 0, 9);

    [Fact]
    public void Many_pings_may_be_under_way_and_each_gets_its_own_reply() => Hosts.Run(async () =>
    {
        await using EchoSocket socket = Client.OpenEcho(), other = Client.OpenEcho();
        Task<EchoResult>[] pings =
        [
            .. Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? socket : other).PingAsync(TwoHosts.AddressB, i * 300).AsTask()),
        ];
        EchoResult expected = new(IcmpKind.EchoReply, TwoHosts.AddressB, TimeSpan.FromMilliseconds(10), 64, 0);
        Assert.All(await Task.WhenAll(pings), result => Assert.Equal((expected, true), (result, result.IsReply)));
        EchoResult own = await socket.PingAsync(TwoHosts.AddressA);
        Assert.Equal(expected with { Source = TwoHosts.AddressA, RoundTripTime = TimeSpan.Zero }, own);
    });

    [Fact]
    public void An_error_is_a_result_and_no_exception() => Hosts.Run(async () =>
    {
        InternetAddress router = InternetAddress.FromIpv4(10, 0, 0, 7);
        Hosts.Loses = (host, frame) =>
        {
            if (host != Hosts.A || frame[8] != 1) return false;
            byte[] answer = new byte[200];
            int length = IcmpWriter.WriteUnreachable(answer.AsSpan(20), frame, IcmpKind.TimeExceeded, router);
            IpHeaderWriter.Write(answer, router, TwoHosts.AddressA, IpProtocol.Icmp, length, 0, 60, 0);
            Hosts.A.Engine.Input(answer.AsSpan(0, 20 + length), default, Hosts.Now + Duration.FromMilliseconds(3));
            return true;
        };
        await using EchoSocket socket = Client.OpenEcho();
        EchoResult result = await socket.PingAsync(TwoHosts.AddressB, timeToLive: 1);
        Assert.Equal((IcmpKind.TimeExceeded, router, 60, false), (result.Kind, result.Source, result.TimeToLive, result.IsReply));
        Assert.True((await socket.PingAsync(TwoHosts.AddressB, timeToLive: 2)).IsReply);
    });

    [Fact]
    public void Who_waits_for_ever_cancels_or_disposes() => Hosts.Run(async () =>
    {
        EchoSocket socket = Client.OpenEcho();
        using CancellationTokenSource source = new();
        Task<EchoResult> first = socket.PingAsync(Nobody, ct: source.Token).AsTask(), second = socket.PingAsync(Nobody).AsTask();
        await Hosts.Wait(Duration.FromSeconds(1));
        Assert.False(first.IsCompleted);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => socket.PingAsync(Nobody, ct: source.Token).AsTask());
        Assert.True((await socket.PingAsync(TwoHosts.AddressB)).IsReply);
        socket.Dispose();
        socket.Dispose();
        Assert.Equal(SocketError.OperationAborted, await SocketErrorAsync(() => second));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => socket.PingAsync(Nobody).AsTask());
        Assert.Equal((0, 0), (Hosts.A.Engine.EchoEndpointCount, Hosts.A.Engine.PagesInUse));
    });

    [Fact]
    public void Pings_that_cannot_be_sent_fail_at_once() => Hosts.Run(async () =>
    {
        await using EchoSocket socket = Client.OpenEcho();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => socket.PingAsync(Nobody, size: -1).AsTask());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => socket.PingAsync(Nobody, timeToLive: 0).AsTask());
        foreach (string text in (string[])["0.0.0.0", "255.255.255.255", "fd00::1"]) // none of our addresses reaches the last
        {
            InternetAddress address = InternetAddress.Parse(text);
            Assert.Equal(SocketError.AddressNotAvailable, await SocketErrorAsync(() => socket.PingAsync(address).AsTask()));
        }
        socket.DontFragment = true;
        SocketException tooLong = await Assert.ThrowsAsync<SocketException>(() => socket.PingAsync(Nobody, 1_473).AsTask());
        Assert.Equal(SocketError.MessageSize, tooLong.SocketErrorCode);
        Assert.Contains("1473 octets to 10.0.0.9, where 1472 fit", tooLong.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_socket_that_may_broadcast_reaches_everybody_on_the_link() => Hosts.Run(async () =>
    {
        UdpSocket server = Server.BindUdp(null, 67), client = Client.BindUdp(InternetAddress.AnyIpv4, 68);
        IPEndPoint all = new(IPAddress.Broadcast, 67);
        Assert.Equal(SocketError.AddressNotAvailable, await SocketErrorAsync(() => client.SendToAsync(new byte[1], all).AsTask()));
        client.EnableBroadcast = true;
        await client.SendToAsync(Pattern(3_000), all);
        byte[] buffer = new byte[4_000];
        UdpReceived received = await server.ReceiveFromAsync(buffer);
        Assert.Equal(new UdpReceived(3_000, new IPEndPoint(IPAddress.Parse("10.0.0.1"), 68), false), received);
        Assert.Equal(Pattern(3_000), buffer[..3_000]);
    });

    [Fact]
    public void A_stack_that_is_no_more_has_no_sockets()
    {
        MemoryNetwork network = new();
        EchoSocket socket = network.Client.OpenEcho();
        network.Dispose();
        Assert.Equal(SocketError.NetworkDown, SocketErrorOf(() => network.Client.OpenEcho()));
        Assert.Throws<ObjectDisposedException>(() => { _ = socket.PingAsync(Nobody).AsTask().GetAwaiter().GetResult(); });
    }
}
