using System.Text.Json;
using Synfin.Cli.Scenarios;
using Synfin.Cli.Scenarios.Http;
using Xunit;

namespace Synfin.Cli.Tests.Scenarios;

/// <summary>What holds for every scenario of hosts a and b in strict mode, whatever the user adds to it.</summary>
public sealed class EveryScenarioTests
{
    private static readonly string[] _faults =
    [
        "", "SYN", "SYN-ACK", "handshake ACK", "FIN from a", "FIN from b", "ACK of FIN", "first data from a", "first data from b",
        "every ACK from b", "every FIN from a", "every segment from b", "every SYN from a", "every SYN", "corrupt first data",
        "duplicate SYN 2 times by 5ms", "delay FIN from a by 3s", "RST",
    ];

    public static TheoryData<string, string> ScenariosAndFaults =>
        [.. ScenarioCatalog.All.Where(s => s is not (HttpRequest or HttpConnections)).SelectMany(s => _faults.Select(f => (s.Name, f)))];

    public static TheoryData<string> Stories => [.. ScenarioCatalog.All.OfType<Scenario>().Select(s => s.Name)];

    [Theory, MemberData(nameof(ScenariosAndFaults))]
    public void It_survives_what_the_user_takes_from_it_and_tells_the_same_again(string name, string fault)
    {
        string[] lose = fault.Length > 0 ? [fault] : [];
        string narrow = Run(new DemoOptions { Scenario = name, Lose = lose, Width = 80 });
        Assert.Equal(narrow, Run(new DemoOptions { Scenario = name, Lose = lose, Width = 80 }));
        Assert.All(narrow.Split('\n'), line => Assert.True(line.Length <= 80, line));
        string wide = Run(new DemoOptions { Scenario = name, Lose = lose, Width = 200, Seed = 7 });
        Assert.All(wide.Split('\n'), line => Assert.True(line.Length <= 200, line));
    }

    [Theory, MemberData(nameof(Stories))]
    public void As_JSON_every_line_is_an_object(string name)
    {
        string json = Run(new DemoOptions { Scenario = name, Format = DemoFormat.Json });
        Assert.Equal(json, Run(new DemoOptions { Scenario = name, Format = DemoFormat.Json }));
        Assert.All(
            json.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
    }

    [Theory, MemberData(nameof(Stories))]
    public void Its_question_is_one_and_the_ladder_is_a_page_or_so(string name)
    {
        string[] lines = Run(new DemoOptions { Scenario = name, Width = 80 }).Split('\n');
        Assert.StartsWith(name + ": ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("?", lines[0], StringComparison.Ordinal);
        Assert.InRange(lines.Length, 10, 52);
    }

    private static string Run(DemoOptions options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = DemoCommand.Run(options, output, error);
        Assert.Equal((0, ""), (exitCode, error.ToString()));
        return output.ToString();
    }
}
