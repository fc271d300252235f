using System.Net.Sockets;
using System.Text;
using Synfin.Sockets;
using Synfin.Stack;
using Xunit;

namespace Synfin.Cli.Tests.Commands;

/// <summary>
/// <c>synfin listen</c>, with the habits of ncat (RFC 9293 3.6 for half-closed connections, RFC 862 for echo, RFC 863 for discard).
/// </summary>
public sealed class ListenCommandTests
{
    private const string Here = "--tun t0 --address 10.0.0.2/24";

    [Fact]
    public async Task The_input_goes_to_the_peer_and_its_words_to_the_output()
    {
        await using CommandWorld world = new();
        RunningCommand listen = world.Start($"listen 7000 -v {Here}", new MemoryStream("from here"u8.ToArray()));
        await listen.Says("Listening on 10.0.0.2, fd00::2 port 7000 behind t0");

        TcpConnection peer = await world.Client.Connect(7000);
        Assert.Equal("from here", await peer.HearOut()); // the end of the input is a FIN; the other half goes on
        await peer.Say("from there");
        await peer.End();

        Assert.Equal(0, await listen.ExitCode);
        Assert.Equal("from there", Encoding.UTF8.GetString(listen.Octets));
        Assert.Contains("10 octets received, 9 sent; both sides closed in order, this one first", listen.Error.ToString());
    }

    [Fact]
    public async Task A_peer_that_ends_first_hears_the_rest_of_the_input()
    {
        await using CommandWorld world = new();
        OpenInput input = new();
        RunningCommand listen = world.Start($"listen 7000 -v {Here}", input.Stream);
        await listen.Says("Listening");

        TcpConnection peer = await world.Client.Connect(7000);
        await peer.CompleteWritesAsync().InTime();
        await input.Type("one, ");
        Assert.Equal("one, ", await peer.Hear(5));
        await input.Type("two");
        input.End();
        Assert.Equal("two", await peer.HearOut());
        await peer.End();

        Assert.Equal(0, await listen.ExitCode);
        Assert.Contains("both sides closed in order, the peer first", listen.Error.ToString());
    }

