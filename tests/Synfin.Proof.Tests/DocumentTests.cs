using Xunit;

namespace Synfin.Proof.Tests;

/// <summary>docs/proof.md tells of what there is.</summary>
public sealed class DocumentTests
{
    [Fact]
    public void The_document_names_every_scope_with_its_programs_and_every_property()
    {
        string text = File.ReadAllText(Find("docs/proof.md"));
        foreach (Scope scope in Scopes.All)
        {
            string program = scope.A.Replace("|", "\\|", StringComparison.Ordinal);
            Assert.Contains($"| {scope.Name} | {scope.About} | `{program}` |", text, StringComparison.Ordinal);
        }
        foreach ((string name, string says) in Properties.All) Assert.Contains($"| {name} | {says} |", text, StringComparison.Ordinal);
    }

    private static string Find(string path)
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Synfin.slnx"))) return Path.Combine(folder, path);
        }
        throw new FileNotFoundException($"{path} is not above {AppContext.BaseDirectory}");
    }
}
