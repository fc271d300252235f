namespace Synfin.Cli.Bench;

/// <summary>One figure that <c>synfin bench</c> measures.</summary>
internal interface IBenchmark
{
    /// <summary>What the user types: a group and a figure, such as "yardstick.copy64k".</summary>
    string Name { get; }

    /// <summary>The unit of the value, such as "GB/s" (10^9 bytes a second).</summary>
    string Unit { get; }

    /// <summary>What is measured, as one line.</summary>
    string What { get; }

    /// <summary>The yardsticks that it is read against: they run with it, turn and turn about.</summary>
    IReadOnlyList<string> ComparedTo => [];

    /// <summary>Why it cannot be measured on this machine, such as "needs root"; null if it can.</summary>
    string? Unavailable => null;

    /// <summary>One run, preparation apart.</summary>
    /// <param name="budget">About how long to measure; what counts instead of timing may ignore it, but takes a second at most.</param>
    /// <returns>The value in <see cref="Unit"/>.</returns>
    double Run(TimeSpan budget);
}