    [Fact]
    public async Task Without_keep_open_the_second_who_comes_is_refused()
    {
        await using CommandWorld world = new();
        OpenInput input = new();
        RunningCommand listen = world.Start($"listen 7000 -v {Here}", input.Stream);
        await listen.Says("Listening");
        TcpConnection first = await world.Client.Connect(7000);
        await listen.Says("connected");

        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => world.Client.Connect(7000));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        input.End();
        await first.End();
        Assert.Equal(0, await listen.ExitCode);
    }

    [Fact]
    public async Task With_keep_open_the_input_goes_to_whoever_is_there()
    {
        await using CommandWorld world = new();
        OpenInput input = new();
        RunningCommand listen = world.Start($"listen 7000 -k -v {Here}", input.Stream);
        await listen.Says("Listening");

        TcpConnection first = await world.Client.Connect(7000);
        await input.Type("first");
        Assert.Equal("first", await first.Hear(5));
        first.Abort();
        await listen.Says("the peer reset it");

        TcpConnection second = await world.Client.Connect(7000);
        await input.Type("second");
        input.End();
        Assert.Equal("second", await second.HearOut());
        await second.End();
        await listen.Says("6 sent");
        Assert.Equal(0, await listen.InterruptAsync());
    }

    [Fact]
    public async Task A_reset_ends_it_with_1_and_says_so_even_while_the_input_is_silent()
    {
        await using CommandWorld world = new();
        RunningCommand listen = world.Start($"listen 7000 -v {Here}", new OpenInput().Stream);
        await listen.Says("Listening");
        TcpConnection peer = await world.Client.Connect(7000);
        await listen.Says("connected");
        await peer.CompleteWritesAsync().InTime(); // so that nobody reads when the reset comes
        peer.Abort();

        Assert.Equal(1, await listen.ExitCode);
        Assert.Contains(": the peer reset it\n", listen.Error.ToString());
    }

    [Fact]
    public async Task A_slow_reader_of_the_output_slows_the_peer_down()
    {
        await using CommandWorld world = new();
        GatedOutput slow = new();
        RunningCommand listen = world.Start($"listen 7000 -v {Here}", Stream.Null, slow);
        await listen.Says("Listening");
        TcpConnection peer = await world.Client.Connect(7000);

        byte[] much = new byte[16 << 20];
        Task writing = peer.Say(much);
        await listen.Says("connected");
        while (peer.Status().SndWnd > 0) await Task.Yield(); // the window closes
        Assert.False(writing.IsCompleted);
        slow.Open();
        await writing.InTime();
        await peer.End();

        Assert.Equal(0, await listen.ExitCode);
        Assert.Equal(much.Length, slow.Written);
    }

    [Fact]
    public async Task Echo_serves_many_at_a_time_up_to_each_ones_FIN_and_ends_in_order()
    {
        await using CommandWorld world = new();
        RunningCommand listen = world.Start($"listen 7 --echo -k -v {Here}");
        await listen.Says("Echoing on 10.0.0.2, fd00::2 port 7 behind t0. Try: nc 10.0.0.2 7. Ctrl+C ends.");

        TcpConnection one = await world.Client.Connect(7), two = await world.Client.Connect(7), idle = await world.Client.Connect(7);
        await one.Say("one");
        await two.Say("two");
        Assert.Equal("two", await two.Hear(3));
        Assert.Equal("one", await one.Hear(3));
        await one.CompleteWritesAsync().InTime();
        Assert.Equal("", await one.HearOut());
        await listen.Says("3 octets received, 3 sent; both sides closed in order, the peer first");

        Task<int> ending = listen.InterruptAsync();
        Assert.Equal("", await idle.HearOut()); // a FIN, no reset
        await idle.End();
        await two.End();
        Assert.Equal(0, await ending);
    }

    [Fact]
    public async Task Echo_of_one_connection_ends_with_it()
    {
        await using CommandWorld world = new();
        RunningCommand listen = world.Start($"listen 7 --echo {Here}");
        await listen.Says("Echoing on");
        TcpConnection peer = await world.Client.Connect(7);
        await peer.Say("x");
        await peer.CompleteWritesAsync().InTime();
        Assert.Equal("x", await peer.HearOut());
        Assert.Equal(0, await listen.ExitCode);
        Assert.Empty(listen.Octets);
    }

    [Fact]
    public async Task Discard_takes_all_and_says_nothing()
    {
        await using CommandWorld world = new();
        RunningCommand listen = world.Start($"listen 9 --discard -v {Here}");
        await listen.Says("Discarding on");
        TcpConnection peer = await world.Client.Connect(9);
        await peer.Say(new string('x', 100_000));
        await peer.CompleteWritesAsync().InTime();
        Assert.Equal("", await peer.HearOut());
        Assert.Equal(0, await listen.ExitCode);
        await listen.Says("100000 octets received, 0 sent");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using CommandWorld world = new();
        using Synfin.Sockets.TcpListener taken = world.Server.Listen(7000);
        RunningCommand listen = world.Start($"listen 7000 {Here}");
        Assert.Equal(1, await listen.ExitCode);
        Assert.Contains(":: port 7000: another listener of this stack has it", listen.Error.ToString());
    }

    [Fact]
    public async Task A_device_that_is_taken_away_ends_it_with_1_and_the_reason()
    {
        await using CommandWorld world = new();
        RunningCommand listen = world.Start($"listen 7 --echo -k {Here}");
        await listen.Says("Echoing on");
        listen.LoseDevice("TUN device t0 is gone");
        Assert.Equal(1, await listen.ExitCode);
        Assert.EndsWith("synfin: TUN device t0 is gone\n", listen.Error.ToString());
    }

    [Fact]
    public async Task A_network_that_gives_no_address_is_named()
    {
        await using CommandWorld world = new();
        RunningCommand listen = world.Start("listen 7 --tap t0 --dhcp");
        Assert.Equal(1, await listen.ExitCode);
        Assert.Equal(
            "synfin: no DHCP server on t0 gave an address within 0.05 s: see that there is one on the link, "
            + "or give an address with --address\n",
            listen.Error.ToString());
    }

    [Fact]
    public async Task An_interruption_while_nobody_has_come_is_130()
    {
        await using CommandWorld world = new();
        RunningCommand listen = world.Start($"listen 7 -v {Here}");
        await listen.Says("Listening");
        Assert.Equal(130, await listen.InterruptAsync());
    }
}
