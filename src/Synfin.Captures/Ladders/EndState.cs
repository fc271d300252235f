using Synfin.Tcp;

namespace Synfin.Captures.Ladders;

/// <summary>The state of one end of a connection.</summary>
/// <param name="State">The state; null while nothing is known of it.</param>
/// <param name="Inferred">Whether it is concluded from segments (<see cref="FarEndInference"/>) and not told by the end itself.</param>
public readonly record struct EndState(TcpState? State, bool Inferred)
{
    /// <summary>As a ladder prints it: <c>ESTABLISHED</c>, <c>(ESTABLISHED)</c> if inferred, <c>?</c> if unknown.</summary>
    public override string ToString() => (State, Inferred) switch
    {
        (null, _) => "?",
        ({ } state, false) => state.ToRfcName(),
        ({ } state, true) => $"({state.ToRfcName()})",
    };
}
