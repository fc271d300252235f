namespace Synfin.Drill.Reporting;

/// <summary>Tells what came of scripts, in their order.</summary>
internal interface IDrillReport
{
    /// <summary>A script has been run.</summary>
    void Write(ScriptReport report);

    /// <summary>All have been.</summary>
    void Finish(DrillCounts counts);
}
