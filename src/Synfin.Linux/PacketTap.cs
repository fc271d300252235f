using Synfin.Timers;

namespace Synfin.Linux;

/// <summary>Sees every packet that goes by, at the shard's gate: an IP packet on TUN, an Ethernet frame on TAP.</summary>
/// <param name="time">When.</param>
/// <param name="outbound">Whether this stack sent it.</param>
/// <param name="packet">The packet, borrowed until the call returns.</param>
public delegate void PacketTap(Timestamp time, bool outbound, ReadOnlySpan<byte> packet);
