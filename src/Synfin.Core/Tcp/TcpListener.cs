using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>A passive OPEN: LISTEN, its half-open entries and its accept queue.</summary>
public sealed partial class TcpListener
{
    /// <summary>The address listened on; unspecified means all.</summary>
    public InternetAddress LocalAddress => throw new UnreachableException();

    /// <summary>The port listened on.</summary>
    public ushort LocalPort => throw new UnreachableException();

    /// <summary>For the runtime: its own handle.</summary>
    public object? Owner { get; set; }

    /// <summary>Connections that wait to be accepted.</summary>
    public int AcceptQueueCount => throw new UnreachableException();

    /// <summary>Half-open entries.</summary>
    public int SynQueueCount => throw new UnreachableException();

    /// <summary>Takes the connection that waited longest; <see cref="TcpError.WouldBlock"/> if there is none.</summary>
    public TcpError Accept(Timestamp now, out TcpConnection? connection) => throw new UnreachableException();

    /// <summary>Stops listening: half-open entries are forgotten, connections that nobody accepted are reset.</summary>
    public void Close(Timestamp now) => throw new UnreachableException();
}
