using System.Text;
using System.Text.RegularExpressions;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>docs/dotnet.md, whose tables are what the rows show. Its generated parts are between marks, as in docs/map.md.</summary>
internal static partial class SemanticsDocument
{
    public const string Name = "docs/dotnet.md";

    public static string Path => System.IO.Path.Combine(Root(), Name);

    /// <summary>The document with its tables written anew.</summary>
    public static async Task<string> Update(string document)
    {
        string rows = await Rows();
        return Part().Replace(document, m => $"{m.Groups[1].Value}\n{Text(m.Groups[2].Value)}\n{m.Groups[3].Value}");

        string Text(string part) => part switch
        {
            "semantics" => rows,
            "differences" => Differences(),
            _ => throw new InvalidDataException($"{Name} has a generated part '{part}' that nobody writes"),
        };
    }

    private static async Task<string> Rows()
    {
        StringBuilder text = new();
        foreach ((string heading, IReadOnlyList<Row> rows) in Semantics.Tables)
        {
            text.Append($"\n### {heading}\n\n| event | what the application sees |\n|---|---|\n");
            foreach (Row row in rows)
            {
                (_, IReadOnlyList<Seen> seen) = await Semantics.Outcome($"{heading}: {row.Event}");
                string mark = row.KernelWould is null ? "" : $"<br>*not asked of the kernel: {row.WhyNotAsked}*";
                text.Append($"| {row.Event}{mark} | {string.Join("<br>", seen.Select(s => $"{s.Step}: `{s.What}`"))} |\n");
            }
        }
        return text.ToString();
    }

    private static string Differences()
    {
        StringBuilder text = new("\n| event | step | kernel | Synfin | why |\n|---|---|---|---|---|\n");
        foreach (Difference d in DeliberateDifferences.All)
            text.Append($"| {d.Event} | {d.Step} | `{d.Kernel}` | `{d.Synfin}` | {d.Reason} |\n");
        return text.ToString();
    }

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Synfin.slnx"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Synfin.slnx.");
    }

    [GeneratedRegex(@"^(<!-- generated: ([\w-]+) -->)\n.*?^(<!-- end -->)$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Part();
}
