using System.Text.Json;
using Synfin.Simulation.Faults;
using Xunit;

namespace Synfin.Cli.Tests.Http;

/// <summary><c>synfin demo http --fault</c>: what HttpClient makes of a stream that is cut.</summary>
[Collection(HttpWorlds.Name)]
public sealed class HttpFaultTests
{
    private const string ResetInside = "IOException, SocketException (ConnectionReset)";
    private const string AbortedInside = "IOException, SocketException (OperationAborted)";

    /// <summary>Fault, connections, octets of the body with and without Content-Length, milliseconds, errors with and without it.</summary>
    public static TheoryData<string, int, int, int, int, string, string> Faults => new()
    {
        { "full", 1, 1000, 1000, 40, "", "" },
        { "partial-hang", 1, 486, 508, 100_000, $"TaskCanceledException, {AbortedInside}", $"TaskCanceledException, {AbortedInside}" },
        { "partial-fin", 1, 486, 508, 40, "HttpIOException (ResponseEnded)", "" },
        { "partial-rst", 1, 486, 508, 100, ResetInside, ResetInside },
        {
            "nothing-hang", 1, 0, 0, 100_000,
            $"TaskCanceledException, TaskCanceledException, {AbortedInside}",
            $"TaskCanceledException, TaskCanceledException, {AbortedInside}"
        },
        {
            "nothing-fin", 4, 0, 0, 160,
            "HttpRequestException (ResponseEnded), HttpIOException (ResponseEnded)",
            "HttpRequestException (ResponseEnded), HttpIOException (ResponseEnded)"
        },
        { "nothing-rst", 1, 0, 0, 40, $"HttpRequestException (Unknown), {ResetInside}", $"HttpRequestException (Unknown), {ResetInside}" },
        { "truncate", 1, 443, 454, 40, "HttpIOException (ResponseEnded)", "" },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task What_the_application_saw(
        string fault, int connections, int announced, int closing, int milliseconds, string announcedErrors, string closingErrors)
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "http", "--fault", fault, "--format", "json");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonElement[] lines = [.. run.OutputLines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal("synfin-ladder/1", lines[0].GetProperty("format").GetString());
        Assert.Equal(connections, lines[0].GetProperty("connections").GetArrayLength());
        Assert.Equal((true, announced, announcedErrors), Seen(lines[1]));
        Assert.Equal((false, closing, closingErrors), Seen(lines[2]));
        Assert.All(lines[1..], line => Assert.Equal(connections, line.GetProperty("connections").GetInt32()));
        Assert.All(lines[1..], line => Assert.Equal(milliseconds * 1_000_000L, line.GetProperty("time").GetInt64()));
    }

    [Fact]
    public async Task Without_a_name_each_has_its_row_in_both_tables()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "http", "--fault");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.All(run.OutputLines, line => Assert.True(line.Length <= 80, line));
        Assert.Equal(8, StreamFaultGrammar.Names.Count);
        Assert.Equal(Faults.Select(row => row.Data.Item1), StreamFaultGrammar.Names);
        Assert.All(
            StreamFaultGrammar.Names,
            name => Assert.Equal(2, run.OutputLines.Count(line => line.Split(' ')[0] == name)));
        Assert.Contains("full                        1  1000   40 ms  everything", run.OutputLines);
        Assert.Contains("partial-fin 600             1   508   40 ms  no error, though 492 octets are", run.OutputLines);
    }

    [Fact]
    public async Task One_alone_has_its_ladder_and_its_place_in_it()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "http", "--fault", "partial-fin 300");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(run.OutputLines, line => line.EndsWith("fault: partial-fin 300", StringComparison.Ordinal));
        Assert.Contains(run.OutputLines, line => line.EndsWith("SEND 300: HTTP/1.1 200 OK", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "partial-rts", "--fault: cannot read the rule 'partial-rts 600', column 1: 'partial-rts' is no stream fault; did you mean ")]
    [InlineData("nope", "--fault: cannot read the rule 'nope', column 1: 'nope' is no stream fault; write one of full, partial-hang")]
    [InlineData("partial-rst x", "--fault: cannot read the rule 'partial-rst x', column 13: ")]
    public async Task A_fault_that_is_none_is_explained_in_one_line(string fault, string start)
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "http", "--fault", fault);
        Assert.StartsWith("synfin: " + start, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task Packets_are_written_of_one_fault_not_of_all()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "http", "--fault", "--pcap", "x");
        Assert.Equal(["synfin: --pcap takes one fault, not all: name it, as in --fault partial-rst"], run.ErrorLines);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }

    private static (bool ContentLength, int Octets, string Errors) Seen(JsonElement line) => (
        line.GetProperty("contentLength").GetBoolean(),
        line.GetProperty("bodyOctets").GetInt32(),
        string.Join(", ", line.GetProperty("errors").EnumerateArray().Select(e => e.GetString())));
}
