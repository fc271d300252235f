using System.Text.Json;
using Synfin.Captures.Ladders;
using Synfin.Cli.Scenarios;
using Synfin.Cli.Scenarios.Http;
using Synfin.Cli.Tests.Scenarios;
using Synfin.Testing.Traits;
using Xunit;

namespace Synfin.Cli.Tests.Http;

/// <summary>The main job: <c>synfin demo</c> asks a real Kestrel with a real HttpClient.</summary>
[Collection(HttpWorlds.Name)]
public sealed class HttpRequestTests
{
    [Fact, Subject(20)]
    public void From_the_SYN_through_HTTP_to_the_end_of_TIME_WAIT()
    {
        Ladder ladder = HttpRun.PlayWarm(new HttpPlan()).Ladder();
        Assert.Equal(
            [
                "0.000 1. CLOSED | LISTEN",
                "0.000 client OPEN",
                "0.000 2. client>server SYN seq=0 | SYN-SENT | SYN-RECEIVED",
                "0.010 3. server>client SYN,ACK seq=0 ack=1 | ESTABLISHED | SYN-RECEIVED",
                "0.020 4. client>server ACK seq=1 ack=1 | ESTABLISHED | ESTABLISHED",
                "0.020 client SEND 32: GET / HTTP/1.1",
                "0.020 5. client>server PSH,ACK seq=1 ack=1 len=32 | ESTABLISHED | ESTABLISHED",
                "0.030 server ACCEPT",
                "0.030 server RECEIVE 32",
                "0.030 6. server>client ACK seq=1 ack=33 | ESTABLISHED | ESTABLISHED",
                "0.030 server SEND 106: HTTP/1.1 200 OK",
                "0.030 7. server>client PSH,ACK seq=1 ack=33 len=106 | ESTABLISHED | ESTABLISHED",
                "0.040 client RECEIVE 106",
                "0.040 client CLOSE",
                "0.040 8. client>server FIN,ACK seq=33 ack=107 | FIN-WAIT-1 | CLOSE-WAIT",
                "0.050 9. server>client ACK seq=107 ack=34 | FIN-WAIT-2 | CLOSE-WAIT",
                "0.050 server CLOSE sending",
                "0.050 10. server>client FIN,ACK seq=107 ack=34 | TIME-WAIT | LAST-ACK",
                "0.050 server CLOSE",
                "0.060 11. client>server ACK seq=34 ack=108 | TIME-WAIT | CLOSED",
                "60.060 client [2MSL 60 s]",
                "60.060 12. CLOSED | CLOSED",
            ],
            Rows.Timed(ladder));
    }

    [Fact, Subject(20)]
    public void The_account_counts_what_was_recorded()
    {
        HttpRun run = HttpRun.PlayWarm(new HttpPlan());
        Assert.Equal(
            [
                ("handshake", "1 round trip (20 ms) before HttpClient could send"),
                ("exchange", "1 round trip (20 ms) from the request to the last octet of the answer; 40 ms in all"),
                ("close", "client first: disposing of HttpClient closed the connection that it kept; it paid with 60 s in TIME-WAIT"),
                ("octets", "138 of HTTP, 13 of them the page; 10 segments with 536 of IP and TCP headers"),
            ],
            HttpAccount.Of(run, run.Ladder()));
    }

    [Fact]
    public void With_HTTP_1_0_the_server_closes_first_as_it_said_it_would()
    {
        HttpRun run = HttpRun.PlayWarm(new HttpPlan { Mode = HttpMode.Http10 });
        Assert.Contains(
            ("close", "server first: its response said 'Connection: close'; it paid with 60 s in TIME-WAIT"),
            HttpAccount.Of(run, run.Ladder()));
    }

    [Fact]
    public void A_lost_request_comes_again_and_its_time_is_told()
    {
        HttpRun run = HttpRun.PlayWarm(new HttpPlan { Lose = ["first data from client"] });
        Ladder ladder = run.Ladder();
        string[] rows = Rows.Timed(ladder);
        Assert.Contains("0.020 5. client>server PSH,ACK seq=1 ack=1 len=32 lost | ESTABLISHED | ESTABLISHED", rows);
        Assert.Contains(rows, row => row.Contains("len=32 again 5", StringComparison.Ordinal));
        HttpOutcome outcome = Assert.Single(run.Outcomes);
        Assert.Null(outcome.Error);
        IReadOnlyList<(string Name, string Text)> account = HttpAccount.Of(run, ladder);
        Assert.Contains(("losses", "1 segment lost, 1 sent again"), account);
        string exchange = account.Single(line => line.Name == "exchange").Text;
        Assert.EndsWith($"; {HttpWords.Time(outcome.Time)} in all", exchange, StringComparison.Ordinal);
        Assert.True(outcome.Time > HttpPlan.Delay * 4 + HttpPlan.Delay * 10, $"{outcome.Time}");
    }

    [Fact]
    public void Without_any_answer_HttpClient_gives_up()
    {
        HttpRun run = HttpRun.PlayWarm(new HttpPlan { Lose = ["every SYN"] });
        HttpOutcome outcome = Assert.Single(run.Outcomes);
        Assert.IsType<TaskCanceledException>(outcome.Error);
        Assert.Equal((HttpPlan.Patience, 0L, null), (outcome.Time, outcome.Octets, outcome.Status));
        IReadOnlyList<(string Name, string Text)> account = HttpAccount.Of(run, run.Ladder());
        Assert.Contains(account, line => line.Name == "handshake" && line.Text.StartsWith("none: ", StringComparison.Ordinal));
        Assert.Contains(
            account, line => line.Text.StartsWith("HttpClient threw TaskCanceledException", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_what_demo_shows_and_reads_the_same_at_every_run()
    {
        CommandLineRun run = await CommandLineRun.Of("demo");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("request: What does one HTTP request take, from SYN to the end of TIME-WAIT?", run.OutputLines[0]);
        Assert.All(run.OutputLines, line => Assert.True(line.Length <= 80, line));
        Assert.InRange(run.OutputLines.Length, 30, 45);
        Assert.Equal(run, await CommandLineRun.Of("demo", "request"));
    }

    [Fact]
    public async Task Wide_output_shows_both_ends_clocks()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "--width", "200");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.All(run.OutputLines, line => Assert.True(line.Length <= 200, line));
        string request = Assert.Single(run.OutputLines, line => line.Contains("<DATA=32>", StringComparison.Ordinal));
        Assert.StartsWith(" 5.  0.020  ESTABLISHED -", request, StringComparison.Ordinal);
        Assert.EndsWith(" 0.030", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_JSON_it_is_the_ladder_and_the_figures()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "--format", "json");
        Assert.Equal(0, run.ExitCode);
        JsonElement[] lines = [.. run.OutputLines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["synfin-ladder/1", "synfin-http/1"], lines.Select(line => line.GetProperty("format").GetString()));
        Assert.Contains(
            "SEND 32: GET / HTTP/1.1",
            lines[0].GetProperty("rows").EnumerateArray().Select(row => row.TryGetProperty("text", out JsonElement text) ? $"{text}" : ""));
        Assert.Equal((1, 1, 10), (Int(lines[1], "connections"), Int(lines[1], "answered"), Int(lines[1], "segments")));
    }

    private static int Int(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
