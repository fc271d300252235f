using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Spectre.Console;

namespace Synfin.Cli.Bench;

/// <summary>Shows results: JSON lines for programs, a table for people.</summary>
internal static class BenchReport
{
    private const int JsonDecimals = 3;

    /// <summary>One object a line: name, value (the median), unit, min, max, runs.</summary>
    public static void WriteJson(IReadOnlyList<BenchResult> results, TextWriter output)
    {
        foreach (BenchResult result in results) output.WriteLine(ToJson(result));
    }

    /// <summary>A table of <paramref name="width"/> columns.</summary>
    public static void WriteTable(IReadOnlyList<BenchResult> results, TextWriter output, int width, bool color)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn("figure").NoWrap());
        table.AddColumn(new TableColumn("median").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("unit").NoWrap());
        table.AddColumn(new TableColumn("min to max").NoWrap());
        foreach (BenchResult result in results)
        {
            table.AddRow(
                new Text(result.Benchmark.Name),
                new Text(Format(result.Median), new Style(Color.Green)),
                new Text(result.Benchmark.Unit),
                new Text($"{Format(result.Min)} to {Format(result.Max)}"));
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = color ? ColorSystemSupport.EightBit : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(table);
    }

    /// <summary>A value for people: at least three digits, whole numbers from 100 on.</summary>
    public static string Format(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("N1", CultureInfo.InvariantCulture),
        _ => value.ToString("N2", CultureInfo.InvariantCulture),
    };

    private static string ToJson(BenchResult result)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("name", result.Benchmark.Name);
            json.WriteNumber("value", Math.Round(result.Median, JsonDecimals));
            json.WriteString("unit", result.Benchmark.Unit);
            json.WriteNumber("min", Math.Round(result.Min, JsonDecimals));
            json.WriteNumber("max", Math.Round(result.Max, JsonDecimals));
            json.WriteNumber("runs", result.Values.Count);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
