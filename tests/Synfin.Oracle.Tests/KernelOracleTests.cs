using System.Globalization;
using Synfin.Oracle.Tests.Comparing;
using Synfin.Oracle.Tests.Ends;
using Synfin.Oracle.Tests.Scripts;
using Xunit;

namespace Synfin.Oracle.Tests;

/// <summary>
/// The same scripts told to a kernel's sockets, through TUN, and to Synfin's Linux profile: every reply, result and state agrees, but for
/// what docs/linux-differences.md lists. <c>SYNFIN_ORACLE_SCRIPTS=n</c> tells n random scripts for each setting, and the whole grid.
/// </summary>
[Trait("Needs", "tun")]
[Collection(Needs.OneKernel)]
public sealed class KernelOracleTests(ITestOutputHelper output)
{
    private const int DefaultScripts = 3_000;
    private const int DefaultStride = 19;
    private const int MostShown = 5;

    private static readonly Settings[] _settings = [new(), new(ChallengeLimit: true), new(ReceiveBuffer: 212_992)];

    [Fact]
    public void The_kernel_and_Synfin_tell_the_same_story()
    {
        Needs.Kernel();
        string? wanted = Environment.GetEnvironmentVariable("SYNFIN_ORACLE_SCRIPTS");
        int count = wanted is null ? DefaultScripts : int.Parse(wanted, CultureInfo.InvariantCulture);
        List<Script> scripts = [.. Witnesses.All, .. Grid.All().Where((_, i) => wanted is not null || i % DefaultStride == 0)];
        scripts.AddRange(Enumerable.Range(1, count).Select(seed => RandomScripts.Of(seed)));

        var oracle = new Comparing.Oracle(LinuxDifferences.All);
        List<Difference> differences = [.. _settings.SelectMany(settings => oracle.Tell(scripts.Where(settings.Suits), settings))];

        output.WriteLine($"{oracle.Scripts} scripts, {oracle.Steps} steps compared, {oracle.Parted} scripts ended at a listed difference");
        foreach (Difference difference in differences.Take(MostShown))
            output.WriteLine(Shrinker.Shrink(difference, LinuxDifferences.All).ToString());
        Assert.Empty(differences.Select(difference => difference.Script.ToString()));
        Assert.Empty(LinuxDifferences.All.Select(rule => rule.Name).Except(oracle.Used)); // a rule that explains nothing is to go
    }

    [Fact]
    public void A_difference_is_found_and_shrunk_to_what_it_takes()
    {
        Needs.Kernel();
        Script script = Script.Parse(
            "by hand", "listen", "> S seq irs+0 mss 1460", "> . seq rcv+0 ack snd+0", "nodelay", "receive 10", "> - seq rcv+100000");
        Difference found = Assert.Single(new Comparing.Oracle([]).Tell([script], _settings[0]));
        Assert.Equal((5, "ESTABLISHED"), (found.Index + 1, found.Before));

        Difference shrunk = Shrinker.Shrink(found, []);

        Assert.Equal(
            ["> S seq irs+0 mss 1460", "> . seq rcv+0 ack snd+0", "> - seq rcv+100000"],
            shrunk.Script.Steps.Select(step => step.ToString()));
        Assert.Equal("Neither ACK, RST nor SYN", LinuxDifferences.All.Explain(shrunk)?.Name);
        Assert.Contains("kernel  nothing ESTABLISHED", shrunk.ToString(), StringComparison.Ordinal);
        Assert.Contains("synfin  . seq 1 ack 1 win 64240 ESTABLISHED", shrunk.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_is_read_as_it_is_written()
    {
        foreach (Script script in Enumerable.Range(1, 200).Select(seed => RandomScripts.Of(seed)))
        {
            foreach (Step step in script.Steps) Assert.Equal(step, StepParser.Parse(step.ToString()));
        }
    }

    [Fact]
    public void Each_difference_is_listed_with_its_reason()
    {
        string[] headings = [.. File.ReadLines(Needs.Document("docs/linux-differences.md"))
            .Where(line => line.StartsWith("### ", StringComparison.Ordinal)).Select(line => line[4..])];
        Assert.Equal(LinuxDifferences.All.Select(rule => rule.Name).Order(), headings.Order());
    }
}
