namespace Synfin.Proof;

/// <summary>What can happen in a state.</summary>
/// <param name="State">The state.</param>
/// <param name="Edges">Where each move leads, the fair one first; none in a final state.</param>
/// <param name="Breach">A property that then does not hold.</param>
/// <param name="BreachMove">The move after which it does not; null if it is in the state itself.</param>
/// <param name="Audited">How many runs were compared.</param>
internal readonly record struct Expansion(int State, (UInt128 Print, Move Move)[] Edges, Breach? Breach, Move? BreachMove, int Audited);
