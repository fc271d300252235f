using Synfin.Wire;

namespace Synfin.Sockets;

/// <summary>Turns names into addresses.</summary>
public interface INameResolver
{
    /// <summary>The addresses of a name, the preferred one first; at least one.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">HostNotFound: nobody has that name.</exception>
    ValueTask<IReadOnlyList<InternetAddress>> ResolveAsync(string name, CancellationToken ct = default);
}
