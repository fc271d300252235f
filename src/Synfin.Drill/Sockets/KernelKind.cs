namespace Synfin.Drill.Sockets;

/// <summary>Whose socket calls: the same call in the same state returns another errno elsewhere.</summary>
internal enum KernelKind
{
    /// <summary>net/ipv4/tcp.c and af_inet.c.</summary>
    Linux,

    /// <summary>kern/uipc_socket.c and netinet/tcp_usrreq.c.</summary>
    FreeBsd,
}
