using System.Text.Json;
using Synfin.Captures.Ladders;
using Synfin.Cli.Scenarios;
using Synfin.Cli.Scenarios.Http;
using Synfin.Testing.Traits;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Cli.Tests.Http;

/// <summary><c>synfin demo http</c>: what connections cost.</summary>
[Collection(HttpWorlds.Name)]
public sealed class HttpConnectionsTests
{
    [Theory]
    [InlineData("Http10", false)]
    [InlineData("Http10", true)]
    [InlineData("KeepAlive", false)]
    [InlineData("KeepAlive", true)]
    [InlineData("Http2", false)]
    [InlineData("Http2", true)]
    public void The_figures_are_those_of_the_ladder(string mode, bool tls)
    {
        HttpRun run = HttpRun.PlayWarm(new HttpPlan { Mode = Enum.Parse<HttpMode>(mode), Tls = tls, Requests = 3 });
        Ladder ladder = run.Ladder();
        HttpFigures figures = HttpFigures.Of(run, ladder);
        Assert.All(run.Outcomes, outcome => Assert.Null(outcome.Error));
        Assert.Equal((3, 0, 3 * run.Plan.Body.Length), (figures.Answered, figures.Failed, (int)figures.BodyOctets));
        Assert.Equal(mode == "Http10" ? 3 : 1, figures.Connections);
        Assert.Equal(ladder.Connections.Sum(c => c.Verdict.Segments), figures.Segments);
        LadderRow[] syns = [.. ladder.Rows.Where(row => row.Arrow is { } arrow && arrow.Segment.Has(TcpFlags.Syn))];
        Assert.Equal((syns.Length, 2 * figures.Connections), (figures.Syns, figures.Syns));
        IEnumerable<LadderRow> sends = ladder.Rows.Where(row => row.Text.StartsWith("SEND ", StringComparison.Ordinal));
        Assert.Equal(sends.Sum(row => (long)row.Octets), figures.TextOctets);
        Assert.Equal(HttpPlan.Delay * 2, figures.Opening);
        Assert.Equal(tls ? HttpPlan.Delay * 2 : null, figures.Securing);
        long timeWaits = ladder.Connections.Count(c => c.Verdict.TimeWait is not null);
        Assert.Equal(timeWaits, figures.ClientTimeWaits + figures.ServerTimeWaits);
    }

    [Fact, Subject(20)]
    public void A_connection_each_costs_a_round_trip_each()
    {
        HttpFigures each = Figures(new HttpPlan { Mode = HttpMode.Http10, Requests = 4 });
        HttpFigures kept = Figures(new HttpPlan { Mode = HttpMode.KeepAlive, Requests = 4 });
        Assert.Equal((Duration.FromMilliseconds(160), Duration.FromMilliseconds(100)), (each.Time, kept.Time));
        Assert.Equal((25.0, 40.0), (each.Rate, kept.Rate));
        Assert.Equal((0L, 4L), (each.ClientTimeWaits, each.ServerTimeWaits));
        Assert.Equal((1L, 0L), (kept.ClientTimeWaits, kept.ServerTimeWaits));
        Assert.Equal(Duration.FromMilliseconds(240), Figures(new HttpPlan { Mode = HttpMode.Http10, Requests = 4, Tls = true }).Time);
    }

    [Fact]
    public async Task The_comparison_is_a_table()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "http");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            [
                "http: What does a connection for each request cost, against one kept alive?",
                "5 requests                   HTTP/1.0, one each  HTTP/1.1, one kept",
                "connections                                   5                   1",
                "segments with SYN                            10                   2",
                "segments in all                              50                  18",
                "octets on the wire                         3465                1642",
                "of these IP and TCP headers                2680                 952",
                "round trips to open                           1                   1",
                "virtual time                             200 ms              120 ms",
                "requests a virtual second                    25                41.7",
                "TIME-WAITs left behind          5 at the server     1 at the client",
                "Keeping the connection saved 4 handshakes, 80 ms, 32 segments and 1823 octets.",
                "  'synfin demo http --http10' and 'synfin demo http --keep-alive' draw the two.",
            ],
            run.OutputLines);
    }

    [Fact]
    public async Task Where_there_is_no_room_the_tables_stand_one_below_the_other()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "http", "--requests", "2", "--width", "60");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.All(run.OutputLines, line => Assert.True(line.Length <= 60, line));
        Assert.Equal(2, run.OutputLines.Count(line => line.StartsWith("2 requests ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_way_alone_has_its_ladder()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "http", "--h2", "--requests", "1", "--width", "200");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(run.OutputLines, line => line.Contains(": preface, SETTINGS", StringComparison.Ordinal));
        Assert.Contains(run.OutputLines, line => line.EndsWith("HTTP/2, one kept", StringComparison.Ordinal));
        run = await CommandLineRun.Of("demo", "http", "--http10", "--tls", "--requests", "1");
        Assert.Contains(run.OutputLines, line => line.EndsWith(": ClientHello", StringComparison.Ordinal));
        Assert.Contains(run.OutputLines, line => line.Contains(": ServerHello", StringComparison.Ordinal));
        Assert.All(run.OutputLines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public async Task A_loss_is_in_both_columns()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "http", "--requests", "2", "--lose", "first data from server");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("segments lost                                 1                   1", run.OutputLines);
        // Of a response with its FIN the tail loss probe sends the FIN again, and its ACK tells of the text (RFC 8985 7.3).
        Assert.Contains("segments sent again                           2                   1", run.OutputLines);
    }

    [Fact]
    public async Task As_JSON_every_line_is_an_object()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "http", "--requests", "2", "--format", "json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            ["http10", "keep-alive"], run.OutputLines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("mode").GetString()));
    }

    [Theory]
    [InlineData("demo http --requests 0", "--requests takes a whole number from 1 to 1000, not '0'; 'synfin demo --help' explains")]
    [InlineData(
        "demo http --h2 --http10",
        "--http10 and --h2 exclude each other; without either, connections are compared; 'synfin demo --help' explains")]
    [InlineData("demo --tls", "only 'synfin demo http' takes --tls; 'synfin demo --help' explains")]
    [InlineData("demo exchange --requests 3", "only 'synfin demo http' takes --requests; 'synfin demo --help' explains")]
    [InlineData(
        "demo http --fault full --tls",
        "--fault plays one plain HTTP/1.1 request for each fault: leave --tls out; 'synfin demo --help' explains")]
    [InlineData("demo http --pcap x", "--pcap takes one run, not a comparison: add --http10, --keep-alive or --h2")]
    public async Task Wrong_arguments_are_explained_in_one_line(string arguments, string line)
    {
        CommandLineRun run = await CommandLineRun.Of(arguments.Split(' '));
        Assert.Equal([$"synfin: {line}"], run.ErrorLines);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task A_rule_for_a_host_that_is_not_there_names_those_that_are()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "http", "--lose", "FIN from b");
        Assert.Equal(
            [
                "synfin: --lose: the rule 'lose FIN from b' names the host 'b', but there are only: client, server; for example "
                + "--lose 'FIN from server'",
            ],
            run.ErrorLines);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }

    private static HttpFigures Figures(HttpPlan plan)
    {
        HttpRun run = HttpRun.PlayWarm(plan);
        return HttpFigures.Of(run, run.Ladder());
    }
}
