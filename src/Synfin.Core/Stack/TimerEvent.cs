using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>A deadline that passed.</summary>
/// <param name="Time">When.</param>
/// <param name="Tuple">The connection.</param>
/// <param name="Kind">Which deadline.</param>
/// <param name="State">The connection's state.</param>
/// <param name="Count">How often in a row, from 1.</param>
/// <param name="Next">The length of the next wait, where there is one.</param>
public readonly record struct TimerEvent(Timestamp Time, FourTuple Tuple, TcpTimerKind Kind, TcpState State, int Count, Duration Next);
