using System.Text;
using Synfin.Sockets;
using Xunit;

namespace Synfin.Cli.Tests.Commands;

/// <summary><c>synfin connect</c>, with the habits of ncat (RFC 9293 3.6 for half-closed connections).</summary>
public sealed class ConnectCommandTests
{
    private const string Here = "--tun t0 --address 10.0.0.2/24";
    private const int Seed = 20_250_501;

    [Fact]
    public async Task Octets_go_both_ways_as_they_are_and_half_closes_end_them()
    {
        await using CommandWorld world = new();
        using TcpListener listener = world.Client.Listen(7000);
        byte[] there = new byte[1_000_003], back = new byte[777_777];
        new Random(Seed).NextBytes(there);
        new Random(Seed + 1).NextBytes(back);
        RunningCommand connect = world.Start($"connect client 7000 -v {Here}", new MemoryStream(there));

        TcpConnection peer = await listener.Accept();
        Assert.Equal(there, await peer.ReadToEnd());
        await peer.Say(back);
        await peer.End();

        Assert.Equal(0, await connect.ExitCode);
        Assert.Equal(back, connect.Octets);
        await connect.Says($"777777 octets received, 1000003 sent; both sides closed in order, this one first");
    }

    [Fact]
    public async Task The_peers_end_does_not_end_the_input()
    {
        await using CommandWorld world = new();
        using TcpListener listener = world.Client.Listen(7000);
        OpenInput input = new();
        RunningCommand connect = world.Start($"connect 10.0.0.1 7000 {Here}", input.Stream);
        TcpConnection peer = await listener.Accept();
        await peer.Say("all that I say");
        await peer.CompleteWritesAsync().InTime();
        await input.Type("still here");
        Assert.Equal("still here", await peer.Hear(10));
        Assert.False(connect.ExitCode.IsCompleted);
        input.End();
        Assert.Equal("", await peer.HearOut());
        Assert.Equal(0, await connect.ExitCode);
        Assert.Equal("all that I say", Encoding.UTF8.GetString(connect.Octets));
        Assert.Equal("", connect.Error.ToString());
    }

    [Fact]
    public async Task With_no_shutdown_the_end_of_the_input_says_nothing()
    {
        await using CommandWorld world = new();
        using TcpListener listener = world.Client.Listen(7000);
        RunningCommand connect = world.Start($"connect client 7000 --no-shutdown {Here}", new MemoryStream("question"u8.ToArray()));
        TcpConnection peer = await listener.Accept();
        Assert.Equal("question", await peer.Hear(8));
        await peer.Say("answer");
        await peer.WhenDrained(TestContext.Current.CancellationToken).InTime();
        Assert.Equal(TcpState.Established, peer.State); // no FIN has come
        Task closing = peer.End();
        Assert.Equal(0, await connect.ExitCode);
        await closing;
        Assert.Equal(CloseReason.LocalClose, peer.CloseReason);
        Assert.Equal("answer", Encoding.UTF8.GetString(connect.Octets));
    }

    [Fact]
    public async Task With_recv_only_the_peers_end_is_the_end()
    {
        await using CommandWorld world = new();
        using TcpListener listener = world.Client.Listen(7000);
        OpenInput input = new();
        await input.Type("not read");
        RunningCommand connect = world.Start($"connect client 7000 --recv-only {Here}", input.Stream);
        TcpConnection peer = await listener.Accept();
        await peer.Say("news");
        await peer.CompleteWritesAsync().InTime();
        Assert.Equal(0, await connect.ExitCode);
        Assert.Equal("", await peer.HearOut());
        Assert.Equal("news", Encoding.UTF8.GetString(connect.Octets));
    }

    [Theory]
    [InlineData("-4", "10.0.0.2")]
    [InlineData("-6", "fd00::2")]
    public async Task A_names_address_may_be_chosen_by_its_family(string option, string from)
    {
        await using CommandWorld world = new();
        using TcpListener listener = world.Client.Listen(7000);
        RunningCommand connect = world.Start($"connect {option} client 7000 {Here} --address fd00::2/64");
        TcpConnection peer = await listener.Accept();
        Assert.Equal(from, peer.Tuple.RemoteAddress.ToString());
        await peer.End();
        Assert.Equal(0, await connect.ExitCode);
    }

    [Fact]
    public async Task Who_refuses_is_named_and_the_code_is_1()
    {
        await using CommandWorld world = new();
        RunningCommand connect = world.Start($"connect client 9 {Here}");
        Assert.Equal(1, await connect.ExitCode);
        Assert.Equal("synfin: client port 9: connection refused: nobody listens there\n", connect.Error.ToString());
    }

    [Fact]
    public async Task A_peer_that_is_silent_is_given_up_after_the_timeout()
    {
        await using CommandWorld world = new();
        RunningCommand connect = world.Start($"connect 10.0.0.77 9 --timeout 0.05 {Here}");
        Assert.Equal(1, await connect.ExitCode);
        Assert.Equal("synfin: 10.0.0.77 port 9: timed out\n", connect.Error.ToString());
    }

    [Fact]
    public async Task A_reset_ends_it_with_1_even_while_the_input_is_silent()
    {
        await using CommandWorld world = new();
        using TcpListener listener = world.Client.Listen(7000);
        RunningCommand connect = world.Start($"connect client 7000 {Here}", new OpenInput().Stream);
        TcpConnection peer = await listener.Accept();
        peer.Abort();
        Assert.Equal(1, await connect.ExitCode);
        Assert.EndsWith(":7000: the peer reset it\n", connect.Error.ToString());
    }

    [Fact]
    public async Task A_name_without_anybody_who_knows_names_is_a_wrong_argument()
    {
        await using CommandWorld world = new();
        world.Server.NameResolver = null;
        RunningCommand connect = world.Start($"connect example.org 80 {Here}");
        Assert.Equal(2, await connect.ExitCode);
        Assert.Equal(
            "synfin: 'example.org' is a name: say who knows it with --dns SERVER, or give an address\n", connect.Error.ToString());
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_1()
    {
        await using CommandWorld world = new();
        RunningCommand connect = world.Start($"connect elsewhere 80 {Here}");
        Assert.Equal(1, await connect.ExitCode);
        Assert.StartsWith("synfin: elsewhere port 80: No host of the network is called 'elsewhere'", connect.Error.ToString());
    }

    [Fact]
    public async Task An_interruption_closes_in_order_and_is_130()
    {
        await using CommandWorld world = new();
        using TcpListener listener = world.Client.Listen(7000);
        RunningCommand connect = world.Start($"connect client 7000 -v {Here}", new OpenInput().Stream);
        TcpConnection peer = await listener.Accept();
        await connect.Says("connected to ");
        Task<int> ending = connect.InterruptAsync();
        Assert.Equal("", await peer.HearOut());
        await peer.End();
        Assert.Equal(130, await ending);
    }
}
