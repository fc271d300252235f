using System.Text.Json;
using Synfin.Cli.CommandLine;
using Synfin.Cli.Status;
using Synfin.Linux.Status;
using Synfin.Sockets;
using Xunit;

namespace Synfin.Cli.Tests.Commands;

/// <summary><c>synfin status</c>: STATUS (RFC 9293 3.9.1.6) of running hosts, over their Unix sockets.</summary>
public sealed class StatusCommandTests
{
    private const string Here = "--tun t0 --address 10.0.0.2/24";

    [Fact]
    public async Task It_tells_the_numbers_of_each_connection()
    {
        await using CommandWorld world = new();
        RunningCommand listen = world.Start($"listen 7 --echo -k -v {Here}");
        await listen.Says("Echoing on");
        TcpConnection peer = await world.Client.Connect(7);
        await peer.Say("hello");
        Assert.Equal("hello", await peer.Hear(5));
        await peer.Say("again");
        Assert.Equal("again", await peer.Hear(5));

        // Until the last octet has been acknowledged.
        while (Assert.Single(world.Server.GetConnections()).SendQueue > 0) await Task.Yield();
        TcpStatus real = Assert.Single(world.Server.GetConnections());

        JsonElement host = Json(await Run(world, "status", "--json"));
        Assert.Equal("t0", host.GetProperty("device").GetString());
        Assert.Equal("synfin listen", host.GetProperty("program").GetString());
        Assert.Equal(Environment.ProcessId, host.GetProperty("processId").GetInt32());
        Assert.Equal(["10.0.0.2", "fd00::2"], host.GetProperty("addresses").EnumerateArray().Select(address => address.GetString()));
        JsonElement states = host.GetProperty("states");
        Assert.Equal((1, 1), (states.GetProperty("LISTEN").GetInt32(), states.GetProperty("ESTABLISHED").GetInt32()));
        Assert.Equal("*:7", Assert.Single(host.GetProperty("listeners").EnumerateArray()).GetProperty("local").GetString());

        JsonElement told = Assert.Single(host.GetProperty("connections").EnumerateArray());
        Assert.Equal("ESTABLISHED", told.GetProperty("state").GetString());
        Assert.Equal("10.0.0.2:7", told.GetProperty("local").GetString());
        Assert.Equal($"10.0.0.1:{peer.Tuple.LocalPort}", told.GetProperty("remote").GetString());
        Assert.Equal(10, told.GetProperty("octetsReceived").GetInt32());
        Assert.Equal(10, told.GetProperty("octetsSent").GetInt32());
        Assert.Equal(real.CongestionWindow, told.GetProperty("congestionWindow").GetInt32());
        Assert.Equal(real.SendMss, told.GetProperty("sendMss").GetInt32());
        Assert.True(told.GetProperty("roundTripTime").GetDouble() > 0);
        Assert.InRange(told.GetProperty("retransmissionTimeout").GetDouble(), 1_000, 60e6); // microseconds
        Assert.Equal(["timestamps", "sack", "wscale"], told.GetProperty("options").EnumerateArray().Select(option => option.GetString()));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public async Task People_get_a_table_that_fits_their_terminal(int width)
    {
        await using CommandWorld world = new();
        RunningCommand listen = world.Start($"listen 7 --echo -k -v {Here}");
        await listen.Says("Echoing on");
        TcpConnection peer = await world.Client.Connect(7);
        await listen.Says("connected");
        string[] lines = (await Run(world, ["status", "-a"], width)).Output.Split('\n');

        Assert.StartsWith($"t0 (synfin listen, process {Environment.ProcessId}): 10.0.0.2, fd00::2, up ", lines[0]);
        Assert.Equal("1 ESTABLISHED, 1 LISTEN", lines[1]);
        Assert.Matches("^State +Recv-Q +Send-Q +Local +Peer$", lines[2]);
        Assert.Matches(@"^LISTEN +0 +128 +\*:7 +\*$", lines[3]);
        Assert.Matches($"^ESTABLISHED +0 +0 +10\\.0\\.0\\.2:7 +10\\.0\\.0\\.1:{peer.Tuple.LocalPort}$", lines[4]);
        Assert.StartsWith("    mss:", lines[5]);
        Assert.Contains(lines, line => line.StartsWith("opened: 1 from peers, 0 from here", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
    }

    [Fact]
    public async Task Hosts_are_named_by_their_devices_and_vanish_with_them()
    {
        await using CommandWorld world = new();
        RunningCommand one = world.Start("listen 7 --echo -k --tun one --address 10.0.0.2/24");
        RunningCommand two = world.Start("listen 8 --echo -k --tun two --address 10.0.0.2/24");
        await one.Says("Echoing on");
        await two.Says("Echoing on");

        CommandLineRun both = await Run(world, "status");
        Assert.Matches("(?s)^one \\(synfin listen.*\n\ntwo \\(synfin listen", both.Output);
        CommandLineRun second = await Run(world, "status", "two");
        Assert.StartsWith("two (", second.Output);
        CommandLineRun wrong = await Run(world, "status", "tow");
        Assert.Equal((1, "synfin: no host of yours runs on 'tow'; did you mean 'two'?\n"), (wrong.ExitCode, wrong.Error));

        Assert.Equal(0, await one.InterruptAsync());
        Assert.Equal(0, await two.InterruptAsync());
        CommandLineRun none = await Run(world, "status");
        Assert.Equal((1, "synfin: no host of yours is running\n", ""), (none.ExitCode, none.Error, none.Output));
        Assert.Empty(Directory.GetFiles(world.StatusFolder));
    }

    [Fact]
    public async Task A_socket_that_is_none_is_explained()
    {
        await using CommandWorld world = new();
        string nothing = Path.Combine(world.StatusFolder, "nothing.sock");
        CommandLineRun run = await Run(world, "status", "--socket", nothing);
        Assert.Equal((1, $"synfin: {nothing}: there is no such socket\n"), (run.ExitCode, run.Error));
    }

    private static async Task<CommandLineRun> Run(CommandWorld world, params string[] arguments) => await Run(world, arguments, 80);

    private static async Task<CommandLineRun> Run(CommandWorld world, string[] arguments, int width)
    {
        using StringWriter output = new(), error = new();
        var context = new CommandContext(new Terminal(IsInteractive: false, width, RefusesColor: false), output, error)
        {
            StatusFolder = world.StatusFolder,
        };
        int exitCode = await SynfinCommandLine.RunAsync(arguments, context).InTime();
        return new CommandLineRun(exitCode, output.ToString(), error.ToString());
    }

    private static JsonElement Json(CommandLineRun run)
    {
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return JsonDocument.Parse(Assert.Single(run.OutputLines)).RootElement;
    }
}
