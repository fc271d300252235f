using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>A call of the application.</summary>
/// <param name="Time">When.</param>
/// <param name="Tuple">The connection.</param>
/// <param name="Call">Which.</param>
/// <param name="State">The connection's state before it.</param>
/// <param name="Octets">Octets sent or received, where that applies.</param>
/// <param name="Error">Its result.</param>
public readonly record struct UserCallEvent(Timestamp Time, FourTuple Tuple, UserCall Call, TcpState State, int Octets, TcpError Error);
