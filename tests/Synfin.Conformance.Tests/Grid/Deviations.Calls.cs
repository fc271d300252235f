using Synfin.Conformance.Tests.Transcription;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>User calls and timeouts.</summary>
internal static partial class Deviations
{
    private static IEnumerable<Deviation> Calls =>
    [
        new(
            "CLOSE in SYN-RECEIVED",
            "3.10.4: if there is nothing to send, \"form a FIN segment and send it, and enter FIN-WAIT-1 state\".",
            "The FIN is queued until ESTABLISHED.",
            "SYN and FIN are never outstanding together (linux-differences.md, \"CLOSE in SYN-RECEIVED\").")
        {
            Then = (cell, outcome) => cell.Event.Kind is EventKind.Close && cell.Before.State is ConnectionState.SynReceived
                && outcome.Tcb.State is ConnectionState.FinWait1
                ? But(Nothing(cell.Before), o => o.Tcb.CloseQueued = true) : outcome,
        },
    ];
}
