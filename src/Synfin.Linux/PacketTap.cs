using Synfin.Timers;

namespace Synfin.Linux;

/// <summary>Sees every IP packet that goes by, on the shard's thread.</summary>
/// <param name="time">When.</param>
/// <param name="outbound">Whether this stack sent it.</param>
/// <param name="packet">The packet, borrowed until the call returns.</param>
public delegate void PacketTap(Timestamp time, bool outbound, ReadOnlySpan<byte> packet);
