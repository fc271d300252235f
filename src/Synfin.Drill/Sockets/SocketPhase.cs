namespace Synfin.Drill.Sockets;

/// <summary>Linux's <c>sock->state</c> (SS_*), which is what connect(2) goes by, not the state of the connection.</summary>
internal enum SocketPhase
{
    Unconnected,
    Connecting,
    Connected,
    Disconnecting,
}
