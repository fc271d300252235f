using Synfin.Testing.Traits;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>Every event in every setting: what the engine does is what RFC 9293 3.10 says, but for the declared deviations.</summary>
[Rfc(9293, "3.10.7")]
public sealed class TheGrid
{
    [Fact]
    public void Explore()
    {
        foreach (string profile in (Environment.GetEnvironmentVariable("P") ?? "Rfc").Split(','))
        {
            foreach (Setting setting in Settings.All)
            {
                var watch = System.Diagnostics.Stopwatch.StartNew();
                Verdict verdict;
                try { verdict = Runner.Segments(profile, setting); }
                catch (InvalidOperationException e) { Console.WriteLine(e.Message); continue; }
                Console.WriteLine($"## {profile} {setting}: {verdict.Cells} cells, {verdict.Wrong.Count} wrong, {watch.ElapsedMilliseconds} ms");
                foreach (var g in verdict.Wrong.GroupBy(w => System.Text.RegularExpressions.Regex.Replace(w.Split('\n')[1], "[0-9]+", "#")).OrderByDescending(g => g.Count()).Take(14)) Console.WriteLine($"  {g.Count()} x " + g.First());
            }
        }
    }
}
