using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>A packet that the stack under test sent.</summary>
/// <param name="Octets">The packet, from its IP header.</param>
/// <param name="Time">When it was sent.</param>
internal readonly record struct CapturedPacket(byte[] Octets, Timestamp Time);
