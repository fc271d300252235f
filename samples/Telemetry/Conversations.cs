using System.Net.Sockets;
using Synfin.Simulation;
using Synfin.Sockets;
using Synfin.Wire;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Samples.Telemetry;

/// <summary>Three connections: one that ends well, one that is reset, one that is refused.</summary>
internal static class Conversations
{
    private const ushort EchoPort = 7;
    private const ushort ClosedPort = 9;

    /// <summary>Echoes what two connections say.</summary>
    public static async Task ServeAsync(SimulatedHost host)
    {
        TcpListener listener = host.Tcp.Listen(null, EchoPort);
        for (int i = 0; i < 2; i++)
        {
            await using TcpConnection connection = await listener.AcceptAsync().ConfigureAwait(true);
            byte[] buffer = new byte[1_024];
            try
            {
                for (int read; (read = await connection.ReadAsync(buffer).ConfigureAwait(true)) > 0;)
                    await connection.WriteAsync(buffer.AsMemory(0, read)).ConfigureAwait(true);
            }
            catch (IOException e)
            {
                Console.WriteLine($"b: {e.Message}");
            }
        }
    }

    /// <summary>Says 1,000 octets, hears them, and closes.</summary>
    public static async Task GoodAsync(SimulatedHost host, InternetAddress server)
    {
        TcpConnection connection = await host.Tcp.ConnectAsync(server, EchoPort).ConfigureAwait(true);
        await connection.WriteAsync(new byte[1_000]).ConfigureAwait(true);
        byte[] echo = new byte[1_000];
        for (int at = 0; at < echo.Length;) at += await connection.ReadAsync(echo.AsMemory(at)).ConfigureAwait(true);
        await connection.CloseAsync().ConfigureAwait(true);
    }

    /// <summary>Connects, thinks for a second, and resets.</summary>
    public static async Task ResetAsync(SimulatedHost host, InternetAddress server)
    {
        TcpConnection connection = await host.Tcp.ConnectAsync(server, EchoPort).ConfigureAwait(true);
        await Task.Delay(TimeSpan.FromSeconds(1), host.Network.TimeProvider).ConfigureAwait(true);
        connection.Abort();
    }

    /// <summary>Knocks where nobody listens.</summary>
    public static async Task RefusedAsync(SimulatedHost host, InternetAddress server)
    {
        try
        {
            await host.Tcp.ConnectAsync(server, ClosedPort).ConfigureAwait(true);
        }
        catch (SocketException e)
        {
            Console.WriteLine($"a: {e.SocketErrorCode}");
        }
    }
}
