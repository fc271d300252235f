using Synfin.Testing.Traits;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>Every event in every setting: what the engine does is what RFC 9293 3.10 says, but for the declared deviations.</summary>
[Rfc(9293, "3.10.7")]
public sealed class TheGrid
{
    [Fact]
    public void Explore()
    {
        foreach (string profile in new[] { "Rfc", "Default", "Linux" })
        {
            foreach (Setting setting in Settings.All)
            {
                var watch = System.Diagnostics.Stopwatch.StartNew();
                Verdict verdict;
                try { verdict = Runner.Segments(profile, setting); }
                catch (InvalidOperationException e) { Console.WriteLine(e.Message); continue; }
                Console.WriteLine($"## {profile} {setting}: {verdict.Cells} cells, {verdict.Wrong.Count} wrong, {watch.ElapsedMilliseconds} ms");
                foreach (string w in verdict.Wrong.Where((_, i) => i % Math.Max(1, verdict.Wrong.Count / 6) == 0)) Console.WriteLine("  " + w);
            }
        }
    }
}
