namespace Synfin.Conformance.Tests.Grid;

/// <summary>What may happen on the way to a state.</summary>
internal enum StepKind
{
    Listens,
    Opens,
    Receives,
    Accepts,
    Writes,
    ShutsDown,
    Closes,
}
