using System.Collections.Concurrent;
using Synfin.Conformance.Tests.Transcription;
using Synfin.Testing.Traits;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>Every event in every setting: what the engine does is what RFC 9293 3.10 says, but for the declared deviations.</summary>
[Rfc(9293, "3.10")]
public sealed class TheGrid
{
    private const int MostShown = 12;

    /// <summary>Each profile is run once; the tests look at what was found.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<GridOfProfile>> _grids = [];

    public static TheoryData<string> Profiles => [.. GridOfProfile.Names];

    internal static GridOfProfile Of(string profile) =>
        _grids.GetOrAdd(profile, static name => new Lazy<GridOfProfile>(() => GridOfProfile.Run(name))).Value;

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Shows_no_difference_that_is_not_declared(string profile)
    {
        IReadOnlyList<WrongCell> wrong = Of(profile).Wrong;
        IEnumerable<string> shown =
            wrong.GroupBy(w => w.Shape).Take(MostShown).Select(alike => $"{alike.Count()} cells as {alike.First()}");
        Assert.True(
            wrong.Count == 0,
            $"{wrong.Count} cells differ from RFC 9293 3.10, and no deviation says so:\n{string.Join("\n", shown)}");
    }

    [Fact]
    public void Uses_every_deviation_in_each_profile_that_it_is_in()
    {
        foreach (string profile in GridOfProfile.Names)
        {
            GridOfProfile grid = Of(profile);
            IEnumerable<string> unused = Deviations.All.Where(d => d.IsIn(profile) && grid.Used(d.Id) == 0).Select(d => d.Id);
            Assert.True(!unused.Any(), $"unused deviation, in the profile {profile}: {string.Join(", ", unused)}: take it off the list");
        }
    }

    /// <summary>The page that tells of the deviations is made of them.</summary>
    [Fact]
    public void The_page_is_current()
    {
        const string Switch = "SYNFIN_UPDATE_DOCS";
        string right = GridDocument.Text(Of);
        if (File.Exists(GridDocument.Path) && File.ReadAllText(GridDocument.Path) == right) return;
        if (Environment.GetEnvironmentVariable(Switch) != "1")
            Assert.Fail($"{GridDocument.Name} is not current: {Switch}=1 dotnet test tests/Synfin.Conformance.Tests");
        File.WriteAllText(GridDocument.Path, right);
    }

    [Fact]
    public void Has_each_deviation_once() =>
        Assert.Equal(Deviations.All.Count, Deviations.All.Select(d => d.Id).Distinct().Count());

    [Fact]
    public void Has_all_eleven_states_and_all_sets_of_flags_in_each()
    {
        Assert.Equal(11, Settings.All.Select(s => s.State).Distinct().Count());
        Assert.Equal(Settings.All.Count, Settings.All.Select(s => s.Name).Distinct().Count());
        foreach (Setting setting in Settings.All)
        {
            ControlBlock before = Runner.ReachRfc("Rfc", setting, []);
            Assert.Equal(64, Classes.Segments(setting, before).Select(s => s.Bits).Distinct().Count());
        }
        Assert.InRange(Of("Rfc").Cells, 500_000, 2_000_000);
    }
}
