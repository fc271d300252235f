using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>A host that speaks to itself: nothing of it is seen on the link.</summary>
public sealed class LoopbackTests
{
    private static readonly InternetAddress Loopback = InternetAddress.Parse("127.0.0.1");

    private static void Settle(NetworkStack stack, Timestamp now)
    {
        var link = new RecordingLink();
        do
        {
            stack.OnTime(now);
            Assert.True(stack.Output(link, now));
            stack.CheckInvariants();
        }
        while (stack.HasOutput || stack.NextDeadline <= now);
        Assert.Empty(link.Packets);
    }

    private static (TcpConnection Client, TcpConnection Server) Open(NetworkStack stack, TcpListener listener, InternetAddress to)
    {
        Assert.Equal(TcpError.None, stack.Connect(to, listener.LocalPort, null, 0, null, Timestamp.Zero, out TcpConnection? client));
        Settle(stack, Timestamp.Zero);
        Assert.Equal(TcpError.None, listener.Accept(Timestamp.Zero, out TcpConnection? server));
        Assert.Equal((TcpState.Established, TcpState.Established), (client!.State, server!.State));
        return (client, server);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3")]
    [InlineData("::1")]
    [InlineData("192.168.0.1")]
    [InlineData("2001:db8::1")]
    public void A_bulk_transfer_to_ourselves_arrives_whole_and_leaves_nothing(string address)
    {
        NetworkStack stack = ListenTests.Host(Given.Us, Given.UsIpv6);
        TcpListener listener = ListenTests.Listen(stack, InternetAddress.AnyIpv6, 80);
        (TcpConnection client, TcpConnection server) = Open(stack, listener, InternetAddress.Parse(address));
        Transfer(stack, client, server, 3_000_000, Timestamp.Zero);

        client.Close(Timestamp.Zero);
        Settle(stack, Timestamp.Zero);
        Assert.Equal(TcpState.CloseWait, server.State);
        server.Close(Timestamp.Zero);
        Settle(stack, Timestamp.Zero);
        Assert.Equal((TcpState.TimeWait, TcpState.Closed), (client.State, server.State));
        Settle(stack, Timestamp.Zero + Duration.FromSeconds(60));
        Assert.Equal((0, 0, 0), (stack.TimeWaitCount, stack.ConnectionCount, stack.PagesInUse));
    }

    [Fact]
    [Trait("Rfc9293", "MUST-67")]
    public void The_segments_to_ourselves_are_as_large_as_IP_allows()
    {
        NetworkStack stack = ListenTests.Host(Given.Us);
        TcpListener listener = ListenTests.Listen(stack, InternetAddress.AnyIpv6, 80);
        Assert.Equal(65_495 - 12, Open(stack, listener, Loopback).Client.Status().SendMss);
        Assert.Equal(65_475 - 12, Open(stack, listener, InternetAddress.Parse("::1")).Client.Status().SendMss);
    }

    [Fact]
    public void Nobody_listening_is_refused()
    {
        NetworkStack stack = ListenTests.Host(Given.Us);
        Assert.Equal(TcpError.None, stack.Connect(Loopback, 81, null, 0, null, Timestamp.Zero, out TcpConnection? client));
        Settle(stack, Timestamp.Zero);
        Assert.Equal((TcpState.Closed, CloseReason.Refused), (client!.State, client.CloseReason));
    }

    [Fact]
    public void A_full_loopback_queue_loses_nothing_and_keeps_the_order()
    {
        NetworkStack stack = ListenTests.Host(new StackOptions { MaxLoopbackPackets = 2 }, Given.Us);
        TcpListener listener = ListenTests.Listen(stack, InternetAddress.AnyIpv4, 80);
        var pairs = new List<(TcpConnection Client, TcpConnection Server)>();
        for (int i = 0; i < 5; i++) pairs.Add(Open(stack, listener, Loopback));
        foreach ((TcpConnection client, _) in pairs) client.Send(new byte[300_000], Timestamp.Zero, out _);
        for (int ms = 0; ms <= 500; ms++) Settle(stack, Timestamp.Zero + Duration.FromMilliseconds(ms)); // ACKs may be delayed
        foreach ((TcpConnection client, TcpConnection server) in pairs)
        {
            Assert.Equal(300_000, server.Readable);
            Assert.Equal((0, CongestionState.Open), (client.Status().LostSegments, client.Status().CongestionState));
        }
        Assert.Equal((0, 0), (stack.Counters.FastRecoveries, stack.Counters.RetransmissionTimeouts)); // probes while ACKs are delayed apart
    }

    [Fact]
    public void A_full_loopback_queue_does_not_hold_up_the_link()
    {
        NetworkStack stack = ListenTests.Host(new StackOptions { MaxLoopbackPackets = 1 }, Given.Us);
        for (int i = 0; i < 3; i++) stack.Connect(Loopback, 81, null, 0, null, Timestamp.Zero, out _);
        stack.Connect(Given.Peer, 80, null, 0, null, Timestamp.Zero, out _);
        var link = new RecordingLink();
        Assert.True(stack.Output(link, Timestamp.Zero));
        Assert.Equal(Given.Peer, Packets.Ip(Assert.Single(link.Packets)).Destination);
        Assert.True(stack.HasOutput); // two SYNs to ourselves wait for the next turn
        Settle(stack, Timestamp.Zero);
        Assert.Equal(1, stack.ConnectionCount);
    }

    private static void Transfer(NetworkStack stack, TcpConnection from, TcpConnection to, int octets, Timestamp now)
    {
        byte[] data = new byte[octets];
        for (int i = 0; i < octets; i++) data[i] = (byte)(i * 31 + (i >> 8));
        byte[] got = new byte[octets];
        int written = 0, read = 0;
        for (int turn = 0; turn < 10_000 && read < octets; turn++)
        {
            from.Send(data.AsSpan(written), now, out int sent);
            written += sent;
            Settle(stack, now);
            to.Receive(got.AsSpan(read), now, out int received);
            read += received;
        }
        Assert.Equal(octets, read);
        Assert.Equal(data, got);
    }
}
