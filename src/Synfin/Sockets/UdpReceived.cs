using System.Net;

namespace Synfin.Sockets;

/// <summary>What <see cref="UdpSocket.ReceiveFromAsync"/> gives.</summary>
/// <param name="Count">The octets of the datagram that are in the caller's memory; 0 is an empty datagram.</param>
/// <param name="RemoteEndPoint">Who sent it.</param>
/// <param name="Truncated">Whether there were more than fitted; the rest is lost.</param>
public readonly record struct UdpReceived(int Count, IPEndPoint RemoteEndPoint, bool Truncated);
