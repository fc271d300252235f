using System.Collections.Generic;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>
/// A link that keeps what it is given. It offers no offloads: the engine cuts its own segments, so their boundaries are seen, and computes
/// its own checksums, so they can be checked.
/// </summary>
/// <param name="mtu">The MTU in octets.</param>
/// <param name="tap">Sees the packets too, or null.</param>
internal sealed class RecordingLink(int mtu, IPacketTap? tap) : ILink
{
    private readonly Queue<CapturedPacket> _packets = new();

    /// <summary>The time of what is transmitted next.</summary>
    public Timestamp Now { get; set; }

    /// <summary>How many packets wait to be taken.</summary>
    public int Count => _packets.Count;

    public int Mtu { get; } = mtu;

    public LinkOffloads Offloads => LinkOffloads.None;

    public int MaxSuperSegment => 0;

    public bool Transmit(in OutboundPacket packet)
    {
        byte[] octets = new byte[packet.Length];
        packet.CopyTo(octets);
        tap?.Sent(octets, Now);
        _packets.Enqueue(new CapturedPacket(octets, Now));
        return true;
    }

    /// <summary>Takes the oldest packet.</summary>
    public bool TryTake(out CapturedPacket packet) => _packets.TryDequeue(out packet);
}
