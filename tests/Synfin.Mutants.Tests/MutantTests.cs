using System.Text.Json;
using Xunit;

namespace Synfin.Mutants.Tests;

/// <summary>
/// Who would notice? Each fault is put into the engine's source, compiled, and shown to the judges: one of them must fail, and say which
/// property does not hold, or which line of a script. So the proofs are known to be able to fail.
/// </summary>
public sealed class MutantTests
{
    /// <summary>The faults by name.</summary>
    public static TheoryData<string> Names => [.. Mutants.All.Select(mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_caught(string name)
    {
        Assert.SkipWhen(Workshop.Compiler is null, "there is no SDK beside this runtime, so nothing can be compiled");
        Mutant mutant = Mutants.All.Single(mutant => mutant.Name == name);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var workshop = new Workshop();
        await workshop.MakeAsync(mutant, cancellation);
        List<string> answers = [];
        foreach (string judge in mutant.Judges)
        {
            (int exitCode, string output) = await workshop.AskAsync(judge, cancellation);
            answers.Add($"{judge}: {exitCode}: {output}");
            if (exitCode != 1) continue;
            string verdict = VerdictOf(output);
            TestContext.Current.SendDiagnosticMessage($"{name}: {verdict}, by synfin {judge}");
            return;
        }
        Assert.Fail($"nobody notices: {name}\n{string.Join('\n', answers)}");
    }

    [Fact]
    public void Every_text_is_in_the_source_once_and_the_document_names_the_mutant()
    {
        string document = File.ReadAllText(Path.Combine(Workshop.Sources, "..", "..", "docs", "proof.md"));
        foreach (Mutant mutant in Mutants.All)
        {
            Assert.NotEqual("", Workshop.Mutate(mutant));
            Assert.Contains($"| {mutant.Name} | `{Path.GetFileName(mutant.File)}` |", document, StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// The judge's own word for what is wrong, a property or what a script expected: a program that merely failed has not caught anything.
    /// </summary>
    private static string VerdictOf(string output)
    {
        string line = output.Split('\n').First(line => line.StartsWith('{'));
        JsonElement judgment = JsonDocument.Parse(line).RootElement;
        if (judgment.TryGetProperty("property", out JsonElement property)) return property.GetString()!;
        JsonElement run = judgment.GetProperty("runs").EnumerateArray().First(run => run.GetProperty("outcome").GetString() == "failed");
        string expected = run.GetProperty("expected").GetString()!, came = run.GetProperty("came").GetString()!;
        Assert.StartsWith("> ", expected, StringComparison.Ordinal); // a packet, and not that the engine throws nothing
        return $"expected {expected}; came {came}";
    }
}
