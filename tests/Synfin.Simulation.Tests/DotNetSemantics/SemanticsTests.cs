namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>Each row of the tables of docs/dotnet.md, over the kernel's loopback and over Synfin.</summary>
[Collection(nameof(SemanticsTests))]
[CollectionDefinition(nameof(SemanticsTests), DisableParallelization = true)]
public sealed class SemanticsTests
{
    public static TheoryData<string> Names => [.. Semantics.Rows.Keys];

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Names))]
    public async Task Applications_see_what_they_see_of_the_kernel_but_for_what_is_declared(string name)
    {
        (IReadOnlyList<Seen> kernel, IReadOnlyList<Seen> synfin) = await Semantics.Outcome(name);
        bool isAsked = Semantics.Rows[name].KernelWould is null;
        List<string> wrong = [];
        foreach ((Seen theirs, Seen ours) in kernel.Zip(synfin))
        {
            bool isSame = theirs.What == ours.What && (!isAsked || theirs.Message == ours.Message);
            Difference? declared = DeliberateDifferences.All.SingleOrDefault(d => d.Event == name && d.Step == theirs.Step);
            string both = $"{theirs.Step}\n  kernel: {theirs.Against(ours)}\n  Synfin: {ours.Against(theirs)}";
            if (declared is null && !isSame) wrong.Add(both);
            if (declared is null) continue;
            if (isSame) wrong.Add($"{both}\n  is declared as a difference, and is none");
            else if (declared.Kernel != theirs.Against(ours) || declared.Synfin != ours.Against(theirs))
                wrong.Add($"{both}\n  is not the declared difference");
        }
        Assert.Equal(kernel.Select(s => s.Step), synfin.Select(s => s.Step));
        Assert.True(wrong.Count == 0, $"{name}\n{string.Join('\n', wrong)}");
    }

    /// <summary>The tables that users read are what the rows show.</summary>
    [Fact(Timeout = 180_000)]
    public async Task The_document_is_current()
    {
        const string Switch = "SYNFIN_UPDATE_DOCS";
        string present = await File.ReadAllTextAsync(SemanticsDocument.Path, TestContext.Current.CancellationToken);
        string right = await SemanticsDocument.Update(present);
        if (present == right) return;
        if (Environment.GetEnvironmentVariable(Switch) != "1")
            Assert.Fail($"{SemanticsDocument.Name} is not current: {Switch}=1 dotnet test tests/Synfin.Simulation.Tests");
        await File.WriteAllTextAsync(SemanticsDocument.Path, right, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Declared_differences_name_rows_that_are_there()
    {
        Assert.All(DeliberateDifferences.All, d => Assert.Contains(d.Event, Semantics.Rows.Keys));
        Assert.All(DeliberateDifferences.All, d => Assert.NotEmpty(d.Reason));
    }
}
