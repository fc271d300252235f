using Synfin.Wire;

namespace Synfin.Dhcp;

/// <summary>How a <see cref="DhcpRunner"/> sends and receives: <see cref="UdpDhcpTransport"/>, or a test's.</summary>
public interface IDhcpTransport : IDisposable
{
    /// <summary>Sends a message from the client's port to the servers'.</summary>
    /// <param name="message">The message; it does not change before the task completes.</param>
    /// <param name="destination">A server, or 255.255.255.255.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="System.Net.Sockets.SocketException">It was not sent; the client will repeat it.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> message, InternetAddress destination, CancellationToken ct);

    /// <summary>Waits for a message at the client's port. A cancelled call takes none.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">Nothing will come any more.</exception>
    ValueTask<(int Count, InternetAddress From)> ReceiveAsync(Memory<byte> destination, CancellationToken ct);
}
