using Synfin.Cli.CommandLine;
using Synfin.Drill.Reporting;

namespace Synfin.Cli.Drill;

/// <summary>Runs packetdrill scripts against the engine, in virtual time.</summary>
internal static class DrillCommand
{
    /// <summary>Runs them.</summary>
    /// <returns>0 if no script failed, 1 if one did, 2 if one could not be read.</returns>
    public static int Run(DrillOptions options, CommandContext context)
    {
        IDrillReport report = options.Json ? new JsonReport(context.Output) : new TextReport(context.Output, options.Width);
        try
        {
            return new DrillRun(options, new EngineStage(options)).Run(
                report, note => context.Error.WriteLine($"{SynfinCommandLine.ProgramName}: {note}"), context.Interrupt);
        }
        catch (DrillUsageException e)
        {
            return SynfinCommandLine.Fail(context.Error, e.Message, ExitCode.Usage);
        }
    }
}
