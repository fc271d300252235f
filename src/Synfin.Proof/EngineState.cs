using System.Runtime.CompilerServices;
using Synfin.Stack;
using Synfin.Tcp;

namespace Synfin.Proof;

/// <summary>The parts of a stack that are its state and that it shows to nobody.</summary>
internal static class EngineState
{
    /// <summary>The half-open connections.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_halfOpen")]
    public static extern ref readonly SynQueue HalfOpen(NetworkStack stack);

    /// <summary>The connections in TIME-WAIT.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_timeWait")]
    public static extern ref readonly TimeWaitTable TimeWait(NetworkStack stack);

    /// <summary>The full connections.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_connections")]
    public static extern ref readonly ConnectionTable Connections(NetworkStack stack);

    /// <summary>A connection's deadlines.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_deadlines")]
    public static extern ref Deadlines Deadlines(TcpConnection connection);

    /// <summary>The full connection of an end, whether its application knows it or not; null if there is none.</summary>
    public static TcpConnection? ConnectionOf(End end) => Connections(end.Stack).Find(end.Tuple) as TcpConnection;
}
