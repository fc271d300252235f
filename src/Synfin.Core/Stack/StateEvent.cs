using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>A change of state.</summary>
/// <param name="Time">When.</param>
/// <param name="Tuple">The connection, from this stack's end; the remote part of a listener's is unspecified.</param>
/// <param name="From">The state left.</param>
/// <param name="To">The state entered.</param>
/// <param name="Reason">Who ended it and how, when <paramref name="To"/> is CLOSED.</param>
public readonly record struct StateEvent(Timestamp Time, FourTuple Tuple, TcpState From, TcpState To, CloseReason Reason);
