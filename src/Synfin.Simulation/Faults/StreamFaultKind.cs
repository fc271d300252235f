namespace Synfin.Simulation.Faults;

/// <summary>How a <see cref="StreamFault"/> ends a stream.</summary>
public enum StreamFaultKind : byte
{
    /// <summary>Not at all: everything arrives. The case to compare with.</summary>
    Full,

    /// <summary>Nothing more is sent, and the connection stays.</summary>
    Hang,

    /// <summary>FIN: an orderly end, too early.</summary>
    Fin,

    /// <summary>RST, when all before it was acknowledged.</summary>
    Reset,

    /// <summary>The application's whole output is cut to a fraction, with an orderly end.</summary>
    Truncate,
}
