using System.Net;

namespace Synfin.Sockets;

/// <summary>A listener's numbers of one moment.</summary>
/// <param name="LocalEndPoint">Where it listens.</param>
/// <param name="AcceptQueue">Connections that wait to be accepted.</param>
/// <param name="HalfOpen">Connections whose opening is under way.</param>
/// <param name="Backlog">How many may be half-open; the accept queue takes one more.</param>
public readonly record struct TcpListenerStatus(IPEndPoint LocalEndPoint, int AcceptQueue, int HalfOpen, int Backlog);
