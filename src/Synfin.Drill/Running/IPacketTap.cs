using System;
using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>Sees the packets of a run, for captures and ladders.</summary>
internal interface IPacketTap
{
    /// <summary>The stack under test sent a packet.</summary>
    void Sent(ReadOnlySpan<byte> ipPacket, Timestamp time);

    /// <summary>A script's packet is about to arrive at the stack under test.</summary>
    void Arriving(ReadOnlySpan<byte> ipPacket, Timestamp time);
}
