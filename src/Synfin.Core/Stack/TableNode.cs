using System.Runtime.CompilerServices;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>What can stand in the table of connections: the links are in the entry itself.</summary>
public abstract class TableNode : TimerNode
{
    /// <summary>The connection's name; does not change while it stands in the table.</summary>
    internal FourTuple Key;

    /// <summary>The keyed hash of <see cref="Key"/>; the table sets it.</summary>
    internal uint KeyHash;

    /// <summary>The next one in the same bucket.</summary>
    internal TableNode? NextInBucket;

    private protected TableNode()
    {
    }

    /// <summary>Whether <paramref name="tuple"/> is this entry's name. What differs most often is compared first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Is(in FourTuple tuple) =>
        Key.RemoteAddress.Low == tuple.RemoteAddress.Low
        && Key.RemotePort == tuple.RemotePort
        && Key.LocalPort == tuple.LocalPort
        && Key.LocalAddress.Low == tuple.LocalAddress.Low
        && Key.RemoteAddress.High == tuple.RemoteAddress.High
        && Key.LocalAddress.High == tuple.LocalAddress.High;
}
