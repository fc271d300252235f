namespace Synfin.Simulation.Faults;

/// <summary>Something placed to happen, of which a test wants to know that it did.</summary>
internal interface IFault
{
    /// <summary>How often it happened.</summary>
    long Applied { get; }

    /// <summary>Whether a test may succeed without it.</summary>
    bool Optional { get; }

    /// <summary>What it is and where, for messages.</summary>
    string Title { get; }

    /// <summary>How often it happened and what came near, for messages.</summary>
    string Tally { get; }

    /// <summary>If it never happened: what it waited for, and what to do.</summary>
    string ExplainAbsence();
}
