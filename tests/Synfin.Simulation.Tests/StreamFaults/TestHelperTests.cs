using Synfin.Simulation.Faults;
using Synfin.Simulation.Tests.EngineTests;
using Synfin.Sockets;
using Synfin.Timers;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.StreamFaults;

public sealed class TestHelperTests : EngineTest, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("synfin-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_body_that_succeeds_succeeds()
    {
        using SimulatedNetwork net = Network();
        net.AddRule("first data from a");
        net.Test(() => Exchange(net, 5000));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_failure_tells_all_that_is_needed()
    {
        using SimulatedNetwork net = Network();
        net.AddRule("FIN from b");
        net["b"].AddFault("partial-rst 3");
        TcpListener listener = net["b"].Listen(80);
        net["b"].Run(async () =>
        {
            await using TcpConnection connection = await listener.AcceptAsync();
            await connection.WriteAsync("hello"u8.ToArray());
        });
        SimulationFailedException e = Assert.Throws<SimulationFailedException>(() => net.Test(() =>
        {
            byte[] seen = net.RunUntilComplete(net["a"].Run(async () => await ReadToEnd(await net["a"].ConnectAsync("b", 80))));
            Assert.Equal(5, seen.Length);
        }));
        string[] lines = e.Message.Split(Environment.NewLine);
        Assert.IsType<IOException>(e.InnerException);
        Assert.Equal(e.InnerException.Message, lines[0]);
        Assert.Equal("", lines[1]);
        Assert.Equal("seed 42, strict mode, virtual time 0.100000 s", lines[2]);
        Assert.Equal("faults:", lines[3]);
        Assert.Equal("  rule 'lose FIN from b': never applied, no segment matched", lines[4]);
        Assert.Equal("  host b: partial-rst 3: applied once on 1 connection", lines[5]);
        Assert.Contains("CTL=SYN>", e.Message);
        Assert.Contains("CTL=RST,ACK>", e.Message);
        Assert.Contains("fault: partial-rst 3", e.Message);
        Assert.All(lines.SkipWhile(line => line.Length > 0).SkipLast(2), line => Assert.True(line.Length <= 80, line));
        Assert.Equal(42ul, e.Seed);
        Assert.EndsWith($"packets, an interface for each host: {e.PacketFile}", e.Message.TrimEnd());
        Assert.Equal(_folder, Path.GetDirectoryName(e.PacketFile));
        Assert.StartsWith(nameof(A_failure_tells_all_that_is_needed) + "-seed42-", Path.GetFileName(e.PacketFile));
        Assert.Equal(0x0A0D0D0Au, BitConverter.ToUInt32(File.ReadAllBytes(e.PacketFile!)));
    }

    [Fact]
    public void Of_a_long_ladder_the_last_rows_are_told()
    {
        using SimulatedNetwork net = Network();
        SimulationFailedException e = Assert.Throws<SimulationFailedException>(() => net.Test(() =>
        {
            TcpListener listener = net["b"].Listen(80);
            net["b"].Run(async () =>
            {
                while (true) (await listener.AcceptAsync()).Close();
            });
            net.RunUntilComplete(net["a"].Run(async () =>
            {
                for (int i = 0; i < 30; i++) await ReadToEnd(await net["a"].ConnectAsync("b", 80));
            }));
            throw new InvalidOperationException("the last straw");
        }));
        Assert.StartsWith("the last straw" + Environment.NewLine, e.Message);
        Assert.Matches("the last 60 of the ladder's [0-9]+ rows:", e.Message);
        Assert.Contains("connection 30", e.Message);
        Assert.DoesNotContain("connection 1:", e.Message);
        Assert.True(e.Message.Split('\n').Length < 120, e.Message);
    }

    [Theory]
    [InlineData(
        "third FIN from a",
        "the rule 'lose third FIN from a' was never applied: it waits for the third of the segments 'FIN from a', and only 1 came: name an "
        + "earlier one, or let the exchange go on.")]
    [InlineData(
        "RST from b",
        "the rule 'lose RST from b' was never applied: not one segment was 'RST from b': compare host, port, kind and octet with the "
        + "ladder, and add the rule before the segment is sent.")]
    public void A_rule_that_never_applied_fails_the_test_unless_it_is_optional(string text, string message)
    {
        using SimulatedNetwork net = Network();
        SegmentRule rule = net.AddRule(text);
        SimulationFailedException e = Assert.Throws<SimulationFailedException>(() => net.Test(() => Exchange(net, 5000)));
        Assert.StartsWith(message + "\nIf a test may do without a fault, set its Optional.", e.Message);
        Assert.Null(e.InnerException);

        using SimulatedNetwork again = Network();
        again.AddRule(text).Optional = true;
        again.Test(() => Exchange(again, 5000));
        Assert.False(rule.Optional);
    }

    [Theory]
    [InlineData("partial-rst 10000", "it cuts after 10000 octets, and the application wrote 5000 at most: write more, or cut earlier.")]
    [InlineData(
        "nothing-fin connection 3",
        "it waits for connection 3 there, and there was 1 connection: make more, or name an earlier one.")]
    [InlineData("nothing-fin port 81", "no connection with local port 81 was made or accepted there after it was added: add it before, ")]
    public void A_stream_fault_that_never_applied_says_why(string text, string why)
    {
        using SimulatedNetwork net = Network();
        StreamFault fault = net["a"].AddFault(text);
        SimulationFailedException e = Assert.Throws<SimulationFailedException>(() => net.Test(() => Exchange(net, 5000)));
        Assert.StartsWith($"the fault '{text}' of host a was never applied: {why}", e.Message);
        Assert.Equal(0, fault.Applied);
    }

    [Fact]
    public void A_fault_at_a_host_that_writes_nothing_says_so()
    {
        using SimulatedNetwork net = Network();
        net["b"].AddFault("nothing-hang");
        SimulationFailedException e = Assert.Throws<SimulationFailedException>(() => net.Test(() => Exchange(net, 5000)));
        Assert.StartsWith("the fault 'nothing-hang' of host b was never applied: the application there wrote nothing.", e.Message);
    }

    [Fact]
    public void A_truncation_that_waits_for_a_close_says_so()
    {
        using SimulatedNetwork net = Network();
        net["b"].AddFault("truncate");
        TcpListener listener = net["b"].Listen(80);
        SimulationFailedException e = Assert.Throws<SimulationFailedException>(() => net.Test(() =>
        {
            net["b"].Run(async () => await (await listener.AcceptAsync()).WriteAsync("hello"u8.ToArray()));
            net["a"].Run(async () => await net["a"].ConnectAsync("b", 80));
            net.RunUntilIdle();
        }));
        Assert.StartsWith("the fault 'truncate 50%' of host b was never applied: it holds 5 octets until the application ends", e.Message);
        Assert.Contains("send 'Connection: close'", e.Message);
    }

    [Fact]
    public void A_refusal_that_nobody_met_fails_the_test()
    {
        using SimulatedNetwork net = Network();
        net["a"].Refuse(80);
        net["a"].BlackHole().Optional = true;
        SimulationFailedException e = Assert.Throws<SimulationFailedException>(() => net.Test(() => Exchange(net, 5000)));
        Assert.StartsWith("the fault 'refuse port 80' of host a was never applied: no SYN came there: place it before", e.Message);
        Assert.DoesNotContain("'black hole all ports' of host a was never", e.Message);
    }

    [Fact]
    public void A_strict_body_that_awaits_is_application_code()
    {
        using SimulatedNetwork net = Network();
        Task test = net.TestAsync(async () =>
        {
            await Task.Delay(TimeSpan.FromHours(1), net.TimeProvider);
            Assert.Equal(3600, net.Now.Seconds);
        });
        Assert.True(test.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_strict_body_that_stalls_describes_the_network()
    {
        using SimulatedNetwork net = Network();
        using TcpListener listener = net["b"].Listen(80);
        SimulationFailedException e = await Assert.ThrowsAsync<SimulationFailedException>(() =>
            net.TestAsync(async () => await (await net["a"].ConnectAsync("b", 80)).ReadAsync(new byte[1])));
        Assert.StartsWith("nothing is left to happen, and what is waited for has not come", e.Message);
        Assert.IsType<SimulationStalledException>(e.InnerException);
        Assert.Contains("ESTABLISHED", e.Message);
    }

    [Fact]
    public async Task A_hosted_body_is_awaited_and_its_failure_explained()
    {
        using SimulatedNetwork net = Network(SimulationMode.Hosted);
        using TcpListener listener = net["b"].Listen(80);
        await net.TestAsync(async () => await net["a"].ConnectAsync("b", 80));
        SimulationFailedException e = await Assert.ThrowsAsync<SimulationFailedException>(() => net.TestAsync(async () =>
        {
            await net["a"].ConnectAsync("b", 80);
            Assert.Fail("not what was hoped for");
        }));
        Assert.StartsWith("not what was hoped for" + Environment.NewLine, e.Message);
        Assert.Contains("seed 42, hosted mode", e.Message);
        Assert.True(File.Exists(e.PacketFile));
    }

    [Fact]
    public async Task A_hosted_body_has_a_limit_of_real_time()
    {
        using SimulatedNetwork net = Network(SimulationMode.Hosted);
        using TcpListener listener = net["b"].Listen(80);
        SimulationFailedException e = await Assert.ThrowsAsync<SimulationFailedException>(() => net.TestAsync(
            async () => await (await net["a"].ConnectAsync("b", 80)).ReadAsync(new byte[1]), TimeSpan.FromSeconds(0.5)));
        Assert.StartsWith("the test was not over after 0.5 s of real time\nseed 42", e.Message);
        Assert.IsType<TimeoutException>(e.InnerException);
    }

    [Fact]
    public void A_failure_of_a_hosts_application_fails_a_hosted_test_too()
    {
        using SimulatedNetwork net = Network(SimulationMode.Hosted);
        SimulationFailedException e = Assert.Throws<SimulationFailedException>(() => net.Test(() =>
        {
            Task failing = net["b"].Run(() => throw new InvalidOperationException("b broke down"));
            Assert.Throws<InvalidOperationException>(() => failing.GetAwaiter().GetResult());
        }));
        Assert.Contains("b broke down", e.Message);
    }

    [Fact]
    public void A_test_that_a_framework_ends_in_another_way_than_by_failing_ends_so()
    {
        using SimulatedNetwork net = Network();
        Assert.Throws<IgnoreException>(() => net.Test(() => throw new IgnoreException()));
    }

    [Fact]
    public void Without_recording_the_message_says_how_to_have_it()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(new SimulationOptions());
        SimulationFailedException e =
            Assert.Throws<SimulationFailedException>(() => net.Test(() => throw new InvalidOperationException("oh")));
        Assert.Contains("no ladder was recorded: start the options from SimulationOptions.ForTests, or set RecordLadder", e.Message);
        Assert.Contains("no packets were recorded: start the options from SimulationOptions.ForTests, or set RecordPackets", e.Message);
        Assert.Null(e.PacketFile);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_hides_no_failure()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(SimulationOptions.ForTests with { ArtifactsFolder = file });
        SimulationFailedException e =
            Assert.Throws<SimulationFailedException>(() => net.Test(() => throw new InvalidOperationException("oh")));
        Assert.StartsWith("oh" + Environment.NewLine, e.Message);
        Assert.Contains("the packets could not be written: ", e.Message);
        Assert.Contains("set SimulationOptions.ArtifactsFolder or SYNFIN_ARTIFACTS to a folder that can be written", e.Message);
        Assert.Null(e.PacketFile);
    }

    [Fact]
    public void Recorded_packets_have_a_limit()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(SimulationOptions.ForTests with { MaxRecordedOctets = 10_000 });
        Exchange(net, 50_000);
        Assert.InRange(net.Packets.Where(p => p.Fate is PacketFate.Sent).Sum(p => p.Packet.Octets.Length), 8_000, 10_000);
        Assert.True(net.PacketsMissing > 40);
    }

    /// <summary>Named as NUnit's.</summary>
    private sealed class IgnoreException : Exception;

    private SimulatedNetwork Network(SimulationMode mode = SimulationMode.Strict) => SimulatedNetwork.TwoHosts(
        SimulationOptions.ForTests with { Seed = 42, Mode = mode, ArtifactsFolder = _folder }, TenMilliseconds);
}
