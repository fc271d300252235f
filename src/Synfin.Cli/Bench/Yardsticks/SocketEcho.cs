using System.Net.Sockets;

namespace Synfin.Cli.Bench.Yardsticks;

/// <summary>An echo over one kernel socket, as .NET's asynchronous calls make it.</summary>
internal static class SocketEcho
{
    private const int BufferSize = 4_096;

    /// <summary>Sends back what comes, until the peer has closed.</summary>
    public static async Task Serve(Socket socket)
    {
        byte[] buffer = new byte[BufferSize];
        int received;
        while ((received = await socket.ReceiveAsync(buffer).ConfigureAwait(false)) > 0)
            await socket.SendAsync(buffer.AsMemory(0, received)).ConfigureAwait(false);
    }
}
