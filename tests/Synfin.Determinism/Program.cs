using System.Globalization;
using Synfin.Determinism;

// Prints the hashes of the worlds FIRST to LAST, one a line: another process must print the same. In hosted mode there are no hashes.
string mode = args.Length > 2 ? args[2] : "strict";
bool isKnown = mode is "strict" or "hosted" or "cut";
if (args.Length < 2 || !ulong.TryParse(args[0], out ulong first) || !ulong.TryParse(args[1], out ulong last) || !isKnown)
{
    Console.Error.WriteLine("usage: Synfin.Determinism FIRST-SEED LAST-SEED [strict | hosted | cut]");
    return 2;
}
bool broken = false;
for (ulong seed = first; seed <= last; seed++)
{
    StormOutcome outcome = mode == "strict" ? AppStorm.PlayStrict(seed) : await AppStorm.PlayHosted(seed, isCut: mode == "cut");
    string hash = mode == "strict" ? outcome.Hash.ToString("x16", CultureInfo.InvariantCulture) : "-";
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seed} {hash}"));
    foreach (string promise in outcome.Broken) Console.Error.WriteLine(promise);
    broken |= outcome.Broken.Count > 0;
}
return broken ? 1 : 0;
