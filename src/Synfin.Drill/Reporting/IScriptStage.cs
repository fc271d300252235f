using Synfin.Drill.Language;

namespace Synfin.Drill.Reporting;

/// <summary>Where a script is run: against the engine, or a kernel. Many may run at a time.</summary>
internal interface IScriptStage
{
    /// <summary>Runs a script in one family.</summary>
    ScriptRun Run(Script script, IpVersion version);
}
