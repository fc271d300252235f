using Synfin.Wire;

namespace Synfin.Udp;

/// <summary>What is known of a datagram that was received.</summary>
/// <param name="Count">The octets that were handed over.</param>
/// <param name="Truncated">Whether there were more than fitted; the rest is gone.</param>
/// <param name="RemoteAddress">Who sent it.</param>
/// <param name="RemotePort">From which port; 0 if the sender wants no answer (RFC 768).</param>
/// <param name="LocalAddress">Which of our addresses it came to (RFC 1122 4.1.3.5).</param>
public readonly record struct ReceivedDatagram(
    int Count, bool Truncated, InternetAddress RemoteAddress, ushort RemotePort, InternetAddress LocalAddress);
