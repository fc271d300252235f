using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>Which limit a neighbour counts against.</summary>
internal enum NeighborClass : byte
{
    /// <summary>Asked for by us, not known yet.</summary>
    Unresolved,

    /// <summary>It only spoke of itself.</summary>
    Unconfirmed,

    /// <summary>It has answered a question of ours.</summary>
    Confirmed,

    /// <summary>Told by the host's owner.</summary>
    Permanent,
}

/// <summary>An entry of the <see cref="NeighborCache"/>, with its timer and the packets that wait for it.</summary>
internal sealed class Neighbor : TimerNode
{
    public InternetAddress Address;
    public MacAddress Mac;
    public NeighborState State;
    public NeighborClass Class;
    public bool IsRouter;

    /// <summary>Somebody else claimed the address: whether the old place still holds is asked before the usual delay.</summary>
    public bool IsDoubted;

    public Timestamp ReachableUntil;
    public int Solicitations;

    /// <summary>The local address that the packets which made us ask come from.</summary>
    public InternetAddress Source;

    public WaitingPacket? FirstWaiting;
    public WaitingPacket? LastWaiting;
    public int WaitingCount;

    public Neighbor? NextInBucket;
    public Neighbor? Older;
    public Neighbor? Newer;

    /// <summary>Whether its Ethernet address is known.</summary>
    public bool IsResolved => State is not NeighborState.Incomplete;

    public void Clear()
    {
        Debug.Assert(!IsScheduled && FirstWaiting is null, "nothing is lost with it");
        Address = default;
        Mac = default;
        State = NeighborState.Incomplete;
        Class = NeighborClass.Unresolved;
        IsRouter = IsDoubted = false;
        ReachableUntil = default;
        Solicitations = WaitingCount = 0;
        Source = default;
        NextInBucket = Older = Newer = null;
    }
}
