using System;

namespace Synfin.Drill.Reporting;

/// <summary>What was asked for cannot be begun: a path that is not there, a file of waivers that cannot be read.</summary>
internal sealed class DrillUsageException(string problem) : Exception(problem);
