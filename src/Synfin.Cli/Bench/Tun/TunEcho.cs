using System.Net.Sockets;
using Synfin.Sockets;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Cli.Bench.Tun;

/// <summary>An echo service on a Synfin host.</summary>
internal static class TunEcho
{
    private const int BufferSize = 4_096;

    /// <summary>Serves until the listener is closed.</summary>
    public static async Task Serve(TcpListenerGroup listener)
    {
        try
        {
            while (true) _ = Converse(await listener.AcceptAsync().ConfigureAwait(false));
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The end of the measurement.
        }
    }

    private static async Task Converse(TcpConnection connection)
    {
        try
        {
            await using TcpStream stream = new(connection);
            byte[] buffer = new byte[BufferSize];
            int received;
            while ((received = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
                await stream.WriteAsync(buffer.AsMemory(0, received)).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The client went away when its time was up.
        }
    }
}
