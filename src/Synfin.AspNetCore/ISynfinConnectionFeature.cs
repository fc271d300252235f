using Synfin.Sockets;

namespace Synfin.AspNetCore;

/// <summary>The connection beneath: state, status, close reason. Its reads and writes belong to the transport.</summary>
public interface ISynfinConnectionFeature
{
    /// <summary>The connection.</summary>
    TcpConnection Connection { get; }
}
