using Synfin.Drill.Language;
using Synfin.Drill.Reporting;
using Synfin.Drill.Running;

namespace Synfin.Drill.Tests.Reporting;

/// <summary>Scripts end here as a test says.</summary>
internal sealed class FakeStage(Func<Script, ScriptOutcome> outcome) : IScriptStage
{
    public ScriptRun Run(Script script, IpVersion version) => new(version, DrillProfile.Linux, outcome(script));
}
