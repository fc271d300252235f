using System.Net.Sockets;
using Synfin.Sockets;
using Synfin.Wire;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Proxy;

/// <summary>
/// Passes connections on, in both directions, with their ends: a FIN as a FIN, each direction for itself, and a reset as a reset.
/// </summary>
internal static class TcpProxy
{
    /// <summary>Accepts connections until the listener is closed.</summary>
    public static async Task Run(TcpListener listener, TcpStack stack, InternetAddress server, ushort port)
    {
        while (true)
        {
            TcpConnection client = await listener.AcceptAsync();
            _ = Relay(client, stack, server, port);
        }
    }

    private static async Task Relay(TcpConnection client, TcpStack stack, InternetAddress server, ushort port)
    {
        try
        {
            TcpConnection upstream = await stack.ConnectAsync(server, port);
            await Task.WhenAll(Copy(client, upstream), Copy(upstream, client));
            upstream.Close();
            client.Close();
        }
        catch (SocketException)
        {
            client.Abort(); // the server cannot be reached
        }
    }

    private static async Task Copy(TcpConnection from, TcpConnection to)
    {
        byte[] buffer = new byte[65_536];
        try
        {
            int count;
            while ((count = await from.ReadAsync(buffer)) > 0) await to.WriteAsync(buffer.AsMemory(0, count));

            // Only this direction is over. A proxy that closes the connection here cuts the answer off.
            await to.CompleteWritesAsync();
        }
        catch (IOException)
        {
            // One side was reset or is lost, and so is the other side to be: an orderly end would have it take half of a message for all of
            // it. For the side that is lost already, Abort does nothing.
            from.Abort();
            to.Abort();
        }
    }
}
